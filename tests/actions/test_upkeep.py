"""What grows old is forgotten; what happens is counted."""

import asyncio

import msgspec
import pytest
from arriving import inbox_of, whatsapp
from conftest import TestServices
from factories import make_conversation, make_viewer
from prometheus_client import REGISTRY
from work_scenes import arrive, eventually, pending

from server.actions import assign, sessions, upkeep
from server.actions.unit import Services, Topic, unit
from server.domain.model import Presence
from server.store import journal
from server.workers import applier
from server.workers.bell import Bell


async def test_links_that_grew_old_are_forgotten(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy")
    await sessions.make_sign_in_link(services, salma.email)
    await services.pool.execute("update sign_in_link set expires_at = now() - interval '1 second'")
    await sessions.make_sign_in_link(services, salma.email)
    await upkeep.keep(services)
    assert await services.pool.fetchval("select count(*) from sign_in_link") == 1


async def test_keys_that_grew_old_are_forgotten_all_of_them(
    services: TestServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_PORTION", 2)
    await services.pool.execute(
        "insert into inbound_key (inbox_id, key, at) select 'financial-whatsapp', 'm:' || n,"
        " now() - make_interval(days => case when n <= 5 then 61 else 1 end) from generate_series(1, 7) n"
    )
    await upkeep.keep(services)
    kept = await services.pool.fetch("select key from inbound_key order by key")
    assert [row["key"] for row in kept] == ["m:6", "m:7"]


async def test_however_long_upkeep_takes_the_journal_is_applied(
    services: TestServices, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, stop = asyncio.Event(), asyncio.Event()

    async def endless(services: Services) -> None:
        started.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(upkeep, "keep", endless)
    async with Bell(database) as bell:
        worker = asyncio.create_task(applier.run(services, bell, stop))
        await started.wait()
        body = msgspec.json.encode(whatsapp(inbox_of(services, "financial"), "Hello"))
        async with services.pool.acquire() as connection:
            await journal.append(connection, [("default", {}, body)])
        bell.wake(Topic.JOURNAL)
        await eventually(lambda: "MessageReceived" in services.publisher.kinds)
        stop.set()
        bell.wake_all()
        await asyncio.wait_for(worker, 30)


async def test_a_conversation_that_was_only_looked_at_is_not_written(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    version = "select xmin::text from conversation where id = $1"
    before = await services.pool.fetchval(version, conversation.id)
    async with unit(services) as work:
        await work.lock(conversation.id)
    # A lock is not seen in xmin, a write is.
    assert await services.pool.fetchval(version, conversation.id) == before
    async with unit(services) as work:
        (await work.lock(conversation.id)).unread += 1
    assert await services.pool.fetchval(version, conversation.id) != before


async def test_offers_are_counted_by_how_they_ended(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy", presence=Presence.ONLINE)
    await arrive(services)
    await assign.match(services)
    before = counted("majlis_offers_total", state="accepted")
    [offer] = await pending(services.pool)
    await assign.accept(services, salma, offer["id"])
    await assign.accept(services, salma, offer["id"])
    assert counted("majlis_offers_total", state="accepted") == before + 1


async def test_what_waits_in_the_journal_has_an_age(services: TestServices) -> None:
    async with services.pool.acquire() as connection:
        assert await journal.lag(connection) == journal.Lag(rows=0, seconds=0)
        await journal.append(connection, [("default", {}, b"{}")])
        await connection.execute("update journal set received_at = received_at - interval '7 seconds'")
        lag = await journal.lag(connection)
    assert (lag.rows, round(lag.seconds)) == (1, 7)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0
