"""`majlis replay`: applies what was set aside once more, after a fix of the program or the organisation.

With `since` also every item of the journal since then that never took effect, whether it was set aside or not. Nobody
is answered for it: the moment for a bot or an acknowledgement has passed, and who still waits goes to people. Keys that
took effect stay taken, so a second replay, or one beside the applier, changes nothing twice. A dry run does all of it
and takes each step back.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

import msgspec
import structlog

from server.actions import applying, replay_steps
from server.actions.arrivals import Arrival
from server.actions.receive import receive
from server.actions.replay_steps import Replayed, Step
from server.actions.unit import Services, unit
from server.domain.errors import Unavailable
from server.store import journal, replays
from server.store.journal import JournalRow, NewQuarantine, Quarantined
from server.store.pool import AWAY, Connection

_log = structlog.get_logger()


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
            outcome.count_aside(steps)
            for step in steps:
                tell(step)
        after = items[-1].id
    if since is not None:
        await _replay_journal(services, since, outcome, tell, dry_run=dry_run)
    return outcome


async def _next(services: Services, after: int, since: datetime | None) -> list[Quarantined]:
    async with _reading(services) as connection:
        return await journal.quarantined(connection, after, since)


async def _replay_item(services: Services, item: Quarantined, *, dry_run: bool) -> list[Step]:
    """What was set aside: all of it, or it stays."""
    row = JournalRow(id=item.journal_id or 0, received_at=item.received_at, app_id=item.app_id, body=item.body)
    contents = [entry.content for entry in applying.read(row, services.organisation())]
    refused = [each for each in contents if isinstance(each, NewQuarantine)]
    arrivals = [msgspec.structs.replace(each, quiet=True) for each in contents if isinstance(each, Arrival)]
    if refused or not arrivals:
        return [replay_steps.refused(item, each) for each in refused] or [replay_steps.nothing(item)]
    taken = await _taken(services, arrivals)
    why = await _apply(services, arrivals, quarantine_id=item.id, dry_run=dry_run)
    return [replay_steps.step(row, each, taken, why, item.id) for each in arrivals]


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
            steps = [replay_steps.step(row, each, taken, "") for each in arrivals if each not in fresh]
            for each in fresh:
                steps.append(replay_steps.step(row, each, taken, await _apply(services, [each], dry_run=dry_run)))
            outcome.count(steps)
            for step in steps:
                tell(step)
        after = (rows[-1].received_at, rows[-1].id)


async def _rows(
    services: Services, since: datetime, after: tuple[datetime, int]
) -> tuple[list[JournalRow], dict[int, list[str]]] | None:
    async with _reading(services) as connection:
        rows = await replays.journal(connection, since, after)
        return (rows, await replays.set_aside(connection, [each.id for each in rows])) if rows else None


async def _taken(services: Services, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
    if not arrivals:
        return set()
    async with _reading(services) as connection:
        return await replays.taken(connection, [(each.inbox.id, each.item.key) for each in arrivals])


@contextlib.asynccontextmanager
async def _reading(services: Services) -> AsyncIterator[Connection]:
    try:
        async with services.pool.acquire() as connection:
            yield connection
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
