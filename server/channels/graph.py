"""The Graph API as a client: one call for each message, and what is certain about its fate afterwards."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from server.channels import clean, signature
from server.channels.fields import Json, identifier, objects
from server.channels.graph_errors import read_error
from server.domain.failure_codes import NO_CODE, rule_of
from server.domain.failures import Course
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox

_KEEP_ALIVE_SECONDS = 15
# Meta's own code for "too many calls", on every channel.
_THROTTLED = 4


class Accepted(msgspec.Struct, frozen=True):
    """Meta took it, which is not yet delivery. A reaction on Messenger and Instagram gets no id."""

    provider_id: str | None


class Refused(msgspec.Struct, frozen=True):
    """Meta said no: it was surely not sent."""

    failure: Failure
    retry_after: float | None = None


class Unsent(msgspec.Struct, frozen=True):
    """The request was never written: surely not sent."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """It may have been sent."""

    reason: str
    failure: Failure | None = None


Outcome = Accepted | Refused | Unsent | Unknown


class Answer(msgspec.Struct, frozen=True):
    """Of a call that sends nothing. `status` 0: there was none."""

    status: int
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class GraphClient:
    """An async context manager. Tokens travel in the header, never in the address."""

    def __init__(
        self, *, graph_url: str, instagram_graph_url: str, version: str, timeout_seconds: float = 25,
        connect_seconds: float = 10, connections: int = 100,
    ) -> None:  # fmt: skip
        self.timeout_seconds = timeout_seconds
        self._bases = {"facebook": graph_url.rstrip("/"), "instagram": instagram_graph_url.rstrip("/")}
        self._version = version
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=connect_seconds)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_written)
        self._session = aiohttp.ClientSession(
            timeout=self._timeout,
            trace_configs=[trace],
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEEP_ALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, inbox: Inbox, token: str, payload: Json, *, app_secret: str | None = None) -> Outcome:
        """Makes the call once. Raises nothing but cancellation."""
        call = SimpleNamespace(written=False)
        try:
            async with self._opened.post(
                self._address(inbox, f"{inbox.node}/messages"), data=clean.dump(payload),
                params=signature.proof_of(token, app_secret), headers=_headers(token), allow_redirects=False,
                trace_request_ctx=call,
            ) as response:  # fmt: skip
                body = await response.read()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # aiohttp's, the system's, or a token no header can carry.
            # The name only: the text may hold the address or what was sent.
            reason = type(error).__name__
            return Unknown(reason) if call.written else Unsent(reason)
        return read_answer(inbox.channel, response.status, body, response.headers, named="sender_action" not in payload)

    async def act(self, inbox: Inbox, token: str, payload: Json, *, app_secret: str | None = None) -> Answer:
        """A read mark or a typing sign: nothing is lost when it fails. Raises nothing but cancellation."""
        return await self._ask(
            "POST", self._address(inbox, f"{inbox.node}/messages"), token, app_secret, data=clean.dump(payload)
        )

    async def control(
        self, inbox: Inbox, token: str, act: str, payload: Json, *, app_secret: str | None = None
    ) -> Answer:
        """`act`: `take_thread_control` or another of facts §6. Raises nothing but cancellation."""
        return await self._ask(
            "POST", self._address(inbox, f"{inbox.node}/{act}"), token, app_secret, data=clean.dump(payload)
        )

    async def get(
        self, inbox: Inbox, token: str, path: str, parameters: Mapping[str, str], *, app_secret: str | None = None
    ) -> Answer:
        """Reads a node or an edge. Raises nothing but cancellation."""
        return await self._ask("GET", self._address(inbox, path), token, app_secret, params=parameters)

    async def _ask(
        self, method: str, address: str, token: str, app_secret: str | None, *, params: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> Answer:  # fmt: skip
        try:
            async with self._opened.request(
                method, address, params={**(params or {}), **signature.proof_of(token, app_secret)}, data=data,
                headers=_headers(token), allow_redirects=False, trace_request_ctx=SimpleNamespace(written=False),
            ) as response:  # fmt: skip
                return Answer(response.status, await response.read())
        except asyncio.CancelledError:
            raise
        except Exception:
            return Answer(0, b"")

    @property
    def _opened(self) -> aiohttp.ClientSession:
        assert self._session is not None, "use the client as a context manager"  # noqa: S101
        return self._session

    def _address(self, inbox: Inbox, path: str) -> str:
        return f"{self._bases[inbox.api]}/{self._version}/{path}"


def read_answer(channel: Channel, status: int, body: bytes, headers: Any, *, named: bool = True) -> Outcome:
    """What an answer makes certain. A definite no needs Meta's own error; a gateway's word is no word of Meta's.

    `named`: what is sent gets an id.
    """
    if 200 <= status < 300:
        provider_id = _provider_id(body) if named else None
        return Accepted(provider_id) if provider_id or not named else Unknown("no message id in the answer")
    failure = read_error(body)
    if failure is None:
        if status == 429:
            return Refused(Failure(code=_THROTTLED, title="HTTP 429"), _retry_after(headers))
        if 400 <= status < 408:
            return Refused(Failure(code=NO_CODE, title=f"HTTP {status}"))
        return Unknown(f"HTTP {status}")
    if rule_of(channel, failure).course is Course.UNSURE:
        return Unknown(f"HTTP {status}", failure)
    return Refused(failure, _retry_after(headers))


def _provider_id(body: bytes) -> str | None:
    try:
        answer = clean.load(body)
        if not isinstance(answer, dict):
            return None
        messages = objects(answer, "messages")
        return (identifier(messages[0], "id") if messages else identifier(answer, "message_id")) or None
    except Exception:  # An answer nobody foresaw is no proof of anything.
        return None


def _retry_after(headers: Any) -> float | None:
    try:
        return min(max(float(headers.get("Retry-After")), 0.0), 3600.0)
    except (TypeError, ValueError):
        return None


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


async def _note_written(session: Any, context: SimpleNamespace, parameters: Any) -> None:
    context.trace_request_ctx.written = True
