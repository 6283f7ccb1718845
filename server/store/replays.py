"""What a replay reads: rows of the journal that were applied, and which of their items took effect."""

from collections.abc import Sequence
from datetime import datetime

from server.store.journal import JournalRow
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("replays")


async def journal(connection: Connection, since: datetime, after: tuple[datetime, int]) -> list[JournalRow]:
    """The next hundred rows received since, after this (time, id)."""
    rows = await connection.fetch(_sql.journal, since, *after)
    return [JournalRow(**dict(row)) for row in rows]


async def taken(connection: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these (inbox, key) pairs, those that took effect already."""
    rows = await connection.fetch(_sql.taken, [each[0] for each in keys], [each[1] for each in keys])
    return {(row["inbox_id"], row["key"]) for row in rows}


async def set_aside(connection: Connection, journal_ids: Sequence[int]) -> dict[int, list[str]]:
    """Where in each of these rows something stands in quarantine still."""
    found: dict[int, list[str]] = {}
    for row in await connection.fetch(_sql.set_aside, journal_ids):
        found.setdefault(row["journal_id"], []).append(row["path"])
    return found


async def hold_turn(connection: Connection) -> None:
    await connection.execute(_sql.hold_turn)
