"""The journal's days: made ahead, dropped once everything in them is applied, and never in the way of a delivery."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from conftest import TestServices

from server.actions import upkeep
from server.store import journal
from server.store.pool import Connection

OLD = upkeep.JOURNAL_DAYS + 3


@pytest.fixture
async def reader(database: str) -> AsyncIterator[Connection]:
    """Reads every table in one long transaction, as `majlis backup` does."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def test_today_and_seven_days_ahead_exist(services: TestServices) -> None:
    await upkeep.keep(services)
    today = await _today(services)
    assert await _days(services) == [f"journal_{today + timedelta(days=n):%Y%m%d}" for n in range(8)]
    await upkeep.keep(services)
    assert len(await _days(services)) == 8


async def test_an_old_day_goes_when_all_of_it_is_applied_and_not_before(services: TestServices) -> None:
    waiting = await _old_day(services, OLD, applied=(True, False))
    done = await _old_day(services, OLD + 1, applied=(True, True))
    young = await _old_day(services, upkeep.JOURNAL_DAYS, applied=(True,))
    await upkeep.keep(services)
    kept = await _days(services)
    assert (waiting in kept, done in kept, young in kept) == (True, False, True)
    assert await services.pool.fetchval(f"select count(*) from {waiting}") == 2

    await services.pool.execute("update journal set applied_at = now() where applied_at is null")
    await upkeep.keep(services)
    assert waiting not in await _days(services)


async def test_beside_a_backup_deliveries_go_on_and_the_days_wait_for_the_next_turn(
    services: TestServices, reader: Connection
) -> None:
    done = await _old_day(services, OLD, applied=(True,))
    before = await _days(services)
    reading = reader.transaction()
    await reading.start()
    await reader.execute("lock table journal in access share mode")

    began = time.monotonic()
    keeping = asyncio.create_task(upkeep.keep(services))
    stored = 0
    while not keeping.done():
        assert await _is_stored(services), "a delivery waits as long as the reader reads"
        stored += 1
    await keeping
    # A second is promised; the rest is for a busy machine.
    assert time.monotonic() - began < 3
    assert stored > 0
    assert await _days(services) == before

    await reading.rollback()
    await upkeep.keep(services)
    days = await _days(services)
    # Today's deliveries went into the default partition, and stay there.
    assert len(days) == 7
    assert done not in days
    assert await services.pool.fetchval("select count(*) from journal_default") == stored


async def test_a_drop_that_must_wait_gives_up_too(services: TestServices, reader: Connection) -> None:
    await upkeep.keep(services)
    done = await _old_day(services, OLD, applied=(True,))
    async with reader.transaction():
        await reader.execute(f"lock table {done} in access share mode")
        await asyncio.wait_for(upkeep.keep(services), 3)
        assert done in await _days(services)
    await upkeep.keep(services)
    assert done not in await _days(services)


async def _today(services: TestServices) -> date:
    now: datetime = await services.pool.fetchval("select now()")
    return now.astimezone(UTC).date()


async def _days(services: TestServices) -> list[str]:
    rows = await services.pool.fetch(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'journal'::regclass"
        " and inhrelid <> 'journal_default'::regclass order by 1"
    )
    return [row["name"] for row in rows]


async def _old_day(services: TestServices, age: int, *, applied: tuple[bool, ...]) -> str:
    """A day so many days ago, with one delivery for each of `applied`."""
    day = await _today(services) - timedelta(days=age)
    name = f"journal_{day:%Y%m%d}"
    await services.pool.execute(
        f"create table {name} partition of journal for values from ('{day} 00:00+00')"
        f" to ('{day + timedelta(days=1)} 00:00+00')"
    )
    await services.pool.executemany(
        "insert into journal (received_at, app_id, headers, body, applied_at)"
        " values ($1::timestamptz, 'default', '{}', '{}', case when $2 then $1::timestamptz end)",
        [(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), each) for each in applied],
    )
    return name


async def _is_stored(services: TestServices) -> bool:
    """A delivery, unless something keeps the journal shut."""
    async with services.pool.acquire() as connection:
        try:
            await asyncio.wait_for(journal.append(connection, [("default", {}, b"{}")]), 3)
        except TimeoutError:
            return False
    return True
