"""Advisor rows, whose locks guard capacity and presence, and the presence leases of their sockets."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.assignment import Advisor
from server.domain.model import Presence
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("advisors")


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    user_id: int
    presence: Presence
    presence_since: datetime
    presence_reason: str | None
    capacity: int


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    capacity: int
    presence: Presence
    load: int


async def lock(connection: Connection, ids: Sequence[int]) -> dict[int, Whereabouts]:
    """Those of the people who take conversations, their rows locked. Conversations come before."""
    rows = await connection.fetch(_sql.lock, ids)
    return {row["user_id"]: msgspec.convert(dict(row), Whereabouts) for row in rows}


async def lock_stream(connection: Connection, user_id: int) -> None:
    """Comes last: the person's own event stream, which others write too."""
    await connection.execute(_sql.lock_stream, user_id)


async def live(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of the people with at least one socket that holds its lease."""
    return {row["user_id"] for row in await connection.fetch(_sql.live, ids)}


async def standing(connection: Connection, ids: Sequence[int] | None = None) -> list[Advisor]:
    """The active advisors (of `ids`, if given) as they stand now; without a live socket a person counts as offline."""
    return [msgspec.convert(dict(row), Advisor) for row in await connection.fetch(_sql.standing, ids)]


async def colleague(connection: Connection, user_id: int, sector_id: str) -> Colleague | None:
    """The person, if conversations of the sector may be given to them."""
    row = await connection.fetchrow(_sql.colleague, user_id, sector_id)
    return None if row is None else msgspec.convert(dict(row), Colleague)


async def note_offered(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute(_sql.note_offered, ids)


async def set_presence(connection: Connection, user_id: int, presence: Presence, reason: str | None) -> None:
    await connection.execute(_sql.set_presence, user_id, presence, reason)


async def open_lease(connection: Connection, socket_id: str, user_id: int, process: str, seconds: float) -> None:
    await connection.execute(_sql.open_lease, socket_id, user_id, process, seconds)


async def renew_leases(
    connection: Connection, socket_ids: Sequence[str], process: str, seconds: float
) -> dict[str, int]:
    """The person behind each socket whose lease is known."""
    rows = await connection.fetch(_sql.renew_leases, socket_ids, process, seconds)
    return {row["socket_id"]: row["user_id"] for row in rows}


async def close_lease(connection: Connection, socket_id: str, seconds_left: float) -> None:
    await connection.execute(_sql.close_lease, socket_id, seconds_left)


async def forget_leases(connection: Connection) -> None:
    """Removes rows that lapsed long ago."""
    await connection.execute(_sql.forget_leases)


async def lost(connection: Connection, limit: int) -> list[int]:
    """People shown as here who hold no live lease. Not locked."""
    return [row["user_id"] for row in await connection.fetch(_sql.lost, limit)]


async def returned(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those of the people who are offline without having chosen so. Not locked."""
    return [row["user_id"] for row in await connection.fetch(_sql.returned, ids)]
