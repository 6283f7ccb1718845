"""Files as uploads carry them, and what Meta answers: WhatsApp's media, a page's message attachments. Facts §5, §6."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import msgspec
from aiohttp.payload import AsyncIterablePayload

from server.channels import clean
from server.channels.fields import identifier
from server.channels.graph import Refused, Unsent
from server.channels.graph_errors import read_error
from server.domain.failure_codes import NO_CODE
from server.domain.inbound import Failure
from server.domain.media import AttachmentKind
from server.domain.model import Channel

_KINDS = {AttachmentKind.DOCUMENT: "file", AttachmentKind.STICKER: "image"}


class ToUpload(msgspec.Struct, frozen=True, kw_only=True):
    kind: AttachmentKind
    mime_type: str
    name: str
    size: int
    read: Callable[[], AsyncIterator[bytes]]


def node(channel: Channel) -> str:
    return "media" if channel is Channel.WHATSAPP else "message_attachments"


def form(channel: Channel, file: ToUpload) -> aiohttp.FormData:
    return _whatsapp_form(file) if channel is Channel.WHATSAPP else _page_form(file)


def read_upload(status: int, body: bytes) -> str | Refused | Unsent:
    if 200 <= status < 300:
        try:
            answer = read_object(body)
        except ValueError:
            return Unsent("no answer to read")
        return identifier(answer, "id") or identifier(answer, "attachment_id") or Unsent("no id in the answer")
    failure = read_error(body)
    if failure is not None:
        return Refused(failure)
    if 400 <= status < 500 and status not in (408, 429):
        return Refused(Failure(code=NO_CODE, title=f"HTTP {status}"))
    return Unsent(f"HTTP {status}")


def read_object(body: bytes) -> dict[str, Any]:
    """Raises `ValueError`."""
    try:
        found = clean.load(body)
    except clean.Unparsable as error:
        raise ValueError("no JSON") from error
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _whatsapp_form(file: ToUpload) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("messaging_product", "whatsapp")
    form.add_field("type", file.mime_type)
    form.add_field("file", _Body(file), filename=_ascii(file.name), content_type=file.mime_type)
    return form


def _page_form(file: ToUpload) -> aiohttp.FormData:
    kind = _KINDS.get(file.kind, file.kind.value)
    form = aiohttp.FormData()
    form.add_field("message", json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}}))
    form.add_field("filedata", _Body(file), filename=_ascii(file.name), content_type=file.mime_type)
    return form


class _Body(AsyncIterablePayload):
    """Streamed, of a length told beforehand."""

    def __init__(self, file: ToUpload) -> None:
        super().__init__(file.read(), content_type=file.mime_type)
        self._size = file.size


def _ascii(name: str) -> str:
    """Meta's pages refuse other names for uploads; the message carries the true one."""
    kept = "".join(each for each in name if each.isascii() and (each.isalnum() or each in "._- ")).strip(" .")
    return kept[-100:] or "file"
