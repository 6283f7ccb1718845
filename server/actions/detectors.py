"""Looks for what nobody would notice: reports without a message, sends without a report, work that piles up, silence.

A state is told of once, for as long as it lasts. Which process looks does not matter; the database keeps them apart.
"""

from datetime import datetime

from server.actions import account_events
from server.actions.unit import Services, Unit, unit
from server.domain import calendar
from server.domain.organisation import Inbox, Organisation
from server.store import account_events as kept
from server.store import health, journal
from server.store.account_events import NewAccountEvent
from server.telemetry import FOUND

STRAY_SECONDS = 600.0
UNCONFIRMED_SECONDS = 900.0
LAG_SECONDS = 60.0
# A whole open day: an account with few customers is quiet for hours without being deaf.
SILENT_OPEN_SECONDS = 8 * 3600.0

STATES = ("STATUSES_WITHOUT_MESSAGE", "SENDS_WITHOUT_STATUS", "JOURNAL_LAG", "SILENCE")
# Nobody's in particular.
EVERYWHERE = "all"


async def look(services: Services) -> int:
    """Returns how many states were found that nobody had been told of."""
    async with unit(services) as work:
        found = await _find(work)
        now_wrong = {(each.account_id, each.event): each for each in found}
        told = await account_events.tell(work, found)
        before = {state for state in await kept.lasting(work.connection) if state[1] in STATES}
        await kept.finish(work.connection, before - now_wrong.keys())
        await kept.renew(work.connection, {state: each.data for state, each in now_wrong.items()})
    return told


async def _find(work: Unit) -> list[NewAccountEvent]:
    connection, inboxes = work.connection, work.organisation.inboxes
    if not inboxes:
        return []
    strays = await health.strays(connection, STRAY_SECONDS)
    unconfirmed = await health.unconfirmed(connection, UNCONFIRMED_SECONDS)
    lag = await journal.lag(connection)
    heard = await health.last_heard(connection)
    found = []
    for inbox in inboxes.values():
        counts = {
            "STATUSES_WITHOUT_MESSAGE": strays.get(inbox.id, 0),
            "SENDS_WITHOUT_STATUS": unconfirmed.get(inbox.id, 0),
        }
        for event, count in counts.items():
            FOUND.labels(event.lower(), inbox.id).set(count)
            if count:
                found.append(account_events.found(work, [inbox], inbox.external_id, event, {"count": count}))
        silent = is_silent(work.organisation, inbox, heard.get(inbox.id), work.now)
        FOUND.labels("silence", inbox.id).set(int(silent))
        if silent:
            since = heard[inbox.id]
            quiet = {"heard_at": since.isoformat()} if since else {}
            found.append(account_events.found(work, [inbox], inbox.external_id, "SILENCE", quiet))
    FOUND.labels("journal_lag", EVERYWHERE).set(lag.seconds)
    if lag.seconds > LAG_SECONDS:
        waits = {"seconds": round(lag.seconds), "rows": lag.rows}
        found.append(account_events.found(work, list(inboxes.values()), EVERYWHERE, "JOURNAL_LAG", waits))
    return found


def is_silent(organisation: Organisation, inbox: Inbox, heard_at: datetime | None, now: datetime) -> bool:
    """Open now, and nothing came for a whole open day. What never heard anything is new, not silent."""
    sector = organisation.sectors.get(inbox.sector)
    hours = organisation.calendars.get(sector.calendar) if sector else None
    if heard_at is None or hours is None or not calendar.open_at(hours, now):
        return False
    return calendar.between(hours, heard_at, now) > SILENT_OPEN_SECONDS
