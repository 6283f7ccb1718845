"""A whole web process of ours on a port of its own, and consoles that talk to it as browsers do."""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import socketio
import uvicorn
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from server.actions import sessions
from server.actions.current import CurrentOrganisation
from server.actions.media_links import Links
from server.actions.sessions import Browser
from server.actions.unit import Services, Topic
from server.domain.access import Viewer
from server.files.folder import FolderStore
from server.realtime.hub import Hub
from server.store.pool import Pool, open_pool
from server.store.vault import Vault, generate_key
from server.web import present, security
from server.web.application import web_application


class Silent:
    def wake(self, topic: Topic) -> None:
        """Nobody sleeps in these tests."""


class Address(msgspec.Struct):
    public_url: str


class LiveServer:
    """`services` publish into its hub, as actions of this process would."""

    def __init__(self, pool: Pool, services: Services, hub: Hub, url: str, links: Links) -> None:
        self.pool = pool
        self.links = links
        self.services = services
        self.hub = hub
        self.url = url

    @contextlib.asynccontextmanager
    async def console(self, viewer: Viewer) -> AsyncIterator["Console"]:
        """A browser of this person, signed in by a link."""
        link = await sessions.make_sign_in_link(self.services, viewer.email)
        token = await sessions.sign_in_by_link(self.services, link, Browser("127.0.0.1", "pytest"))
        async with aiohttp.ClientSession(self.url, cookie_jar=aiohttp.DummyCookieJar()) as http:
            console = Console(self.url, http, token)
            await console.read_csrf()
            try:
                yield console
            finally:
                await console.hang_up()


class Console:
    def __init__(self, url: str, http: aiohttp.ClientSession, token: str) -> None:
        self.url = url
        self.http = http
        self.token = token
        self.csrf = ""
        self.heard: list[tuple[str, Any]] = []
        self._news = asyncio.Event()
        self._wire: socketio.AsyncClient | None = None
        self.ended = asyncio.Event()

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"majlis_session={self.token}"}

    async def read_csrf(self) -> None:
        self.csrf = (await self.get("/api/me"))["csrf_token"]

    async def get(self, path: str, *, status: int = 200) -> Any:
        return await self.call("GET", path, status=status)

    async def post(self, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        return await self.call("POST", path, body or {}, status=status)

    async def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        given = {**self.cookie, "Origin": self.url, "X-CSRF-Token": self.csrf, "Accept": "application/json"} | headers
        async with self.http.request(method, path, json=body, headers=given) as response:
            text = await response.text()
            assert response.status == status, (method, path, response.status, text)
            return msgspec.json.decode(text) if text else None

    async def connect(self, **headers: str) -> None:
        wire = socketio.AsyncClient(reconnection=False)
        for name in ("event", "beat", "board", "typing", "signed_out"):
            wire.on(name, self._hearing(name))
        wire.on("disconnect", self._end)
        self._wire = wire
        self.ended.clear()
        await wire.connect(
            self.url, headers={**self.cookie, "Origin": self.url} | headers, transports=["websocket"], wait_timeout=30
        )

    async def ask(self, name: str, data: Any) -> Any:
        assert self._wire is not None
        return await self._wire.call(name, data, timeout=30)

    async def say(self, name: str, data: Any = None) -> None:
        """Without waiting for an answer."""
        assert self._wire is not None
        await self._wire.emit(name, data)

    async def hang_up(self) -> None:
        if self._wire is not None:
            await self._wire.disconnect()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [data for name, data in self.heard if name == "event"]

    async def until(self, name: str, seconds: float = 30, **wanted: Any) -> dict[str, Any]:
        """The first payload of this name whose fields are as wanted, heard already or soon."""
        async with asyncio.timeout(seconds):
            while True:
                self._news.clear()
                for heard, data in self.heard:
                    if heard == name and all(data.get(key) == value for key, value in wanted.items()):
                        return dict(data)
                await self._news.wait()

    def _hearing(self, name: str) -> Any:
        async def hear(data: Any) -> None:
            self.heard.append((name, data))
            self._news.set()

        return hear

    async def _end(self, *_: object) -> None:
        self.ended.set()


@contextlib.asynccontextmanager
async def live_server(dsn: str, redis_url: str | None = None) -> AsyncIterator[LiveServer]:
    opened = socket.socket()
    opened.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{opened.getsockname()[1]}"
    pool = await open_pool(dsn)
    organisation = CurrentOrganisation(pool)
    await organisation.refresh()
    hub = Hub(present=present.push, admits=security.admits(url), redis_url=redis_url)
    folder = tempfile.TemporaryDirectory(prefix="majlis-files-")
    files = FolderStore(Path(folder.name))
    services = Services(pool=pool, publisher=hub, waker=Silent(), organisation=organisation, files=files)
    links = Links(url, Vault([generate_key()]))
    await hub.start(services)

    @asgi("/socket.io", is_mount=True, copy_scope=True)
    async def wire(scope: Scope, receive: Receive, send: Send) -> None:
        await hub.asgi_app(scope, receive, send)

    config = uvicorn.Config(
        web_application(services, Address(url), hub, [wire], links), log_config=None, ws="websockets-sansio",
        timeout_graceful_shutdown=1, timeout_keep_alive=75,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve(sockets=[opened]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield LiveServer(pool, services, hub, url, links)
    finally:
        server.should_exit = True
        await task
        await hub.stop()
        folder.cleanup()
        try:
            await asyncio.wait_for(pool.close(), 2)
        except TimeoutError:
            pool.terminate()
