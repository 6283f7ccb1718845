"""The live side of a process: a Socket.IO server that shows committed events to whoever may see them.

Events reach other processes as ids over the relay (see there why not python-socketio's own manager), and what any word
loses the sweep finds. A process without sockets only passes its own events on.
"""

import asyncio
import os
import socket as network
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import socketio

from server.actions.sessions import authenticate
from server.actions.unit import Services
from server.domain.errors import Unavailable
from server.domain.events import Event
from server.realtime.feed import Feed, Present
from server.realtime.handlers import Handlers, session_token
from server.realtime.keeper import Keeper
from server.realtime.reader import Reader
from server.realtime.relay import Relay
from server.realtime.sockets import Socket, Sockets
from server.realtime.typing_notices import TypingNotices
from server.realtime.wire import Json, Server, refuse
from server.store import feed
from server.store.feed import Committed

# Dead browsers are noticed within the sum: leases are renewed only for sockets that answer.
PING_SECONDS = 8
PING_TIMEOUT_SECONDS = 6
_LARGEST_PACKET = 64 * 1024
# More windows than anybody has open; without an end to it one session could hold every socket there is.
SOCKETS_PER_SESSION = 20

# Whether a handshake with these headers comes from our own page at our own address.
Admits = Callable[[dict[bytes, bytes]], bool]


class Hub:
    """The `Publisher` of a process. `start` when the services are there, `stop` before the pool closes."""

    def __init__(self, *, present: Present, admits: Admits, redis_url: str | None = None) -> None:
        self.process = f"{network.gethostname()}:{os.getpid()}"
        self._present = present
        self._admits = admits
        self._sockets = Sockets()
        self._relay = Relay(redis_url) if redis_url else None
        self._server = Server(
            async_mode="asgi", transports=["websocket"], json=Json, ping_interval=PING_SECONDS,
            ping_timeout=PING_TIMEOUT_SECONDS, max_http_buffer_size=_LARGEST_PACKET,
            # Our own check is exact and comes before the handshake.
            cors_allowed_origins=[],
        )  # fmt: skip
        self._app = socketio.ASGIApp(self._server, socketio_path=None)
        self._feed: Feed | None = None
        self._handlers: Handlers | None = None
        self._reader: Reader | None = None
        self._services: Services | None = None
        self._open: Counter[int] = Counter()
        self._tasks: list[asyncio.Task[None]] = []

    def publish(self, committed: Sequence[Event]) -> None:
        events = [Committed(event.id, event.stream, event.version) for event in committed]
        if self._relay is not None:
            self._relay.tell(events)
        if self._feed is not None:
            self._feed.hear(events)

    @property
    def live(self) -> bool:
        """News from other processes arrives at once."""
        return self._relay is None or self._relay.live

    async def asgi_app(self, scope: Any, receive: Any, send: Any) -> None:
        """For `/socket.io`. Another site's page is refused before the handshake, a stranger in place of it."""
        if scope["type"] == "websocket" and self._feed is not None and self._admits(dict(scope["headers"])):
            await self._let_in(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This address speaks websocket only.\n"})

    async def start(self, services: Services) -> None:
        self._services = services
        self._reader = Reader(services.pool)
        self._feed = Feed(
            services, self._reader, self._sockets, present=self._present, emit=self._emit, relay_lives=lambda: self.live
        )
        typing = TypingNotices(services.pool, self._sockets, self._emit, self._relay)
        self._handlers = Handlers(services, self._sockets, self.process, self._present, typing.tell)
        self._handlers.register(self._server)
        keeper = Keeper(services, self._sockets, self.process, lives=self._lives, cut=self._cut)
        if self._relay is not None:
            await self._relay.start(await feed.place(await self._reader.connection()), self._feed.hear, typing.show)
        self._tasks = [
            asyncio.create_task(self._feed.run(), name="feed"),
            asyncio.create_task(keeper.run(), name="keeper"),
        ]

    async def stop(self) -> None:
        await self._server.shutdown()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._handlers is not None:
            await self._handlers.finish()
        if self._relay is not None:
            await self._relay.stop()
        if self._reader is not None:
            await self._reader.drop()

    async def _let_in(self, scope: Any, receive: Any, send: Any) -> None:
        token = session_token(scope)
        try:
            who = await authenticate(self._services.pool, token) if self._services is not None and token else None
        except Unavailable:
            await refuse(receive, send, "unavailable")
            return
        if who is None:
            await refuse(receive, send, "unauthenticated")
        elif self._open[who.session_id] >= SOCKETS_PER_SESSION:
            await refuse(receive, send, "too-many")
        else:
            await self._hold(who.session_id, scope, receive, send)

    async def _hold(self, session_id: int, scope: Any, receive: Any, send: Any) -> None:
        self._open[session_id] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[session_id] -= 1
            if not self._open[session_id]:
                del self._open[session_id]

    async def _emit(self, name: str, payload: Any, sockets: Sequence[Socket]) -> None:
        if sockets:
            await self._server.emit(name, payload, to=[socket.sid for socket in sockets])

    async def _cut(self, socket: Socket) -> None:
        await self._emit("signed_out", {}, [socket])
        await self._server.cut(socket.sid)

    def _lives(self, socket: Socket) -> bool:
        try:
            self._server.transport(socket.sid)
        except KeyError:
            return False
        return True
