"""Takes rows of the journal, reads them, applies them, and sets aside what cannot be applied.

A failing batch is halved until the bad item stands alone (P3). Only the data's own faults set an item aside;
a database that is away, a lock or a lost lease makes the whole batch wait.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence

import asyncpg
import structlog

from server.actions import accounts
from server.actions.arrivals import Arrival, punctual
from server.actions.lanes import Entry, lanes_of
from server.actions.receive import receive
from server.actions.unit import Services, Topic, Unit, unit
from server.channels import envelope
from server.domain.errors import LeaseLost, Unavailable
from server.domain.inbound import AccountItem, PreferenceItem, Rejected
from server.domain.organisation import Inbox, Organisation
from server.domain.quarantine import Reason
from server.store import health, journal
from server.store import organisation as organisations
from server.store.journal import JournalRow, NewQuarantine
from server.store.leases import Lease
from server.telemetry import APPLIED, QUARANTINED

BATCH_ROWS = 400
# In hand when the process died, this often: it is the row. Fewer could be chance: the row at the head is in hand
# again after each restart, and somebody may restart us a few times in a row.
CRASHES = 8

# How long what we cannot place waits for an organisation that was applied and that this process has not read yet.
PATIENCE_SECONDS = 30.0

# Never the item's fault. Everything else that one item raises is set aside with it, so that it harms no other.
_NOT_THE_DATA = (
    Unavailable,
    LeaseLost,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.InternalServerError,
    MemoryError,
)

_log = structlog.get_logger()


async def suspect(services: Services, lease: Lease) -> None:
    """Marks what the holder before us had in its hands when it went."""
    if lease.in_flight:
        async with services.pool.acquire() as connection:
            await journal.suspect(connection, lease)


async def apply_next(services: Services, lease: Lease, lease_seconds: float) -> int:
    """Applies the next rows and returns how many; 0 when there is nothing to do just now. Raises `LeaseLost`."""
    async with services.pool.acquire() as connection:
        rows = await journal.take_next(connection, lease, lease_seconds, BATCH_ROWS)
    if rows:
        organisation = services.organisation()
        entries = [entry for row in rows for entry in read(row, organisation)]
        if any(map(_is_strange, entries)) and await _is_outdated(services, organisation):
            return 0
        await _apply_in_lanes(services, lease, rows, entries)
    return len(rows)


def read(row: JournalRow, organisation: Organisation) -> list[Entry]:
    """The items of one row, each with its inbox, or with the reason why it is set aside."""
    if row.apply_attempts >= CRASHES:
        return [Entry(row, _aside(row, None, "", Reason.CRASHED, "", row.body))]
    entries = []
    for item in punctual(envelope.read(row.body), row.received_at):
        inbox = organisation.inbox_of(item.channel, item.account_id)
        if inbox is None and isinstance(item, AccountItem | PreferenceItem):
            inbox = accounts.inbox_of(organisation, item, row.app_id)
        if isinstance(item, Rejected):
            entries.append(Entry(row, _aside(row, inbox, item.path, item.reason, item.detail, item.raw)))
        elif inbox is None:
            entries.append(Entry(row, _aside(row, None, item.path, Reason.UNKNOWN_ACCOUNT, "", item.raw)))
        elif inbox.app != row.app_id:
            entries.append(Entry(row, _aside(row, inbox, item.path, Reason.WRONG_APP, row.app_id, item.raw)))
        else:
            sector = organisation.sectors[inbox.sector]
            if isinstance(item, AccountItem):
                item = accounts.dated(item, row.received_at)
            entries.append(Entry(row, Arrival(inbox=inbox, sector=sector, item=item)))
    return entries


def _is_strange(entry: Entry) -> bool:
    """Set aside only because this organisation does not say whose it is."""
    content = entry.content
    return isinstance(content, NewQuarantine) and content.reason in (Reason.UNKNOWN_ACCOUNT, Reason.WRONG_APP)


async def _is_outdated(services: Services, organisation: Organisation) -> bool:
    async with services.pool.acquire() as connection:
        outdated = await organisations.moved_lately(connection, organisation.version, PATIENCE_SECONDS)
    if outdated:
        services.waker.wake(Topic.ORGANISATION)
    return outdated


async def _apply_in_lanes(
    services: Services, lease: Lease, rows: Sequence[JournalRow], entries: Sequence[Entry]
) -> None:
    """Many entries in two transactions at once: one is decided here while the database writes the other."""
    lanes = await lanes_of(services, rows, entries)
    if len(lanes) == 1:
        await _apply(services, lease, rows, entries)
        return
    outcomes = await asyncio.gather(*(_apply(services, lease, *each) for each in lanes), return_exceptions=True)
    for lane, outcome in zip(lanes, outcomes, strict=True):
        if isinstance(outcome, asyncpg.TransactionRollbackError):
            # They stood in each other's way; now this one is alone.
            await _apply(services, lease, *lane)
        elif outcome is not None:
            raise outcome


async def _apply(
    services: Services, lease: Lease, rows: Sequence[JournalRow], entries: Sequence[Entry], *, again: bool = False
) -> None:
    """Applies the entries; marks the rows applied with the last of them, in the same transaction."""
    try:
        async with unit(services, lease) as work:
            await _apply_once(work, entries)
            work.insert_later(journal.mark_applied, rows)
        _count(entries)
    except _NOT_THE_DATA:
        raise
    except Exception as error:
        if len(entries) == 1 and isinstance(error, asyncpg.UniqueViolationError) and not again:
            # A replay or a send recorded the same thing in this very moment: now it is found.
            return await _apply(services, lease, rows, entries, again=True)
        if len(entries) <= 1:
            _log.warning("item_set_aside", journal_id=entries[0].row.id, cause=type(error).__name__)
            return await _apply(services, lease, rows, [_refused(entries[0], error)])
        for half_rows, half in _halves(rows, entries):
            await _apply(services, lease, half_rows, half)


async def _apply_once(work: Unit, entries: Sequence[Entry]) -> None:
    aside = [each.content for each in entries if isinstance(each.content, NewQuarantine)]
    if aside:
        await journal.quarantine(work.connection, aside)
    arrivals = [each.content for each in entries if isinstance(each.content, Arrival)]
    if arrivals:
        work.insert_later(health.heard, sorted({each.inbox.id for each in arrivals}))
        await receive(work, arrivals)


def _count(entries: Sequence[Entry]) -> None:
    aside = Counter(str(each.content.reason) for each in entries if isinstance(each.content, NewQuarantine))
    for reason, number in aside.items():
        QUARANTINED.labels(reason).inc(number)
    applied = Counter(type(each.content.item).__name__ for each in entries if isinstance(each.content, Arrival))
    for kind, number in applied.items():
        APPLIED.labels(kind).inc(number)


def _halves(rows: Sequence[JournalRow], entries: Sequence[Entry]) -> list[tuple[Sequence[JournalRow], Sequence[Entry]]]:
    """Two halves by item; a row is marked with the half that holds its last item."""
    middle = len(entries) // 2
    first, second = entries[:middle], entries[middle:]
    unfinished = {each.row.id for each in second}
    early = [row for row in rows if row.id not in unfinished]
    return [(early, first), ([row for row in rows if row.id in unfinished], second)]


def _refused(entry: Entry, error: Exception) -> Entry:
    # The database's own message may quote the customer: its class is kept, and which of our rules it was.
    rule = getattr(error, "constraint_name", None)
    detail = f"{type(error).__name__} {rule}" if rule else type(error).__name__
    if isinstance(entry.content, NewQuarantine):
        # It could not even be set aside: without its words, but with its bytes.
        return Entry(entry.row, _aside(entry.row, None, "", Reason.REFUSED, detail, entry.content.body))
    arrival = entry.content
    aside = _aside(entry.row, arrival.inbox, arrival.item.path, Reason.REFUSED, detail, arrival.item.raw)
    return Entry(entry.row, aside)


def _aside(row: JournalRow, inbox: Inbox | None, path: str, reason: str, detail: str, raw: bytes) -> NewQuarantine:
    return NewQuarantine(
        journal_id=row.id, received_at=row.received_at, app_id=row.app_id,
        sector_id=inbox.sector if inbox else None, inbox_id=inbox.id if inbox else None,
        path=path, reason=reason, detail=detail, body=raw,
    )  # fmt: skip
