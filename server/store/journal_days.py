"""The journal's partitions, one for each day (UTC).

Making and dropping one shuts the whole journal for a moment, and every delivery queues behind whoever waits for that,
as beside a backup. So they wait briefly and raise `asyncpg.LockNotAvailableError`: the days are made long ahead.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

from server.store.pool import Connection
from server.store.queries import Queries

DAYS_AHEAD = 7

_sql = Queries("journal_days")
# Twice at most, for the journal and for one of its days: within a second.
_PATIENCE = "400ms"
_PREFIX = "journal_"


async def prepare(connection: Connection, today: date) -> None:
    """Makes the days that are missing, today first. One that already fell into the default stays there."""
    known = {row["name"] for row in await connection.fetch(_sql.partitions)}
    for day in (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1)):
        name = f"{_PREFIX}{day:%Y%m%d}"
        if name in known or await connection.fetchval(_sql.in_default, day):
            continue
        async with _briefly(connection):
            await connection.execute(
                f"create table if not exists {name} partition of journal "
                f"for values from ('{day} 00:00+00') to ('{day + timedelta(days=1)} 00:00+00')"
            )


async def drop(connection: Connection, before: date) -> AsyncIterator[str]:
    """Drops the days before this one that hold nothing unapplied; tells each name once it is gone."""
    for row in await connection.fetch(_sql.partitions):
        name: str = row["name"]
        day = name.removeprefix(_PREFIX)
        if not day.isdigit() or date.fromisoformat(day) >= before:
            continue
        if await connection.fetchval(f"select exists (select from {name} where applied_at is null)"):  # noqa: S608
            continue
        async with _briefly(connection):
            await connection.execute(f"drop table {name}")
        yield name


@asynccontextmanager
async def _briefly(connection: Connection) -> AsyncIterator[None]:
    async with connection.transaction():
        await connection.execute(f"set local lock_timeout = '{_PATIENCE}'")
        yield
