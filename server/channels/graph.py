"""The Graph API as a client: one call for each message, and what is certain about its fate afterwards."""

import asyncio
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
    """Meta took it, which is not yet delivery."""

    provider_id: str


class Refused(msgspec.Struct, frozen=True):
    """Meta said no: it was surely not sent."""

    failure: Failure
    http_status: int
    retry_after: float | None = None


class Unsent(msgspec.Struct, frozen=True):
    """The request was never written: surely not sent."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """It may have been sent."""

    reason: str
    failure: Failure | None = None


Outcome = Accepted | Refused | Unsent | Unknown


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
        assert self._session is not None, "use the client as a context manager"  # noqa: S101
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        proof = {"appsecret_proof": signature.app_proof(token, app_secret)} if app_secret else None
        call = SimpleNamespace(written=False)
        try:
            async with self._session.post(
                self._address(inbox), data=clean.dump(payload), params=proof, headers=headers,
                allow_redirects=False, trace_request_ctx=call,
            ) as response:  # fmt: skip
                return read_answer(inbox.channel, response.status, await response.read(), response.headers)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # aiohttp's, the system's, or a token no header can carry.
            # The name only: the text may hold the address or what was sent.
            reason = type(error).__name__
            return Unknown(reason) if call.written else Unsent(reason)

    def _address(self, inbox: Inbox) -> str:
        return f"{self._bases[inbox.api]}/{self._version}/{inbox.external_id}/messages"


def read_answer(channel: Channel, status: int, body: bytes, headers: Any) -> Outcome:
    """What an answer makes certain. A definite no needs Meta's own error; a gateway's word is no word of Meta's."""
    if 200 <= status < 300:
        provider_id = _provider_id(body)
        return Accepted(provider_id) if provider_id else Unknown("no message id in the answer")
    failure = read_error(body)
    if failure is None:
        if status == 429:
            return Refused(Failure(code=_THROTTLED, title="HTTP 429"), status, _retry_after(headers))
        if 400 <= status < 408:
            return Refused(Failure(code=NO_CODE, title=f"HTTP {status}"), status)
        return Unknown(f"HTTP {status}")
    if rule_of(channel, failure).course is Course.UNSURE:
        return Unknown(f"HTTP {status}", failure)
    return Refused(failure, status, _retry_after(headers))


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


async def _note_written(session: Any, context: SimpleNamespace, parameters: Any) -> None:
    context.trace_request_ctx.written = True
