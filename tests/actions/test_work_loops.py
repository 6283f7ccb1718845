"""The loops together: something arrives, somebody gets it; nobody there, it waits; the database goes, they go on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import pytest
from conftest import TestServices
from factories import make_viewer
from work_scenes import another_process, arrive, eventually, pending

from server.actions import assign, presence
from server.actions.unit import Services
from server.domain.errors import Unavailable
from server.domain.model import Presence
from server.store.pool import AWAY
from server.workers import offers as offers_loop
from server.workers import presence as presence_loop
from server.workers.bell import Bell

Loop = Callable[[Services, Bell, asyncio.Event], Coroutine[Any, Any, None]]


@asynccontextmanager
async def running(services: TestServices, database: str, *loops: Loop) -> AsyncIterator[Services]:
    """The loops of a process of its own, as `work` runs them; the services it gives ring its bell."""
    process = await another_process(services, database)
    stop = asyncio.Event()
    async with Bell(database) as bell:
        live = Services(pool=process.pool, publisher=services.publisher, waker=bell, organisation=services.organisation)
        tasks = [asyncio.create_task(loop(live, bell, stop)) for loop in loops]
        try:
            yield live
        finally:
            stop.set()
            bell.wake_all()
            await asyncio.wait_for(asyncio.gather(*tasks), 30)
            await process.pool.close()


async def test_a_waiting_conversation_is_offered_at_once_by_another_process(
    services: TestServices, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Woken, not swept.
    monkeypatch.setattr(offers_loop, "SWEEP_SECONDS", 600)
    await make_viewer(services.pool, presence=Presence.ONLINE)
    async with running(services, database, offers_loop.run), Bell(database) as bell:
        await asyncio.sleep(0.3)
        web = Services(pool=services.pool, publisher=services.publisher, waker=bell, organisation=services.organisation)
        await arrive(web)
        await eventually(lambda: "OfferMade" in services.publisher.kinds)


async def test_an_offer_ends_at_its_time_and_goes_on(services: TestServices, database: str) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=Presence.ONLINE)
    await arrive(services)
    await assign.match(services)
    karim = await make_viewer(services.pool, "Karim", presence=Presence.ONLINE)
    await services.pool.execute("update offer set expires_at = now() + interval '0.3 seconds'")

    async with running(services, database, offers_loop.run):
        await eventually(lambda: services.publisher.kinds.count("OfferMade") == 2)

    (offer,) = await pending(services.pool)
    assert offer["advisor_id"] == karim.user_id
    late = await services.pool.fetchval(
        "select extract(epoch from decided_at - expires_at) from offer where state = 'expired'"
    )
    assert late < 0.5
    assert await services.pool.fetchval("select presence from advisor where user_id = $1", salma.user_id) == "away"


async def test_a_browser_killed_in_the_middle_of_an_offer(
    services: TestServices, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease lapses by itself; the offer goes to a colleague with its age, the work follows after the grace."""
    monkeypatch.setattr(presence, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.5)
    salma = await make_viewer(services.pool, "Salma", capacity=2)
    await presence.open_lease(services, salma.user_id, "browser", "web-1")
    await presence.set_presence(services, salma, Presence.ONLINE)
    held = await arrive(services)
    await assign.match(services)
    await assign.accept(services, salma, (await pending(services.pool))[0]["id"])
    offered = await arrive(services, "Rania")
    await assign.match(services)
    karim = await make_viewer(services.pool, "Karim", presence=Presence.ONLINE)

    async with running(services, database, offers_loop.run, presence_loop.run):
        await eventually(lambda: services.publisher.kinds.count("OfferMade") == 4)

    offers = {each["conversation_id"]: each for each in await pending(services.pool, karim.user_id)}
    assert offers.keys() == {held.id, offered.id}
    assert offers[held.id]["entered_at"] == held.waiting_since
    assert offers[offered.id]["entered_at"] == offered.waiting_since


async def test_two_processes_share_the_work_and_survive_the_database_going_away(
    services: TestServices, database: str
) -> None:
    for name in ("Salma", "Karim", "Layla"):
        await make_viewer(services.pool, name, presence=Presence.ONLINE, capacity=4)
    async with (
        running(services, database, offers_loop.run, presence_loop.run) as one,
        running(services, database, offers_loop.run, presence_loop.run) as two,
    ):
        for number in range(8):
            await arrive_somehow(one if number % 2 else two)
            if number == 4:
                await cut_every_connection(database)
        await eventually(lambda: services.publisher.kinds.count("OfferMade") >= 8)

    # An arrival whose commit was cut off may have been written all the same, and then tried again.
    assert len(await pending(services.pool)) in (8, 9)
    assert await services.pool.fetchval("select count(*) from waiting") == 0


async def arrive_somehow(services: Services) -> None:
    """As an intake that was just cut off tries again."""
    for _ in range(20):
        with suppress(Unavailable, *AWAY):
            await arrive(services)
            return
    raise AssertionError("The database did not come back.")


async def cut_every_connection(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    await connection.close()
