"""Files to and from Meta: WhatsApp by media ids, Messenger and Instagram by addresses. Facts §5, §6.

Our token goes only to the Graph API and, for WhatsApp, to the address the Graph API itself named.
"""

import asyncio
import base64
import binascii
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

from server.channels import signature
from server.channels.downloads import PIECE, Downloads, Sink
from server.channels.fields import text
from server.channels.graph import Refused, Unsent
from server.channels.graph_errors import read_error
from server.channels.media_forms import ToUpload, form, node, read_object, read_upload
from server.domain.failure_codes import rule_of
from server.domain.failures import Course
from server.domain.media import LARGEST_INBOUND, NotTaken, Trouble
from server.domain.media_hosts import MediaHosts
from server.domain.model import Channel
from server.domain.organisation import Inbox


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """A file as the message told of it."""

    media_id: str | None
    url: str | None
    sha256: str | None
    mime_type: str | None


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of the bytes on the way; the bytes went to the sink."""

    digests: tuple[bytes, ...]
    mime_type: str | None


class GraphMedia:
    """An async context manager."""

    def __init__(
        self, *, graph_url: str, instagram_graph_url: str, version: str, hosts: MediaHosts,
        most_bytes: int = LARGEST_INBOUND, timeout_seconds: float = 120,
    ) -> None:  # fmt: skip
        self._bases = {"facebook": graph_url.rstrip("/"), "instagram": instagram_graph_url.rstrip("/")}
        self._version = version
        self._most = most_bytes
        self.timeout_seconds = timeout_seconds
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=10, sock_read=20)
        self._graph: aiohttp.ClientSession | None = None
        self._downloads = Downloads(hosts, most_bytes, self._timeout)

    async def __aenter__(self) -> Self:
        self._graph = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        await self._downloads.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._graph is not None:
            await self._graph.close()
        await self._downloads.close()

    async def fetch(
        self, inbox: Inbox, token: str | None, announced: Announced, sink: Sink, *, app_secret: str | None = None
    ) -> Fetched:
        """Hands the bytes to the sink as they come. Raises `NotTaken`, and what the sink raises."""
        if announced.media_id is None:
            assert announced.url is not None, "nothing to fetch it by"  # noqa: S101
            try:
                said = await self._downloads.take(announced.url, None, sink)
            except NotTaken as error:
                if error.trouble is not Trouble.NO_ACCESS:
                    raise
                # Without a token there is only the address, and it is too old.
                raise NotTaken(Trouble.GONE, error.detail) from error
            return Fetched(digests=_digests(announced.sha256), mime_type=announced.mime_type or said)
        if token is None:
            raise NotTaken(Trouble.NO_ACCESS, "the inbox has no token")
        described = await self._describe(inbox, token, announced.media_id, app_secret)
        try:
            await self._downloads.take(text(described, "url"), token, sink)
        except NotTaken as error:
            if error.trouble not in (Trouble.GONE, Trouble.NO_ACCESS):
                raise
            # The address lives five minutes; the id says where the file is now.
            described = await self._describe(inbox, token, announced.media_id, app_secret)
            await self._downloads.take(text(described, "url"), token, sink)
        return Fetched(
            digests=(*_digests(announced.sha256), *_digests(text(described, "sha256"))),
            mime_type=announced.mime_type or text(described, "mime_type") or None,
        )

    async def upload(
        self, inbox: Inbox, token: str, file: ToUpload, *, app_secret: str | None = None
    ) -> str | Refused | Unsent:
        """Meta's id of the file. A failure has sent nothing to anybody: it may be tried again."""
        assert self._graph is not None, "use the client as a context manager"  # noqa: S101
        try:
            async with self._graph.post(
                f"{self._bases[inbox.api]}/{self._version}/{inbox.node}/{node(inbox.channel)}",
                data=form(inbox.channel, file),
                params=signature.proof_of(token, app_secret), headers={"Authorization": f"Bearer {token}"},
                allow_redirects=False,
            ) as response:  # fmt: skip
                return read_upload(response.status, await response.read())
        except asyncio.CancelledError:
            raise
        except Exception as error:  # As in `graph`: the name only.
            return Unsent(type(error).__name__)

    async def _describe(self, inbox: Inbox, token: str, media_id: str, app_secret: str | None) -> dict[str, Any]:
        assert self._graph is not None, "use the client as a context manager"  # noqa: S101
        address = f"{self._bases[inbox.api]}/{self._version}/{quote(media_id, safe='')}"
        parameters = {"phone_number_id": inbox.external_id} | signature.proof_of(token, app_secret)
        try:
            async with self._graph.get(
                address, params=parameters, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            ) as response:
                body = await response.content.read(PIECE)
                if response.status == 200:
                    described = read_object(body)
                    if _size(described) > self._most:
                        raise NotTaken(Trouble.TOO_LARGE, "by its description")
                    return described
                raise _refusal(inbox.channel, response.status, body)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NotTaken(Trouble.UNREACHABLE, type(error).__name__) from error


def _refusal(channel: Channel, status: int, body: bytes) -> NotTaken:
    """Why Meta would not say where the file is."""
    failure = read_error(body)
    if failure is None:
        known = {404: Trouble.GONE, 410: Trouble.GONE, 401: Trouble.NO_ACCESS, 403: Trouble.REFUSED}
        return NotTaken(known.get(status, Trouble.UNREACHABLE), f"HTTP {status}")
    detail = f"code {failure.code}"
    rule = rule_of(channel, failure)
    if rule.course is Course.PAUSE_INBOX:
        return NotTaken(Trouble.NO_ACCESS, detail)
    if status == 404 or failure.code == 100:
        # What no longer exists and what never did: Meta says 100, subcode 33, to both.
        return NotTaken(Trouble.GONE, detail)
    if status >= 500 or rule.wait(1) is not None:
        return NotTaken(Trouble.UNREACHABLE, detail, retry_after_seconds=rule.wait(1))
    return NotTaken(Trouble.REFUSED, detail)


def _size(described: dict[str, Any]) -> int:
    size = text(described, "file_size")
    return int(size) if size.isascii() and size.isdecimal() and len(size) < 16 else 0


def _digests(given: str | None) -> tuple[bytes, ...]:
    """A SHA-256 as webhooks (base64) and answers (hex) write it; nothing for what is neither."""
    given = (given or "").strip()
    try:
        found = bytes.fromhex(given) if len(given) == 64 else base64.b64decode(given + "==", altchars=b"-_")
    except (ValueError, binascii.Error):
        return ()
    return (found,) if len(found) == 32 else ()
