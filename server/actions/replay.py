"""`majlis replay`: applies what was set aside once more, after a fix of the program or the organisation.

With `since` also every item of the journal since then that never took effect, whether it was set aside or not. Nobody
is answered for it: the moment for a bot or an acknowledgement has passed. Keys that took effect stay taken, so a second
replay, or one beside the applier, changes nothing twice. A dry run does all of it and takes each step back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
import structlog

from server.actions import applying
from server.actions.arrivals import Arrival
from server.actions.receive import receive
from server.actions.unit import Services, unit
from server.domain.errors import Unavailable
from server.store import journal, replays
from server.store.journal import JournalRow, NewQuarantine, Quarantined
from server.store.pool import AWAY

_log = structlog.get_logger()


class Fate(StrEnum):
    """What became of an item, or would."""

    APPLIED = "applied"
    # It took effect before: nothing to do.
    KNOWN = "already applied"
    REFUSED = "still refused"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One item: where it was, what it is, and why it is refused. Never what it says."""

    fate: Fate
    journal_id: int | None
    # None for an item of the journal that was never set aside.
    quarantine_id: int | None = None
    received_at: datetime
    inbox: str | None
    path: str
    what: str
    why: str = ""


class Replayed(msgspec.Struct):
    applied: int = 0
    # Still not understood, or still refused; they stay in quarantine.
    left: int = 0
    # Of the journal: they took effect long ago.
    known: int = 0

    def count(self, steps: Sequence[Step]) -> None:
        fates = Counter(each.fate for each in steps)
        self.applied += fates[Fate.APPLIED]
        self.left += fates[Fate.REFUSED]
        self.known += fates[Fate.KNOWN]


async def replay(
    services: Services, *, since: datetime | None = None, dry_run: bool = False,
    tell: Callable[[Step], None] = lambda step: None,
) -> Replayed:  # fmt: skip
    """Raises `Unavailable` when the database is away; what was applied until then stays applied."""
    outcome = Replayed()
    after = 0
    while items := await _next(services, after, since):
        for item in items:
            steps = await _replay_item(services, item, dry_run=dry_run)
            _count_item(outcome, steps)
            for step in steps:
                tell(step)
        after = items[-1].id
    if since is not None:
        await _replay_journal(services, since, outcome, tell, dry_run=dry_run)
    return outcome


async def _next(services: Services, after: int, since: datetime | None) -> list[Quarantined]:
    try:
        async with services.pool.acquire() as connection:
            return await journal.quarantined(connection, after, since)
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error


async def _replay_item(services: Services, item: Quarantined, *, dry_run: bool) -> list[Step]:
    """What was set aside: all of it, or it stays."""
    row = JournalRow(id=item.journal_id or 0, received_at=item.received_at, app_id=item.app_id, body=item.body)
    contents = [entry.content for entry in applying.read(row, services.organisation())]
    refused = [each for each in contents if isinstance(each, NewQuarantine)]
    arrivals = [msgspec.structs.replace(each, quiet=True) for each in contents if isinstance(each, Arrival)]
    if refused or not arrivals:
        return [_refused(item, each, item.id) for each in refused] or [_nothing(item)]
    taken = await _taken(services, arrivals)
    why = await _apply(services, arrivals, quarantine_id=item.id, dry_run=dry_run)
    return [_step(row, each, taken, why, item.id) for each in arrivals]


async def _replay_journal(
    services: Services, since: datetime, outcome: Replayed, tell: Callable[[Step], None], *, dry_run: bool
) -> None:
    """Items that never took effect: set aside under an older program, or not even seen by it."""
    since = since.astimezone(UTC)
    after = (since, 0)
    while page := await _rows(services, since, after):
        rows, aside = page
        for row in rows:
            contents = [entry.content for entry in applying.read(row, services.organisation())]
            # What is in quarantine, understood or not, was looked at there.
            arrivals = [
                msgspec.structs.replace(each, quiet=True)
                for each in contents
                if isinstance(each, Arrival) and not _is_within(each.item.path, aside.get(row.id, ()))
            ]
            taken = await _taken(services, arrivals)
            fresh = [each for each in arrivals if (each.inbox.id, each.item.key) not in taken]
            steps = [_step(row, each, taken, "") for each in arrivals if each not in fresh]
            for each in fresh:
                steps.append(_step(row, each, taken, await _apply(services, [each], dry_run=dry_run)))
            outcome.count(steps)
            for step in steps:
                tell(step)
        after = (rows[-1].received_at, rows[-1].id)


