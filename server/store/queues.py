"""The waiting rows: who waits, in which queue, in which place."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.events import ConversationQueued
from server.domain.model import Priority
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("queues")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    conversation_id: int
    sector_id: str
    queue_id: str
    priority: Priority
    rank: datetime
    entered_at: datetime
    skills: frozenset[str] = frozenset()


class Able(msgspec.Struct, frozen=True):
    """What somebody with a free place may take."""

    sector_id: str
    skills: frozenset[str]


async def put(connection: Connection, rows: Sequence[Waiting]) -> None:
    """Adds the rows or replaces them. The caller holds the conversations' locks."""
    values = columns(rows, Waiting)
    values[-1] = [_json(each.skills) for each in rows]
    await connection.execute(_sql.put, *values)


async def take(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, Waiting]:
    """Removes and returns those that wait."""
    return _by_id(await connection.fetch(_sql.take, conversation_ids))


async def find(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, Waiting]:
    return _by_id(await connection.fetch(_sql.find, conversation_ids))


async def take_turns(connection: Connection) -> None:
    """Waits until no other transaction matches; nothing else may be locked yet."""
    await connection.execute(_sql.take_turns)


async def heads(
    connection: Connection, queue_ids: Sequence[str], able: Sequence[Able], after: tuple[datetime, int], limit: int
) -> list[Waiting]:
    """The next rows in rank order that somebody could take. Not locked."""
    rows = await connection.fetch(
        _sql.heads, queue_ids, [each.sector_id for each in able], [_json(each.skills) for each in able], *after, limit
    )
    return list(_by_id(rows).values())


async def move(connection: Connection, rows: Sequence[Waiting]) -> None:
    """Writes new queues, priorities and ranks of rows that wait."""
    names = ("conversation_id", "queue_id", "priority", "rank")
    await connection.execute(_sql.move, *([getattr(each, name) for each in rows] for name in names))


async def last_places(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, ConversationQueued]:
    """How each conversation was queued the last time, for those that ever were."""
    rows = await connection.fetch(_sql.last_places, conversation_ids)
    return {row["conversation_id"]: msgspec.convert(row["data"] | _KIND, ConversationQueued) for row in rows}


_KIND = {"kind": ConversationQueued.__name__}


def _json(skills: frozenset[str]) -> str:
    return msgspec.json.encode(sorted(skills)).decode()


def _by_id(rows: Sequence[object]) -> dict[int, Waiting]:
    return {each.conversation_id: each for each in (msgspec.convert(dict(row), Waiting) for row in rows)}  # type: ignore[call-overload]
