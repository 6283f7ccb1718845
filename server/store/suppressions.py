"""What customers stopped, for each inbox: by their own word or known from Meta's refusal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from server.domain.window import Suppression
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("suppressions")

Key = tuple[int, str, str]


class NewSuppression(msgspec.Struct, frozen=True, kw_only=True):
    contact_id: int
    inbox_id: str
    category: str
    value: Literal["stop", "resume"]
    source: Literal["preference", "refusal"]
    code: int | None = None
    at: datetime
    until: datetime | None = None

    @property
    def key(self) -> Key:
        return (self.contact_id, self.inbox_id, self.category)


async def put(connection: Connection, rows: Sequence[NewSuppression]) -> set[Key]:
    """The newest word of each (contact, inbox, category) counts; returns those that were written."""
    newest: dict[Key, NewSuppression] = {}
    for each in sorted(rows, key=lambda row: row.at):
        newest[each.key] = each
    written = await connection.fetch(_sql.put, *columns(list(newest.values()), NewSuppression))
    return {(row["contact_id"], row["inbox_id"], row["category"]) for row in written}


async def of_contact(connection: Connection, contact_id: int, inbox_id: str) -> list[Suppression]:
    rows = await connection.fetch(_sql.of_contact, contact_id, inbox_id)
    return [Suppression(**dict(row)) for row in rows]
