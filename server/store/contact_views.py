"""Customers as people in the console read them: only through conversations they may read."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.access import Viewer, reads_every_conversation
from server.store.pool import Connection
from server.store.queries import Queries
from server.store.rows import IdentityRow, SummaryRow

_sql = Queries("contact_views")


class MergeRow(msgspec.Struct, frozen=True, kw_only=True):
    """`identity_ids`: what the merge brought."""

    id: int
    by: str
    by_name: str | None
    at: datetime
    undone_at: datetime | None
    undone_by_name: str | None
    identity_ids: tuple[int, ...]


async def sees(connection: Connection, viewer: Viewer, contact_id: int) -> bool:
    return bool(await connection.fetchval(_sql.sees, contact_id, *_reader(viewer)))


async def follow(connection: Connection, contact_id: int) -> int | None:
    """Whom the contact became by merges; None when there never was one."""
    id: int | None = await connection.fetchval(_sql.follow, contact_id)
    return id


async def conversations(connection: Connection, viewer: Viewer, contact_id: int) -> list[SummaryRow]:
    """What is open comes first."""
    rows = await connection.fetch(_sql.conversations, contact_id, *_reader(viewer))
    return [msgspec.convert(dict(row), SummaryRow) for row in rows]


async def identities(connection: Connection, viewer: Viewer, contact_id: int) -> list[IdentityRow]:
    rows = await connection.fetch(_sql.identities, contact_id, _sectors(viewer))
    return [msgspec.convert(dict(row), IdentityRow) for row in rows]


async def merges(connection: Connection, viewer: Viewer, contact_id: int) -> list[MergeRow]:
    """The newest twenty."""
    rows = await connection.fetch(_sql.merges, contact_id, *_reader(viewer), None)
    return [msgspec.convert(dict(row), MergeRow) for row in rows]


async def sees_merge(connection: Connection, viewer: Viewer, merge_id: int) -> bool:
    return await connection.fetchrow(_sql.merges, None, *_reader(viewer), merge_id) is not None


async def search(
    connection: Connection, viewer: Viewer, words: str, digits: str | None, limit: int
) -> Sequence[SummaryRow]:
    """The newest conversation of each person whose name or handle holds the words, or whose number holds the digits."""
    number = f"%{digits}%" if digits else None
    rows = await connection.fetch(_sql.search, *_reader(viewer), limit, f"%{_literal(words)}%", number)
    return [msgspec.convert(dict(row), SummaryRow) for row in rows]


def _reader(viewer: Viewer) -> tuple[list[str], int, bool]:
    return _sectors(viewer), viewer.user_id, reads_every_conversation(viewer)


def _sectors(viewer: Viewer) -> list[str]:
    """An owner who was not granted it reads no conversation anywhere."""
    return sorted(viewer.sectors) if viewer.reads_messages else []


def _literal(words: str) -> str:
    """Nothing in it is a pattern."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
