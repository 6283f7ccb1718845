"""A row is blamed for a death once, and only for a death: restarts in a row must not set aside what is innocent."""

import json

from arriving import apply_all, inbox_of, lead, whatsapp
from conftest import TestServices

from server.actions import applying
from server.actions.journal import Journal
from server.domain.errors import LeaseLost
from server.store import journal, leases

ATTEMPTS = "select apply_attempts from journal"


async def test_one_death_is_counted_once_however_often_the_next_ones_die_at_once(services: TestServices) -> None:
    await Journal(services.pool, services.waker).append(
        "default", {}, json.dumps(whatsapp(inbox_of(services, "financial"), "Hello")).encode()
    )
    lease = await lead(services, "the one that dies")
    async with services.pool.acquire() as connection:
        [row] = await journal.take_next(connection, lease, 60, 10)
    for number in range(6):
        await services.pool.execute("update lease set expires_at = '-infinity'")
        # Killed before it took anything in hand.
        await applying.suspect(services, await lead(services, f"successor {number}"))
        assert await services.pool.fetchval(ATTEMPTS) == 1, row
    await services.pool.execute("update lease set expires_at = '-infinity'")
    await apply_all(services)
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 1
    assert await services.pool.fetchval("select count(*) from quarantine") == 0


async def test_a_holder_that_lost_its_lease_counts_nobodys_death(services: TestServices) -> None:
    await Journal(services.pool, services.waker).append("default", {}, b"{}")
    async with services.pool.acquire() as connection:
        first = await leases.take(connection, "applier", "first", 60)
        assert first is not None
        [row] = await journal.take_next(connection, first, 60, 10)
        await connection.execute("update lease set expires_at = '-infinity'")
        second = await leases.take(connection, "applier", "second", 60)
        assert second is not None
        assert second.in_flight == (row.id,)
        await connection.execute("update lease set expires_at = '-infinity'")
        await leases.take(connection, "applier", "third", 60)
        await applying.suspect(services, second)
        assert await connection.fetchval(ATTEMPTS) == 0
        try:
            await journal.take_next(connection, second, 60, 10)
        except LeaseLost:
            return
    raise AssertionError("the second holder should have lost it")
