"""Shows committed events to this process's sockets: each once, in the order of its stream, none left out.

Events come by three ways: published by a unit here, told by the relay, found by the sweep. One task handles them all,
so that what the sweep reads can never overtake what was just published. A beat tells clients how far this goes.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import asyncpg
import msgspec
import structlog

from server.actions.unit import Services
from server.domain.access import reads_every_conversation
from server.domain.organisation import Organisation
from server.realtime import rooms
from server.realtime.reader import Reader
from server.realtime.sockets import Socket, Sockets
from server.realtime.streams import Streams
from server.store import feed
from server.store.feed import Committed, PushRow, Swept

TURN_SECONDS = 1.0
BEAT_TURNS = 5
_MOST_AT_ONCE = 200
_MOST_SWEPT = 20_000
_UNREADABLE = (msgspec.ValidationError, asyncpg.DataError)

_log = structlog.get_logger()


class Present(Protocol):
    def __call__(
        self, row: PushRow, organisation: Organisation, language: str, *, whole: bool, offered: bool
    ) -> msgspec.Struct:
        """The push as one person is sent it; `web.present` does the wording.

        `whole`: they may read the conversation. `offered`: the offer is made to them.
        """


class Beat(msgspec.Struct, frozen=True):
    """Everything before `cursor` was sent. `live` is false while news from other processes may be a second late."""

    cursor: int
    heads: dict[str, int]
    at: datetime
    live: bool


Emit = Callable[[str, Any, Sequence[Socket]], Awaitable[None]]


class Feed:
    def __init__(
        self, services: Services, reader: Reader, sockets: Sockets, *,
        present: Present, emit: Emit, relay_lives: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._services = services
        self._reader = reader
        self._sockets = sockets
        self._present = present
        self._emit = emit
        self._relay_lives = relay_lives
        self._news: deque[Committed] = deque()
        self._something = asyncio.Event()
        self._streams = Streams()
        # Events shown already that a sweep will read again.
        self._shown: set[int] = set()
        self._swept: Swept | None = None
        self._swept_at = 0.0
        self._board_moved: set[str] = set()

    def hear(self, events: Iterable[Committed]) -> None:
        self._news.extend(events)
        self._something.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        turns, next_turn = 0, loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_turn):
                    await self._something.wait()
            self._something.clear()
            await self._show_news()
            if loop.time() >= next_turn:
                await self._turn(beat=turns % BEAT_TURNS == 0)
                turns += 1
                next_turn = loop.time() + TURN_SECONDS

    async def _show_news(self) -> None:
        while self._news:
            batch = [self._news.popleft() for _ in range(min(len(self._news), _MOST_AT_ONCE))]
            try:
                await self._show(batch)
            except Exception as error:
                # Whatever it was, the next sweep finds them; without this task every console would stand still.
                _log.warning("feed_news_not_shown", error=type(error).__name__)
                self._news.clear()
                await self._reader.drop()

    async def _turn(self, *, beat: bool) -> None:
        try:
            await self._sweep()
            fresh = True
        except Exception as error:
            _log.warning("feed_sweep_failed", error=type(error).__name__)
            await self._reader.drop()
            fresh = False
        await self._ping_boards()
        if beat:
            await self._beat(live=fresh and self._relay_lives())

    async def _sweep(self) -> None:
        # Without sockets, and at the very start, there is nobody to show anything: only the place is noted.
        limit = _MOST_SWEPT if self._swept is not None and len(self._sockets) else 0
        cursor = self._swept.cursor if self._swept is not None else 0
        swept = await feed.sweep(await self._reader.connection(), cursor, limit)
        unseen = [event for event in swept.events if event.id not in self._shown]
        for start in range(0, len(unseen), _MOST_AT_ONCE):
            await self._show(unseen[start : start + _MOST_AT_ONCE])
        if len(swept.events) < _MOST_SWEPT:
            self._shown &= swept.recent
        self._swept, self._swept_at = swept, asyncio.get_running_loop().time()

    async def _show(self, batch: Sequence[Committed]) -> None:
        if not len(self._sockets):
            return
        fresh = [event for event in batch if event.id not in self._shown]
        if not fresh:
            return
        cursor = self._swept.cursor if self._swept is not None else 0
        connection = await self._reader.connection()
        try:
            rows = await feed.pushes(connection, [event.id for event in fresh], self._streams.gaps(fresh), cursor)
        except _UNREADABLE:
            await self._show_one_by_one(fresh)
        else:
            await self._show_rows(rows)

    async def _show_one_by_one(self, batch: Sequence[Committed]) -> None:
        """One event that cannot be read must not hold back its neighbours, nor be tried for ever."""
        for event in batch:
            try:
                await self._show_rows(await feed.pushes(await self._reader.connection(), [event.id]))
            except _UNREADABLE as error:
                self._shown.add(event.id)
                self._streams.note(event.stream, event.version)
                _log.error("event_unreadable", event_id=event.id, error=type(error).__name__)

    async def _show_rows(self, rows: Sequence[PushRow]) -> None:
        for row in rows:
            if row.id in self._shown:
                continue
            self._shown.add(row.id)
            self._streams.note(row.stream, row.version)
            self._board_moved |= rooms.of_board(row)
            try:
                await self._push(row)
            except Exception as error:
                # One event that cannot be shown must not stop those behind it; the client sees the gap.
                _log.error("push_failed", event_id=row.id, kind=row.kind, error=type(error).__name__)

    async def _push(self, row: PushRow) -> None:
        readers = {each.sid: each for each in self._sockets.within(rooms.of_readers(row)) if _admits(each, row)}
        concerned = {each.sid: each for each in self._sockets.within(rooms.of_concerned(row)) if _admits(each, row)}
        kinds: dict[tuple[str, bool, bool], list[Socket]] = defaultdict(list)
        for sid, socket in (readers | concerned).items():
            offered = socket.viewer.user_id == row.offer_advisor_id
            kinds[socket.viewer.language, sid in readers, offered].append(socket)
        for (language, whole, offered), sockets in kinds.items():
            push = self._present(row, self._services.organisation(), language, whole=whole, offered=offered)
            await self._emit("event", push, sockets)

    async def _ping_boards(self) -> None:
        moved, self._board_moved = self._board_moved, set()
        groups: dict[frozenset[str], list[Socket]] = defaultdict(list)
        for socket in self._sockets.within(rooms.board(sector) for sector in moved):
            groups[socket.viewer.sectors & moved].append(socket)
        for sectors, sockets in groups.items():
            await self._emit("board", {"sectors": sorted(sectors)}, sockets)

    async def _beat(self, *, live: bool) -> None:
        swept = self._swept
        if swept is None:
            return
        at = swept.now + timedelta(seconds=asyncio.get_running_loop().time() - self._swept_at)
        groups: dict[frozenset[str], list[Socket]] = defaultdict(list)
        for socket in self._sockets.all():
            # Of a sector of which one reads only a part, the head says nothing about that part.
            whole = reads_every_conversation(socket.viewer)
            groups[socket.viewer.sectors if whole else frozenset()].append(socket)
        for sectors, sockets in groups.items():
            heads = {sector: head for sector, head in swept.heads.items() if sector in sectors}
            await self._emit("beat", Beat(swept.cursor, heads, at, live), sockets)


def _admits(socket: Socket, row: PushRow) -> bool:
    """Rooms say who is meant; nobody hears of a sector that is not theirs, their own former work there included."""
    viewer = socket.viewer
    return row.sector_id is None or (row.sector_id in viewer.sectors and viewer.reads_messages)
