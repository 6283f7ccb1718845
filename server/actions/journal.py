"""Group commit of raw webhooks: what arrives while one commit is under way is written by the next.

No timer: a lone webhook is written at once, and under load the cost of each falls as the groups grow.
"""

import asyncio
import time
from typing import Any

from server.actions.unit import Topic, Waker
from server.domain.errors import Unavailable
from server.store import journal
from server.store.pool import AWAY, Pool
from server.telemetry import JOURNAL_SECONDS

# What may wait in memory before Meta is told to come again.
WAITING_BYTES = 64 * 1024 * 1024
# Larger groups gain nothing and make each webhook of the group wait.
GROUP_ROWS = 500
# Meta repeats what is refused in time, and gives up on a server that does not answer.
CONNECTION_SECONDS = 5.0

_Row = tuple[str, dict[str, Any], bytes]


class Journal:
    def __init__(self, pool: Pool, waker: Waker) -> None:
        self._pool = pool
        self._waker = waker
        self._waiting: list[tuple[_Row, asyncio.Future[None]]] = []
        self._bytes = 0
        self._writer: asyncio.Task[None] | None = None

    async def append(self, app_id: str, headers: dict[str, Any], body: bytes) -> None:
        """Returns once the bytes are committed. Raises `Unavailable` when they are not and will not be."""
        if self._bytes + len(body) > WAITING_BYTES:
            raise Unavailable("Too much waits to be stored.", retry_after_seconds=5)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((app_id, headers, body), done))
        self._bytes += len(body)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        began = time.perf_counter()
        await done
        JOURNAL_SECONDS.observe(time.perf_counter() - began)

    async def _write(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP_ROWS], self._waiting[GROUP_ROWS:]
                await self._write_group(group)
        finally:
            self._writer = None

    async def _write_group(self, group: list[tuple[_Row, asyncio.Future[None]]]) -> None:
        try:
            async with self._pool.acquire(timeout=CONNECTION_SECONDS) as connection:
                await journal.append(connection, [row for row, _ in group])
                # The applier may begin while the disk is waited for.
                self._waker.wake(Topic.JOURNAL)
                await journal.flush(connection)
        except Exception as error:
            _fail(group, error)
        else:
            for _, done in group:
                if not done.done():
                    done.set_result(None)
        finally:
            self._bytes -= sum(len(row[2]) for row, _ in group)


def _fail(group: list[tuple[_Row, asyncio.Future[None]]], error: Exception) -> None:
    # Whatever went wrong, the bytes are not known to be stored: every request of the group says so, and Meta repeats.
    failure = Unavailable("The journal cannot be written.", retry_after_seconds=2 if isinstance(error, AWAY) else 30)
    failure.__cause__ = error
    for _, done in group:
        if not done.done():
            done.set_exception(failure)
