"""Conversations of some sectors in the order in which they are due."""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from server.domain.access import Viewer, reads_every_conversation
from server.domain.model import ConversationState
from server.store.pool import Connection
from server.store.queries import Queries
from server.store.rows import SummaryRow

_sql = Queries("due")

# Where those without a running clock stand; the same moment as in the statement.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Due first; of equals the one with the newest message."""

    due_at: datetime
    last_message_at: datetime
    id: int


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """`overdue`: only those with a target that was missed and is not met yet."""

    sectors: tuple[str, ...]
    states: tuple[ConversationState, ...]
    overdue: bool = False
    queue_id: str | None = None
    owner_id: int | None = None
    after: Place | None = None


async def page(connection: Connection, viewer: Viewer, chosen: Chosen, limit: int) -> list[tuple[Place, SummaryRow]]:
    """Nothing for those who do not read every conversation; sectors they do not have count for nothing."""
    if not reads_every_conversation(viewer):
        return []
    rows = await connection.fetch(
        _sql.page, sorted(viewer.sectors & set(chosen.sectors)), chosen.states, chosen.overdue, chosen.queue_id,
        chosen.owner_id, *(chosen.after or (None, None, None)), limit,
    )  # fmt: skip
    return [
        (Place(row["due_place"], row["last_message_at"], row["id"]), msgspec.convert(dict(row), SummaryRow))
        for row in rows
    ]
