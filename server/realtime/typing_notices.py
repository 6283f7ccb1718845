"""Tells those who watch a conversation that a colleague is writing there: here, and by the relay elsewhere."""

import asyncio

from server.realtime import rooms
from server.realtime.feed import Emit
from server.realtime.relay import Relay, Typing
from server.realtime.sockets import Sockets
from server.store import users
from server.store.pool import AWAY, Pool


class TypingNotices:
    def __init__(self, pool: Pool, sockets: Sockets, emit: Emit, relay: Relay | None) -> None:
        self._pool = pool
        self._sockets = sockets
        self._emit = emit
        self._relay = relay
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, typing: Typing) -> None:
        self.show(typing)
        if self._relay is not None:
            self._relay.tell_typing(typing)

    def show(self, typing: Typing) -> None:
        task = asyncio.create_task(self._show(typing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show(self, typing: Typing) -> None:
        watching = self._sockets.within([rooms.conversation(typing.conversation_id)])
        others = [socket for socket in watching if socket.viewer.user_id != typing.user_id]
        if not others:
            return
        try:
            async with self._pool.acquire() as connection:
                names = await users.names(connection, [typing.user_id])
        except AWAY:
            return
        user = {"id": typing.user_id, "name": names.get(typing.user_id, "")}
        await self._emit("typing", {"conversation_id": typing.conversation_id, "user": user}, others)
