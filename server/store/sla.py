"""SLA timers: one row for each target at work. They change under their conversation's lock only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import Priority, SlaTarget, TimerState
from server.store import bulk
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("sla")

_WRITTEN = (
    "id", "state", "priority", "target_seconds", "due_at", "warn_at", "remaining_seconds", "met_at", "breached_at",
    "noticed_at",
)  # fmt: skip


class Timer(msgspec.Struct, kw_only=True):
    """Mutable, like the conversation: the action changes fields and `write` stores them. Times are UTC."""

    id: int
    conversation_id: int
    sector_id: str
    policy_id: str
    target: SlaTarget
    state: TimerState
    priority: Priority
    target_seconds: int
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    remaining_seconds: int | None
    warned_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    noticed_at: datetime | None


class StartedTimer(msgspec.Struct, kw_only=True):
    """`id` is one of `new_ids`."""

    id: int
    conversation_id: int
    sector_id: str
    policy_id: str
    target: SlaTarget
    priority: Priority
    target_seconds: int
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    state: TimerState = TimerState.RUNNING


async def at_work(connection: Connection, conversation_ids: Sequence[int]) -> list[Timer]:
    """Running, paused, or breached and still unanswered."""
    return _many(await connection.fetch(_sql.at_work, conversation_ids))


async def answered(connection: Connection, conversation_ids: Sequence[int]) -> set[int]:
    """Those of the conversations that have had a first human answer."""
    return {row["conversation_id"] for row in await connection.fetch(_sql.answered, conversation_ids)}


async def new_ids(connection: Connection, count: int) -> list[int]:
    return [row[0] for row in await connection.fetch(_sql.new_ids, count)]


async def add(connection: Connection, timers: Sequence[StartedTimer]) -> None:
    await bulk.add(connection, "sla_timer", StartedTimer, timers, _sql.add)


async def write(connection: Connection, timers: Sequence[Timer]) -> None:
    await connection.execute(_sql.write, *([getattr(each, name) for each in timers] for name in _WRITTEN))


async def last_met(connection: Connection, conversation_id: int) -> Timer | None:
    row = await connection.fetchrow(_sql.last_met, conversation_id)
    return None if row is None else msgspec.convert(dict(row), Timer)


async def answered_at(connection: Connection, conversation_id: int, since: datetime) -> datetime | None:
    """When a person's reply that stands was first sent after `since`."""
    at: datetime | None = await connection.fetchval(_sql.answered_at, conversation_id, since)
    return at


async def due(connection: Connection, limit: int) -> list[int]:
    """Conversations with something to breach or warn about, the longest due first. Not locked."""
    return list(dict.fromkeys(row["conversation_id"] for row in await connection.fetch(_sql.due, limit)))


async def breach(connection: Connection, conversation_ids: Sequence[int]) -> list[Timer]:
    """Ends what is due, once, and returns it."""
    return _many(await connection.fetch(_sql.breach, conversation_ids))


async def warn(connection: Connection, conversation_ids: Sequence[int]) -> list[Timer]:
    """Marks what people are to be warned about, once, and returns it."""
    return _many(await connection.fetch(_sql.warn, conversation_ids))


async def seconds_to_next(connection: Connection) -> float | None:
    """Until the next warning or breach, by the database's clock; negative when it is overdue."""
    seconds: float | None = await connection.fetchval(_sql.seconds_to_next)
    return seconds


def _many(rows: Sequence[Any]) -> list[Timer]:
    return [msgspec.convert(dict(row), Timer) for row in rows]
