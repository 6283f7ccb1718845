"""One file of a form, streamed as it comes: nothing of its size is ever in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from server.domain.errors import Invalid, TooLarge
from server.domain.media import DECLARED
from server.files.scratch import Scratch

_LONGEST_FIELD = 1000
_MOST_PARTS = 8
# What is refused is still read to its end, or the browser would never see why; but not for ever.
_PATIENCE = 256 * 2**20


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    mime_type: str
    fields: Mapping[str, str]


@dataclass
class FileForm(Operation):
    """The form in the API's description: the handler reads it as a stream, so nothing can be told from its types."""

    def __post_init__(self) -> None:
        parts: dict[str, Reference | Schema] = {
            "kind": Schema(type=OpenAPIType.STRING, enum=[kind.value for kind in DECLARED]),
            "voice": Schema(type=OpenAPIType.STRING, enum=["true", "false"]),
            "file": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY),
        }
        form = Schema(type=OpenAPIType.OBJECT, properties=parts, required=["file"])
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


async def read_file(
    request: Request[Any, Any, Any], file: Scratch, too_large: Callable[[Mapping[str, str]], TooLarge]
) -> Sent:
    """Writes the part `file` into the scratch; the other parts are short fields.

    `too_large`, given the fields that came before the file, is the refusal whose limit holds. Raises it and `Invalid`.
    """
    reading = _Reading(file, too_large)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Invalid("Send the file as multipart/form-data, in a part named 'file'.", field="file")
    parser = PushMultipartParser(options["boundary"], max_segment_count=_MOST_PARTS)
    received = 0
    try:
        async for piece in request.stream():
            received += len(piece)
            if piece and received <= _PATIENCE:
                for event in parser.parse(piece) if reading.refusal is None else ():
                    await reading.take(event)
            elif received > _PATIENCE:
                break
        if reading.refusal is None:
            parser.close()
    except MultipartError:
        raise Invalid("Send the file as multipart/form-data, in a part named 'file'.", field="file") from None
    return reading.done()


class _Reading:
    def __init__(self, file: Scratch, too_large: Callable[[Mapping[str, str]], TooLarge]) -> None:
        self.refusal: Exception | None = None
        self._file = file
        self._too_large = too_large
        self._fields: dict[str, str] = {}
        self._part: MultipartSegment | None = None
        self._found: MultipartSegment | None = None
        self._most = 0
        self._held = b""

    async def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if self.refusal is not None:
            return
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._part is not None and self._part.name == "file":
            if self._file.size + len(event) > self._most:
                self.refusal = self._too_large(self._fields)
                return
            await self._file.write(bytes(event))
        else:
            self._held += event
            if len(self._held) > _LONGEST_FIELD:
                self.refusal = Invalid("A field of the form is too long.", field="file")

    def done(self) -> Sent:
        if self.refusal is not None:
            raise self.refusal
        if self._found is None:
            raise Invalid("Send the file as multipart/form-data, in a part named 'file'.", field="file")
        return Sent(name=self._found.filename or "", mime_type=self._found.content_type or "", fields=self._fields)

    def _begin(self, part: MultipartSegment) -> None:
        self._part, self._held = part, b""
        if part.name != "file":
            return
        if self._found is not None:
            self.refusal = Invalid("Send one file at a time.", field="file")
            return
        self._found = part
        limit: Any = self._too_large(self._fields).extra["limit"]
        self._most = limit["max_bytes"]

    def _end(self) -> None:
        if self._part is not None and self._part.name not in (None, "", "file"):
            self._fields[self._part.name] = self._held.decode("utf-8", "replace")
        self._part = None
