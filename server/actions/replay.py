"""`majlis replay`: applies what was set aside once more, after a fix of the program or the organisation.

Nobody is answered for it: the moment for a bot or an acknowledgement has passed. Keys that took effect stay taken, so
a second replay, or one beside the applier, changes nothing twice.
"""

from datetime import datetime

import msgspec
import structlog

from server.actions import applying
from server.actions.arrivals import Arrival
from server.actions.receive import receive
from server.actions.unit import Services, unit
from server.domain.errors import Unavailable
from server.store import journal
from server.store.journal import JournalRow, Quarantined
from server.store.pool import AWAY

_log = structlog.get_logger()


class Replayed(msgspec.Struct):
    applied: int = 0
    # Still not understood, or still refused; they stay in quarantine.
    left: int = 0


async def replay(services: Services, *, since: datetime | None = None) -> Replayed:
    """Raises `Unavailable` when the database is away; what was applied until then stays applied."""
    outcome = Replayed()
    after = 0
    while items := await _next(services, after, since):
        for item in items:
            if await _applied(services, item):
                outcome.applied += 1
            else:
                outcome.left += 1
        after = items[-1].id
    return outcome


async def _next(services: Services, after: int, since: datetime | None) -> list[Quarantined]:
    try:
        async with services.pool.acquire() as connection:
            return await journal.quarantined(connection, after, since)
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error


async def _applied(services: Services, item: Quarantined) -> bool:
    row = JournalRow(id=item.journal_id or 0, received_at=item.received_at, app_id=item.app_id, body=item.body)
    contents = [entry.content for entry in applying.read(row, services.organisation())]
    arrivals = [msgspec.structs.replace(each, quiet=True) for each in contents if isinstance(each, Arrival)]
    if not arrivals or len(arrivals) < len(contents):
        return False
    try:
        async with unit(services) as work:
            if await journal.mark_replayed(work.connection, item.id):
                await receive(work, arrivals)
    except Unavailable:
        raise
    except Exception as error:
        # One item's fault is its own: the others are replayed all the same.
        _log.warning("item_left_in_quarantine", quarantine_id=item.id, cause=type(error).__name__)
        return False
    return True
