"""Wakes sleeping loops: at once in this process, by NOTIFY in the others.

A wake is a hint, never a fact: every loop also looks by itself now and then. NOTIFY serialises commits, so it is sent
on a connection of its own, after the commit, at most once per topic every 20 ms.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress
from secrets import token_hex
from types import TracebackType
from typing import Any, Self

import asyncpg
import structlog

from server.actions.unit import Topic
from server.store import notices
from server.store.pool import AWAY

_QUIET_SECONDS = 0.02
_CHECK_SECONDS = 10.0
_RETRY_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)
_CHANNELS = {f"majlis_{topic}": topic for topic in Topic}

_log = structlog.get_logger()


class Bell:
    """The `Waker` of a process. Without a dsn it rings only in this process."""

    def __init__(self, dsn: str | None = None) -> None:
        self._dsn = dsn
        # Other processes' rings carry another name; our own come back and are ignored.
        self._name = token_hex(8)
        self._latches: dict[Topic, dict[str, asyncio.Event]] = defaultdict(dict)
        self._unsent: set[Topic] = set()
        self._something_unsent = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._all_sent.set()
        self._lost = asyncio.Event()
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self, topic: Topic) -> None:
        self._ring(topic)
        if self._task is not None:
            self._unsent.add(topic)
            self._all_sent.clear()
            self._something_unsent.set()

    def wake_all(self) -> None:
        """Every topic, in this process only: after news may have been missed, and to let loops see they should stop."""
        for topic in Topic:
            self._ring(topic)

    async def wait(self, topic: Topic, timeout: float | None, listener: str = "") -> bool:
        """Sleeps until the topic is woken (True) or the time is over (False).

        A wake while nobody waits is kept for the next wait, so that nothing is missed while a loop works; the first
        wait returns at once for the same reason. Loops of one process that share a topic give different `listener`
        names: each hears every wake.
        """
        latch = self._latches[topic].get(listener)
        if latch is None:
            self._latches[topic][listener] = asyncio.Event()
            return True
        try:
            async with asyncio.timeout(timeout):
                await latch.wait()
        except TimeoutError:
            return False
        latch.clear()
        return True

    async def start(self) -> None:
        """Begins to hear and be heard by other processes; a database that is away is waited for in the background."""
        if self._dsn is not None and self._task is None:
            self._task = asyncio.create_task(self._keep_connected(self._dsn), name="bell")
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await self._listening.wait()

    async def stop(self) -> None:
        """Sends what is unsent, then hangs up."""
        if self._task is None:
            return
        if self._listening.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self._all_sent.wait()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _ring(self, topic: Topic) -> None:
        for latch in self._latches[topic].values():
            latch.set()

    async def _keep_connected(self, dsn: str) -> None:
        attempt = 0
        while True:
            try:
                # A hint may be lost in a crash; waiting for its fsync would hold every other process's NOTIFY.
                connection = await asyncpg.connect(
                    dsn, timeout=5, command_timeout=5, server_settings={"synchronous_commit": "off"}
                )
                try:
                    await self._listen(connection)
                    attempt = 0
                    await self._send(connection)
                finally:
                    self._listening.clear()
                    with suppress(*AWAY):
                        await connection.close(timeout=1)
            except (*AWAY, asyncpg.PostgresError) as error:
                _log.warning("bell_lost", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            attempt += 1

    async def _listen(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._lost.clear()
        connection.add_termination_listener(self._note_lost)
        for channel in _CHANNELS:
            await connection.add_listener(channel, self._hear)
        self._listening.set()
        # Whatever was rung while we were not listening.
        self.wake_all()

    def _note_lost(self, *_: Any) -> None:
        self._lost.set()
        self._something_unsent.set()

    def _hear(self, _connection: Any, _process: int, channel: str, payload: object) -> None:
        if payload != self._name:
            self._ring(_CHANNELS[channel])

    async def _send(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Passes wakes on until the connection ends."""
        while not self._lost.is_set():
            try:
                async with asyncio.timeout(_CHECK_SECONDS):
                    await self._something_unsent.wait()
            except TimeoutError:
                # A peer that vanished without a word is noticed here.
                await notices.check(connection)
                continue
            self._something_unsent.clear()
            # Taken out first: a wake during the call is news of its own.
            batch, self._unsent = self._unsent, set()
            if batch:
                try:
                    await notices.notify(connection, sorted(batch), self._name)
                except BaseException:
                    self._unsent |= batch
                    raise
            if not self._unsent:
                self._all_sent.set()
            await asyncio.sleep(_QUIET_SECONDS)
