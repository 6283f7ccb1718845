"""Keeps open sockets honest: cuts those whose session ended, moves those whose rights changed, renews their leases."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from server.actions import presence
from server.actions.unit import Services
from server.domain.access import Viewer
from server.realtime.sockets import Socket, Sockets
from server.store import sessions, views

# A deactivated person's sockets are cut within five seconds on every process.
LOOK_SECONDS = 1.5

_log = structlog.get_logger()


class Keeper:
    def __init__(
        self, services: Services, sockets: Sockets, process: str, *,
        lives: Callable[[Socket], bool], cut: Callable[[Socket], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._services = services
        self._sockets = sockets
        self._process = process
        self._lives = lives
        self._cut = cut

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        renew_at = loop.time() + presence.RENEW_SECONDS
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.check_rights()
                if loop.time() >= renew_at:
                    await self._renew()
                    renew_at = loop.time() + presence.RENEW_SECONDS
            except Exception as error:
                # The database away, a deadlock lost: whatever it was, the next look is soon.
                _log.warning("keeper_waits", error=type(error).__name__)

    async def check_rights(self) -> None:
        sockets = self._sockets.all()
        if not sockets:
            return
        async with self._services.pool.acquire() as connection:
            viewers = await sessions.viewers(connection, list({socket.session_id for socket in sockets}))
        for socket in sockets:
            viewer = viewers.get(socket.session_id)
            if viewer is None:
                await self._cut(socket)
            elif viewer != socket.viewer and self._sockets.get(socket.sid) is socket:
                await self._move(socket, viewer)

    async def _move(self, socket: Socket, viewer: Viewer) -> None:
        self._sockets.change(socket, viewer)
        async with self._services.pool.acquire() as connection:
            for conversation_id in list(socket.watching):
                if not await views.readable(connection, viewer, conversation_id):
                    self._sockets.unwatch(socket, conversation_id)

    async def _renew(self) -> None:
        # The transport's own pings decide that a socket is alive. The library says nothing about one that vanished
        # while it connected.
        for socket in self._sockets.all():
            if not self._lives(socket):
                self._sockets.remove(socket.sid)
        sids = [socket.sid for socket in self._sockets.all()]
        for sid in await presence.renew_leases(self._services, self._process, sids) if sids else ():
            if (lapsed := self._sockets.get(sid)) is not None:
                await presence.open_lease(self._services, lapsed.viewer.user_id, sid, self._process)
