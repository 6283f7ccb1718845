"""One connection kept for the feed: never behind a queue for the pool, its plans made once."""

from contextlib import suppress

import asyncpg

from server.store import feed
from server.store.pool import AWAY, Connection, Pool


class Reader:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | None = None

    async def connection(self) -> Connection:
        """Raises one of `AWAY` when the database is."""
        if self._connection is not None and self._connection.is_closed():
            await self.drop()
        if self._connection is None:
            self._connection = await self._pool.acquire(timeout=5)
            await feed.fix_plans(self._connection)
            # Planned now rather than under the first message.
            await feed.pushes(self._connection, [])
        return self._connection

    async def drop(self) -> None:
        """Gives it up for good: it is not fit for others. The next use makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*AWAY):
                connection.terminate()
            with suppress(*AWAY):
                await self._pool.release(connection)
