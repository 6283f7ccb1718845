"""The board's figures: queues, people and totals of some sectors, as of one moment."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from server.domain.model import Presence, Role
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("board")


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    sector_id: str
    waiting: int
    # Of those who wait and those just offered.
    longest_wait_since: datetime | None
    urgent: int
    high: int
    normal: int
    low: int
    offers_out: int
    # Of those who wait: whom nobody online could take, whatever their free places.
    unserved: int
    ok: int
    due_soon: int
    breached: int


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    role: Role
    sectors: tuple[str, ...]
    presence: Presence
    presence_since: datetime
    capacity: int
    load: int
    offers: int


async def queues(connection: Connection, sectors: Collection[str]) -> list[QueueRow]:
    return [msgspec.convert(dict(row), QueueRow) for row in await connection.fetch(_sql.queues, sorted(sectors))]


class Helper(msgspec.Struct, frozen=True, kw_only=True):
    queue_id: str
    id: int
    name: str


async def helpers(connection: Connection, sectors: Collection[str]) -> list[Helper]:
    """Who is not online and could take something that waits and nobody online could take."""
    return [msgspec.convert(dict(row), Helper) for row in await connection.fetch(_sql.helpers, sorted(sectors))]


async def people(connection: Connection, sectors: Collection[str]) -> list[PersonRow]:
    return [msgspec.convert(dict(row), PersonRow) for row in await connection.fetch(_sql.people, sorted(sectors))]


async def totals(connection: Connection, sectors: Collection[str]) -> dict[str, int]:
    """Unresolved conversations by state; a state without any is missing."""
    return {row["state"]: row["conversations"] for row in await connection.fetch(_sql.totals, sorted(sectors))}
