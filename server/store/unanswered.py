"""Customers a bot had in hand who may not have been answered."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain import kinds
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("unanswered")


class Unheard(msgspec.Struct, frozen=True, kw_only=True):
    """Their bot's last words failed. `since`: when they said what nobody answered."""

    conversation_id: int
    since: datetime | None
    text: str | None


async def answered_at(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, datetime]:
    """When each was last answered by the bot or by a person; without those that never were."""
    rows = await connection.fetch(_sql.answered_at, conversation_ids, sorted(kinds.SILENT))
    return {row["conversation_id"]: row["at"] for row in rows}


async def unheard(connection: Connection, messages: Sequence[tuple[int, int]]) -> list[Unheard]:
    """Of (message id, the present opening of its conversation): each conversation left without its bot's answer."""
    ids, openings = [each[0] for each in messages], [each[1] for each in messages]
    rows = await connection.fetch(_sql.unheard, ids, openings, sorted(kinds.SILENT))
    return [Unheard(**dict(row)) for row in rows]
