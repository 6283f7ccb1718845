"""Signs that customers and the business put on each other's messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("reactions")


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """`emoji` is '' where the sign was taken away. `user_id`: who put it there for the business."""

    message_id: int
    by: Literal["customer", "business"]
    emoji: str
    user_id: int | None = None
    at: datetime


async def put(connection: Connection, reactions: Sequence[Reaction]) -> None:
    await connection.execute(_sql.put, *columns(newest(reactions), Reaction))


def newest(reactions: Iterable[Reaction]) -> list[Reaction]:
    """One of each side for each message, the last of the newest."""
    found: dict[tuple[int, str], Reaction] = {}
    for each in reactions:
        known = found.get((each.message_id, each.by))
        if known is None or each.at >= known.at:
            found[each.message_id, each.by] = each
    return list(found.values())
