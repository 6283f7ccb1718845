"""A large batch goes through two transactions at once: what each person said stays together and in order."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from arriving import deliver, inbox_of, lead, whatsapp
from conftest import TestServices

from server.actions.receive import receive
from server.actions.unit import unit

STRANGERS = 60


def strangers(services: TestServices, count: int = STRANGERS) -> list[dict[str, Any]]:
    inbox = inbox_of(services, "financial")
    return [whatsapp(inbox, "What are your fees?", phone=f"155505{place:05}") for place in range(count)]


async def transactions(services: TestServices) -> int:
    """How many transactions have left messages."""
    return int(await services.pool.fetchval("select count(distinct xid) from event"))


async def test_a_large_batch_takes_two_transactions_and_a_small_one_takes_one(services: TestServices) -> None:
    await deliver(services, *strangers(services, 10))
    assert await transactions(services) == 1
    await deliver(services, *strangers(services)[10:])
    assert await transactions(services) == 3
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == STRANGERS
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0


async def test_a_person_with_two_addresses_is_read_in_order_among_many(services: TestServices) -> None:
    inbox, noon = inbox_of(services, "hospitality"), datetime.now(UTC) - timedelta(minutes=1)
    await deliver(services, whatsapp(inbox, "Hello", phone="15550001111", user_id="US.1111", at=noon))
    turns = [
        whatsapp(inbox, f"Line {place}", at=noon + timedelta(seconds=1),
                 **({"phone": "15550001111"} if place % 2 else {"phone": None, "user_id": "US.1111"}))
        for place in range(20)
    ]  # fmt: skip
    others = strangers(services)
    mixed = [each for pair in zip(others, turns, strict=False) for each in pair] + others[len(turns) :]
    await deliver(services, *mixed)

    said = await services.pool.fetch(
        """select m.text from message m join conversation c on c.id = m.conversation_id
           where c.sector_id = 'hospitality' and m.direction = 'inbound' order by m.provider_at, m.id"""
    )
    assert [each["text"] for each in said] == ["Hello", *(f"Line {place}" for place in range(20))]
    assert await services.pool.fetchval("select count(*) from contact") == 1 + STRANGERS


async def test_a_bad_item_in_one_lane_harms_nobody_in_either(services: TestServices) -> None:
    bodies = strangers(services)
    bodies[7]["entry"][0]["changes"][0]["value"]["messages"].append({"type": "text", "id": "wamid.bad"})
    await deliver(services, *bodies, b'{"object": "page", "entry": []}')
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == STRANGERS
    # The one without a sender, and the delivery that says nothing.
    assert await services.pool.fetchval("select count(*) from quarantine") == 2
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0


async def test_lanes_that_stood_in_each_others_way_are_applied_all_the_same(
    services: TestServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = asyncio.Event()

    async def collide(work: Any, arrivals: Any) -> int:
        if not failed.is_set():
            failed.set()
            raise asyncpg.DeadlockDetectedError("as the database says it")
        return await receive(work, arrivals)

    monkeypatch.setattr("server.actions.applying.receive", collide)
    await deliver(services, *strangers(services))
    assert failed.is_set()
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == STRANGERS


async def test_nobody_takes_the_lease_over_while_one_lane_is_still_open(services: TestServices) -> None:
    lease = await lead(services)
    async with unit(services, lease), unit(services, lease), services.pool.acquire() as connection:
        with pytest.raises(asyncpg.LockNotAvailableError):
            await connection.execute("select from lease where name = 'applier' for update nowait")
