"""The clocks of one conversation, as the console shows them."""

from datetime import datetime

import msgspec

from server.domain.model import SlaTarget, TimerState
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("timers")


class TimerRow(msgspec.Struct, frozen=True, kw_only=True):
    target: SlaTarget
    state: TimerState
    due_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None


async def at_work(connection: Connection, conversation_id: int) -> list[TimerRow]:
    """Counted down, at rest, or overdue and not yet answered; the one due first leads, those at rest come last."""
    return [msgspec.convert(dict(row), TimerRow) for row in await connection.fetch(_sql.at_work, conversation_id)]
