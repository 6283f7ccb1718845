"""Warnings and breaches are facts, each recorded once, whoever looks and whenever they come back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from conftest import TestServices
from factories import load_conversation
from work_scenes import ago, another_process, arrive, eventually, of_kind, with_policy, write_again

from server.actions import deadlines, queueing
from server.actions.unit import unit
from server.domain.model import Priority
from server.domain.routing import Enqueue
from server.workers import sla_clock
from server.workers.bell import Bell


@pytest.fixture
async def other(services: TestServices, database: str) -> AsyncIterator[TestServices]:
    process = await another_process(services, database)
    yield process
    await process.pool.close()


async def test_a_warning_comes_before_the_breach_and_each_once(services: TestServices) -> None:
    services = with_policy(services, first=600)
    await arrive(services, at=ago(seconds=500))

    following = await deadlines.fire_due(services)
    await deadlines.fire_due(services)
    assert following is not None
    assert 95 < following <= 100
    (warned,) = of_kind(services.publisher.events, "SlaWarned")

    await services.pool.execute("update sla_timer set due_at = now() - interval '3 seconds'")
    assert await deadlines.fire_due(services) is None
    assert await deadlines.fire_due(services) is None

    (breached,) = of_kind(services.publisher.events, "SlaBreached")
    row = await services.pool.fetchrow("select * from sla_timer")
    assert row is not None
    assert (row["state"], row["breached_at"]) == ("breached", row["due_at"])
    assert row["noticed_at"] - row["due_at"] >= timedelta(seconds=3)
    assert warned.data["timer_id"] == breached.data["timer_id"] == row["id"]
    assert breached.data["due_at"] != breached.data["noticed_at"]


async def test_what_was_overdue_already_is_breached_without_a_warning(services: TestServices) -> None:
    services = with_policy(services, first=60)
    await arrive(services, at=ago(minutes=10))

    await deadlines.fire_due(services)

    kinds = services.publisher.kinds
    assert (kinds.count("SlaWarned"), kinds.count("SlaBreached")) == (0, 1)


async def test_a_breach_raises_the_priority_and_the_place_but_no_other_clock(services: TestServices) -> None:
    services = with_policy(services, first=60, resolution=3600, raise_to=Priority.URGENT)
    late = await arrive(services, "Omar", at=ago(minutes=2))
    await arrive(services, "Rania", at=ago(minutes=40))
    due_at = await services.pool.fetchval(
        "select due_at from sla_timer where target = 'resolution' and conversation_id = $1", late.id
    )
    await services.pool.execute(
        "update sla_timer set due_at = now() + interval '1 hour' where conversation_id <> $1", late.id
    )

    await deadlines.fire_due(services)

    first = await services.pool.fetchrow("select * from waiting order by rank limit 1")
    assert first is not None
    assert (first["conversation_id"], first["priority"], first["entered_at"]) == (late.id, "urgent", late.waiting_since)
    assert (await load_conversation(services.pool, late.id)).priority is Priority.URGENT
    (changed,) = of_kind(services.publisher.events, "PriorityChanged")
    assert changed.data == {"before": "normal", "after": "urgent", "reason": "sla_breached"}
    assert due_at == await services.pool.fetchval(
        "select due_at from sla_timer where target = 'resolution' and conversation_id = $1", late.id
    )


async def test_the_priority_is_never_lowered(services: TestServices) -> None:
    services = with_policy(services, first=60, raise_to=Priority.NORMAL)
    omar = await arrive(services, at=ago(minutes=5), priority=Priority.HIGH)

    await deadlines.fire_due(services)

    assert (await load_conversation(services.pool, omar.id)).priority is Priority.HIGH


async def test_two_processes_fire_each_deadline_once(services: TestServices, other: TestServices) -> None:
    services = with_policy(services, first=60)
    conversations = [await arrive(services, at=ago(minutes=5)) for _ in range(30)]
    other = with_policy(other, first=60)

    await asyncio.gather(*(deadlines.fire_due(each) for each in (services, other) * 4))
    await deadlines.fire_due(services)

    breached = of_kind(services.publisher.events + other.publisher.events, "SlaBreached")
    assert sorted(each.conversation_id or 0 for each in breached) == sorted(each.id for each in conversations)


async def test_a_conversation_somebody_holds_is_fired_when_it_is_free(services: TestServices) -> None:
    services = with_policy(services, first=60)
    held, free = await arrive(services, at=ago(minutes=5)), await arrive(services, at=ago(minutes=4))
    async with services.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from conversation where id = $1 for update", held.id)
        async with asyncio.timeout(30):
            following = await deadlines.fire_due(services)
        assert following is not None
        assert following < 0
        assert [each.conversation_id for each in of_kind(services.publisher.events, "SlaBreached")] == [free.id]
    await deadlines.fire_due(services)
    assert len(of_kind(services.publisher.events, "SlaBreached")) == 2


async def test_the_clock_worker_is_punctual_and_survives_the_database_going_away(
    services: TestServices, database: str
) -> None:
    services = with_policy(services, first=600)
    omar = await arrive(services)
    stop = asyncio.Event()
    async with Bell(database) as bell:
        clock = asyncio.create_task(sla_clock.run(services, bell, stop))
        await asyncio.sleep(0.3)
        await services.pool.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await services.pool.execute("update sla_timer set warn_at = now(), due_at = now() + interval '0.7 seconds'")
        await eventually(lambda: "SlaBreached" in services.publisher.kinds)
        stop.set()
        bell.wake_all()
        await asyncio.wait_for(clock, 30)

    row = await services.pool.fetchrow("select * from sla_timer where conversation_id = $1", omar.id)
    assert row is not None
    # The sweep of five seconds is the worst case: this deadline was moved behind the worker's back.
    assert row["noticed_at"] - row["due_at"] < timedelta(seconds=6)
    assert [services.publisher.kinds.count(kind) for kind in ("SlaWarned", "SlaBreached")] in ([1, 1], [0, 1])


async def test_a_timer_that_falls_due_soon_wakes_the_clock(services: TestServices, database: str) -> None:
    async with Bell(database) as bell:
        waking = with_policy(services, first=1, warn_at_share=0.5)
        waking = TestServices(
            pool=waking.pool, publisher=waking.publisher, waker=bell, organisation=waking.organisation  # type: ignore[arg-type]
        )  # fmt: skip
        stop = asyncio.Event()
        clock = asyncio.create_task(sla_clock.run(waking, bell, stop))
        await asyncio.sleep(0.3)
        await arrive(waking)
        await eventually(lambda: "SlaBreached" in services.publisher.kinds)
        stop.set()
        bell.wake_all()
        await asyncio.wait_for(clock, 30)

    row = await services.pool.fetchrow("select * from sla_timer")
    assert row is not None
    assert row["noticed_at"] - row["due_at"] < timedelta(milliseconds=400)
    assert row["warned_at"] - row["warn_at"] < timedelta(milliseconds=400)


async def test_a_second_message_does_not_move_the_deadline(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=5))
    before = await services.pool.fetchval("select due_at from sla_timer")

    await write_again(services, omar.id)

    assert await services.pool.fetchval("select due_at from sla_timer") == before


async def test_a_deadline_that_moved_away_is_warned_of_again(services: TestServices) -> None:
    services = with_policy(services, first=600)
    omar = await arrive(services, at=ago(seconds=500))
    await deadlines.fire_due(services)
    # Somebody gave everybody more time; a new priority is then reckoned by that.
    async with unit(with_policy(services, first=6000)) as work:
        raised = Enqueue("financial", Priority.URGENT, (), "raised")
        await queueing.enqueue_many(work, [(await work.lock(omar.id), raised)])
    await deadlines.fire_due(services)
    assert services.publisher.kinds.count("SlaWarned") == 1

    await services.pool.execute("update sla_timer set warn_at = now() where target = 'first_response'")
    await deadlines.fire_due(services)
    await deadlines.fire_due(services)
    assert services.publisher.kinds.count("SlaWarned") == 2
