"""A small HTTP server that plays Meta's file stores: media ids, addresses, uploads; well or badly as told."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import BodyPartReader, web
from aiohttp.test_utils import TestServer

from server.channels.graph_media import GraphMedia
from server.domain.media_hosts import media_hosts

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Held(msgspec.Struct):
    data: bytes
    mime_type: str
    sha256: str
    # Instead of an honest answer for the bytes.
    answer: Answer | None = None
    # Instead of an honest description.
    described: Answer | None = None


class FileMeta:
    """`asked` are the paths that were asked for, with whether our token came along."""

    def __init__(self) -> None:
        self.files: dict[str, Held] = {}
        self.asked: list[tuple[str, bool]] = []
        self.uploads: list[dict[str, Any]] = []
        self.upload_answer: Answer | None = None
        app = web.Application(client_max_size=200 * 2**20)
        app.router.add_get("/fb/v26.0/{id}", self._describe)
        app.router.add_post("/fb/v26.0/{node}/{edge}", self._upload)
        app.router.add_get("/files/{id}", self._serve)
        self.server = TestServer(app)

    async def __aenter__(self) -> "FileMeta":
        await self.server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    def client(self, *hosts: str, **more: Any) -> GraphMedia:
        """Allowed to fetch from here, and from nowhere else unless named."""
        return GraphMedia(
            graph_url=f"{self.url}/fb", instagram_graph_url=f"{self.url}/ig", version="v26.0",
            hosts=media_hosts(hosts or (self.url,)), **more,
        )  # fmt: skip

    def holds(self, id: str, data: bytes, mime_type: str = "image/png", **more: Any) -> Held:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        self.files[id] = Held(data, mime_type, more.pop("sha256", digest), **more)
        return self.files[id]

    def address(self, id: str) -> str:
        return f"{self.url}/files/{id}"

    def fetched(self, id: str) -> int:
        """How often the bytes were asked for."""
        return sum(path == f"/files/{id}" for path, _ in self.asked)

    async def _describe(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        held = self.files.get(request.match_info["id"])
        if held is None:
            return refused(100, 404, 33)
        if held.described is not None:
            return await held.described(request)
        return web.json_response({
            "url": self.address(request.match_info["id"]), "mime_type": held.mime_type, "id": request.match_info["id"],
            "sha256": hashlib.sha256(held.data).hexdigest(), "file_size": len(held.data),
        })  # fmt: skip

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        held = self.files.get(request.match_info["id"])
        if held is None:
            return web.Response(status=404)
        if held.answer is not None:
            return await held.answer(request)
        return web.Response(body=held.data, content_type=held.mime_type.partition(";")[0])

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        parts: dict[str, Any] = {"path": request.path}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data, file = bytes(await part.read()), part.filename
            parts[part.name or ""] = (file, part.headers.get("Content-Type"), data) if file else data.decode()
        self.uploads.append(parts)
        if self.upload_answer is not None:
            return await self.upload_answer(request)
        key = "id" if request.match_info["edge"] == "media" else "attachment_id"
        return web.json_response({key: f"up-{len(self.uploads)}"})

    def _note(self, request: web.Request) -> None:
        self.asked.append((request.path, "Authorization" in request.headers))


def refused(code: int, status: int = 400, subcode: int | None = None) -> web.Response:
    return web.json_response({"error": {"message": "No", "code": code, "error_subcode": subcode}}, status=status)


def refuses(code: int, status: int = 400, subcode: int | None = None) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return refused(code, status, subcode)

    return answer


def says(status: int, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return answer


def endless(size: int, *, told: bool) -> Answer:
    """So many bytes, with or without saying so beforehand."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(size)} if told else {})
        await response.prepare(request)
        async for piece in _zeros(size):
            await response.write(piece)
        return response

    return answer


async def stalls(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    raise AssertionError("nobody waits that long")


def lost_half_way(data: bytes) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: len(data) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    return answer


async def _zeros(size: int) -> AsyncIterator[bytes]:
    piece = bytes(256 * 1024)
    while size > 0:
        yield piece[:size]
        size -= len(piece)
