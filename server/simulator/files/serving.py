"""Serving files, well or badly on request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect, Stream

from server.simulator.connections import cut
from server.simulator.files.store import Fault, File

PIECE = 64 * 1024
OVERSIZE = 200_000_000
# What a program for Windows begins with.
EXECUTABLE = b"MZ" + bytes(58) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00" + bytes(400)
METADATA_SERVICE = "http://169.254.169.254/latest/meta-data/"

AnyRequest = Request[Any, Any, Any]


def served(request: AnyRequest, file: File, fault: Fault | None, slow_seconds: float) -> Response[Any]:
    """`fault` is the file's own or the one all files have now."""
    match fault:
        case "server_error":
            return Response({"error": {"message": "Something went wrong", "code": 1}}, status_code=500)
        case "redirect":
            # The same machine by another name: another host all the same.
            return Redirect(f"http://localhost:{request.url.port}/files/{file.id}", status_code=302)
        case "private":
            return Redirect(METADATA_SERVICE, status_code=302)
        case "oversize":
            return Stream(_endless(OVERSIZE), media_type=file.mime_type)
        case "lying_size":
            return Stream(_endless(OVERSIZE), media_type=file.mime_type)
        case "slow":
            return Stream(_slowly(file.data, slow_seconds), media_type=file.mime_type)
        case "drop":
            headers = {"Content-Length": str(len(file.data))}
            return Stream(_half(request, file.data), media_type=file.mime_type, headers=headers)
        case "type":
            return Response(EXECUTABLE, media_type=file.mime_type, headers=_named(file))
        case _:
            return Response(file.data, media_type=file.mime_type, headers=_named(file))


def shown(data: bytes, mime_type: str, name: str) -> Response[Any]:
    """On the phone's own screen: pictures and sound in place, the rest as a download."""
    inline = mime_type.partition("/")[0] in ("image", "audio", "video") and "svg" not in mime_type
    headers = {"Cache-Control": "private, max-age=3600"} | ({} if inline else _disposition(name))
    return Response(data, media_type=mime_type, headers=headers)


def _named(file: File) -> dict[str, str]:
    return _disposition(file.name)


def _disposition(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name or 'file')}"}


async def _endless(most: int) -> AsyncIterator[bytes]:
    piece = bytes(PIECE)
    for _ in range(most // PIECE):
        yield piece
        await asyncio.sleep(0)


async def _slowly(data: bytes, seconds: float) -> AsyncIterator[bytes]:
    pieces = 40
    size = max(1, len(data) // pieces + 1)
    for first in range(0, len(data), size):
        yield data[first : first + size]
        await asyncio.sleep(seconds / pieces)


async def _half(request: AnyRequest, data: bytes) -> AsyncIterator[bytes]:
    yield data[: len(data) // 2]
    await asyncio.sleep(0.05)
    cut(request)
    yield b""
