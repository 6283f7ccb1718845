"""Answers with a file: whole or a range of it, never as something a browser would run."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.response import Stream

from server.domain.errors import NotFound, Unavailable
from server.domain.sniffing import UNKNOWN, bare
from server.files.keeping import FileStore, KeepingError, NoSuchFile

# What a browser shows by itself and cannot be made to run anything by.
INLINE = frozenset({
    "image/jpeg", "image/png", "image/gif", "image/webp",
    "audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm",
    "video/3gpp", "video/mp4", "video/ogg", "video/quicktime", "video/webm",
})  # fmt: skip
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
# Names a desktop would start: they get an ending that it only reads.
_STARTED = (
    ".bat", ".cmd", ".com", ".cpl", ".exe", ".hta", ".htm", ".html", ".jar", ".js", ".jse", ".lnk", ".msi", ".ps1",
    ".reg", ".scr", ".sh", ".svg", ".url", ".vbe", ".vbs", ".wsf", ".xhtml",
)  # fmt: skip


class Content(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    size: int
    etag: str
    mime_type: str
    name: str
    inline: bool


class _Part(msgspec.Struct, frozen=True):
    start: int
    end: int


async def serve(request: Request[Any, Any, Any], files: FileStore, content: Content) -> Response[Any]:
    """Raises `NotFound` where the file is gone, `Unavailable` where its store is."""
    shown = content.inline and bare(content.mime_type) in INLINE
    kind, headers = content.mime_type if shown else UNKNOWN, _headers(content, "inline" if shown else "attachment")
    if content.etag in _tags(request.headers.get("if-none-match", "")):
        return Response(b"", status_code=304, headers=headers, media_type=kind)
    part = _asked(request, content)
    if part is None:
        beyond = {"Content-Range": f"bytes */{content.size}"}
        return Response(b"", status_code=416, headers=headers | beyond, media_type=kind)
    length = part.end - part.start
    headers["Content-Length"] = str(length)
    whole = length == content.size
    if not whole:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{content.size}"
    pieces = await _begun(files.read(content.key, part.start, length))
    return Stream(pieces, status_code=200 if whole else 206, headers=headers, media_type=kind)


def _headers(content: Content, disposition: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"{disposition}; filename=\"file\"; filename*=UTF-8''{quote(_name(content), safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        # Asked for anew each time: who may read can change, and a message be taken back.
        "Cache-Control": "private, no-cache",
        "ETag": content.etag,
        "Accept-Ranges": "bytes",
    }


def _name(content: Content) -> str:
    return f"{content.name}.txt" if content.name.lower().rstrip(" .").endswith(_STARTED) else content.name


def _tags(header: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in header.split(",")]


def _asked(request: Request[Any, Any, Any], content: Content) -> _Part | None:
    """The whole where no single range is asked for, or of another version; None for a range beyond the end."""
    whole = _Part(0, content.size)
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or request.headers.get("if-range", content.etag) != content.etag:
        return whole
    first, last = found.groups()
    if not first and not last:
        return whole
    if not first:
        # The last so many bytes.
        return _Part(max(content.size - int(last), 0), content.size) if int(last) else None
    start, end = int(first), min(int(last) + 1 if last else content.size, content.size)
    if last and int(last) < int(first):
        return whole
    return _Part(start, end) if start < content.size else None


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, the first of them in hand: afterwards it is too late for another answer."""
    try:
        first = await anext(pieces, b"")
    except NoSuchFile:
        raise NotFound("This file is not here.") from None
    except KeepingError:
        raise Unavailable("The files are out of reach for a moment.", retry_after_seconds=5) from None

    async def rest() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return rest()