async def _rows(
    services: Services, since: datetime, after: tuple[datetime, int]
) -> tuple[list[JournalRow], dict[int, list[str]]] | None:
    try:
        async with services.pool.acquire() as connection:
            rows = await replays.journal(connection, since, after)
            return (rows, await replays.set_aside(connection, [each.id for each in rows])) if rows else None
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error


async def _taken(services: Services, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
    if not arrivals:
        return set()
    try:
        async with services.pool.acquire() as connection:
            return await replays.taken(connection, [(each.inbox.id, each.item.key) for each in arrivals])
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error


async def _apply(
    services: Services, arrivals: Sequence[Arrival], *, quarantine_id: int | None = None, dry_run: bool
) -> str:
    """'' when it went well, else why not. A dry run goes through all of it, and is then taken back."""
    try:
        async with unit(services) as work:
            await replays.hold_turn(work.connection)
            if quarantine_id is None or await journal.mark_replayed(work.connection, quarantine_id):
                await receive(work, arrivals)
            if dry_run:
                await work.finish()
                raise _TakenBack
    except _TakenBack:
        return ""
    except Unavailable:
        raise
    except Exception as error:
        # One item's fault is its own: the others are replayed all the same.
        _log.warning("item_left", quarantine_id=quarantine_id, cause=type(error).__name__)
        return type(error).__name__
    return ""


def _is_within(path: str, places: Sequence[str]) -> bool:
    """Whether an item is, or is a part of, what stands at one of these places of the same body."""
    return any(not place or path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


class _TakenBack(Exception):
    """Ends a dry run's transaction without effect."""


def _count_item(outcome: Replayed, steps: Sequence[Step]) -> None:
    """An item set aside counts once, however much was in it."""
    if any(each.fate is Fate.REFUSED for each in steps):
        outcome.left += 1
    else:
        outcome.applied += 1


def _step(
    row: JournalRow, arrival: Arrival, taken: set[tuple[str, str]], why: str, quarantine_id: int | None = None
) -> Step:
    fate = Fate.REFUSED if why else Fate.APPLIED
    if (arrival.inbox.id, arrival.item.key) in taken:
        fate = Fate.KNOWN
    return Step(
        fate=fate, journal_id=row.id or None, quarantine_id=quarantine_id, received_at=row.received_at,
        inbox=arrival.inbox.id, path=arrival.item.path, what=_what(arrival), why=why,
    )  # fmt: skip


def _what(arrival: Arrival) -> str:
    item = arrival.item
    detail = getattr(item, "kind", None) or getattr(item, "status", None) or getattr(item, "field", None)
    tag = str(type(item).__struct_config__.tag)
    return f"{tag} {detail}" if detail else tag


def _refused(item: Quarantined, found: NewQuarantine, quarantine_id: int) -> Step:
    why = f"{found.reason}: {found.detail}" if found.detail else str(found.reason)
    return Step(
        fate=Fate.REFUSED, journal_id=item.journal_id, quarantine_id=quarantine_id, received_at=item.received_at,
        inbox=found.inbox_id, path=found.path or item.path, what="item", why=why,
    )  # fmt: skip


def _nothing(item: Quarantined) -> Step:
    return Step(
        fate=Fate.REFUSED, journal_id=item.journal_id, quarantine_id=item.id, received_at=item.received_at,
        inbox=item.inbox_id, path=item.path, what="item", why="nothing in it is understood",
    )  # fmt: skip
