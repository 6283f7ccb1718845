"""What the applier does between batches: partitions, what is old, and statuses that waited for their message."""

from datetime import UTC, timedelta

import asyncpg
import structlog

from server.actions import parked
from server.actions.unit import Services, unit
from server.store import changes, clock, commands, journal, journal_days, sessions
from server.store.leases import Lease
from server.store.pool import Connection

JOURNAL_DAYS = 14

_log = structlog.get_logger()


async def settle_parked(services: Services, lease: Lease) -> None:
    """Applies statuses that came while their message's provider id was being written. Raises `LeaseLost`."""
    async with unit(services, lease) as work:
        await parked.settle_statuses(work)
    # Of its own, so that conversations are locked once in each transaction.
    async with unit(services, lease) as work:
        await parked.settle_watermarks(work)


async def keep(services: Services) -> None:
    async with services.pool.acquire() as connection:
        await _keep_days(connection)
        await journal.forget_keys(connection)
        await journal.forget_parked(connection)
        await changes.forget_early(connection)
        await commands.forget(connection)
        await sessions.forget_links(connection)


async def _keep_days(connection: Connection) -> None:
    today = (await clock.now(connection)).astimezone(UTC).date()
    try:
        try:
            await journal_days.prepare(connection, today)
        except asyncpg.LockNotAvailableError:
            raise
        except asyncpg.PostgresError as error:
            # The default partition takes the rows meanwhile.
            _log.warning("journal_partition_not_made", cause=type(error).__name__)
        async for name in journal_days.drop(connection, today - timedelta(days=JOURNAL_DAYS)):
            _log.info("journal_day_dropped", partition=name)
    except asyncpg.LockNotAvailableError:
        # Somebody reads the journal for long, such as a backup. The next turn does it: days are made a week ahead.
        _log.info("journal_days_wait")
