"""What a socket may ask for. Nobody gets in without a session, and nothing is watched that may not be read."""

import asyncio
from collections.abc import Callable
from typing import Any

import socketio
from socketio.exceptions import ConnectionRefusedError as Refused

from server.actions import presence, signals
from server.actions.sessions import COOKIE, authenticate
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import Unavailable
from server.realtime import catch_up
from server.realtime.feed import Present
from server.realtime.relay import Typing
from server.realtime.sockets import Sockets
from server.store import views
from server.store.pool import AWAY

_TYPING_SECONDS = 1.0
# How long a typing sign is seen by the customer, a little less (facts §5).
_SIGN_SECONDS = 12.0
_MALFORMED = {"error": "malformed"}
_AWAY = {"error": "unavailable"}


class Handlers:
    def __init__(
        self, services: Services, sockets: Sockets, process: str, present: Present,
        tell_typing: Callable[[Typing], None],
    ) -> None:  # fmt: skip
        self._services = services
        self._sockets = sockets
        self._process = process
        self._present = present
        self._tell_typing = tell_typing
        self._leaving: set[asyncio.Task[None]] = set()
        # A server restart makes everybody catch up at once.
        self._catching_up = asyncio.Semaphore(4)

    def register(self, server: socketio.AsyncServer) -> None:
        for name in ("connect", "disconnect", "watch", "unwatch", "catch_up", "typing"):
            server.on(name, getattr(self, name))

    async def connect(self, sid: str, environ: dict[str, Any], _auth: object = None) -> None:
        token = session_token(environ["asgi.scope"])
        try:
            who = await authenticate(self._services.pool, token) if token else None
            if who is None:
                raise Refused("unauthenticated")
            await presence.open_lease(self._services, who.viewer.user_id, sid, self._process)
        except Unavailable:
            raise Refused("unavailable") from None
        self._sockets.add(sid, who.session_id, who.viewer)

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        self._sockets.remove(sid)
        # Not waited for: the library calls this while it sends to others.
        task = asyncio.create_task(self._close_lease(sid))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def watch(self, sid: str, data: object = None, *_: object) -> dict[str, Any]:
        conversation_id, socket = _number(data, "conversation_id"), self._sockets.get(sid)
        if conversation_id is None or socket is None:
            return _MALFORMED
        try:
            async with self._services.pool.acquire() as connection:
                if not await views.readable(connection, socket.viewer, conversation_id):
                    return {"error": "not-found"}
        except AWAY:
            return _AWAY
        # They may have left meanwhile, and who is not there is in no room.
        if self._sockets.get(sid) is socket:
            self._sockets.watch(socket, conversation_id)
        return {"ok": True}

    async def unwatch(self, sid: str, data: object = None, *_: object) -> dict[str, Any]:
        conversation_id, socket = _number(data, "conversation_id"), self._sockets.get(sid)
        if conversation_id is None or socket is None:
            return _MALFORMED
        self._sockets.unwatch(socket, conversation_id)
        return {"ok": True}

    async def catch_up(self, sid: str, data: object = None, *_: object) -> Any:
        cursor, socket = _number(data, "cursor"), self._sockets.get(sid)
        if cursor is None or socket is None:
            return _MALFORMED
        try:
            async with self._catching_up, self._services.pool.acquire() as connection:
                organisation = self._services.organisation()
                return await catch_up.catch_up(connection, socket.viewer, cursor, self._present, organisation)
        except AWAY:
            return _AWAY

    async def typing(self, sid: str, data: object = None, *_: object) -> dict[str, Any]:
        conversation_id, socket = _number(data, "conversation_id"), self._sockets.get(sid)
        if conversation_id is None or socket is None or conversation_id not in socket.watching:
            return _MALFORMED
        now = asyncio.get_running_loop().time()
        if now - socket.typed_at >= _TYPING_SECONDS:
            socket.typed_at = now
            self._tell_typing(Typing(conversation_id, socket.viewer.user_id))
            if now - socket.signed_at.get(conversation_id, -_SIGN_SECONDS) >= _SIGN_SECONDS:
                socket.signed_at = {conversation_id: now}
                await self._sign(socket.viewer, conversation_id)
        return {"ok": True}

    async def finish(self) -> None:
        """Waits until those who left have given back their leases."""
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=2)

    async def _sign(self, viewer: Viewer, conversation_id: int) -> None:
        try:
            await signals.typing(self._services, viewer, conversation_id)
        except AWAY:
            # A sign nobody sees: the talk goes on.
            return

    async def _close_lease(self, sid: str) -> None:
        try:
            await presence.close_lease(self._services, sid)
        except Unavailable:
            # It lapses by itself.
            return


def session_token(scope: dict[str, Any]) -> str | None:
    """Read as leniently as for pages: a neighbour's odd cookie must not shut out whose session is in order."""
    header = b";".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    pairs = (pair.partition("=") for pair in header.split(";"))
    found = {name.strip(): value.strip().strip('"') for name, _, value in pairs}
    return found.get(COOKIE) or None


def _number(data: object, name: str) -> int | None:
    value = data.get(name) if isinstance(data, dict) else None
    # Beyond 2^53 no browser counts, and the database's bigint ends soon after.
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None
