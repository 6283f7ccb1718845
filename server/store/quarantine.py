"""The quarantine as administrators read it."""

from datetime import datetime

import msgspec

from server.domain.access import Viewer
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("quarantine")


class QuarantineRow(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is the beginning of the item's own bytes; what is not ASCII is escaped."""

    id: int
    received_at: datetime
    created_at: datetime
    replayed_at: datetime | None
    sector_id: str | None
    inbox_id: str | None
    path: str
    reason: str
    detail: str
    body: str


async def page(connection: Connection, viewer: Viewer, *, before: int | None, limit: int) -> list[QuarantineRow]:
    """The newest first, of the person's sectors; those of no known sector only for who has all of them."""
    every = viewer.sectors.issuperset(await connection.fetchval(_sql.sectors))
    rows = await connection.fetch(_sql.page, sorted(viewer.sectors), every, before, limit)
    return [msgspec.convert(dict(row), QuarantineRow) for row in rows]
