"""Two web processes and two workers over one database and one Redis-compatible server."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import asyncpg
import pytest
from resilience.people import LAYLA, NADIA, console
from resilience.programs import Program
from resilience.stand import Meta, Stand, free_port, stand

METRICS_TOKEN = "figures-for-who-watches"


class Fleet:
    """`webs` and `workers` share the database; the first worker leads, the others start when a test says so.

    The first worker can be asked at `door`.
    """

    def __init__(self, bench: Stand, dsn: str, redis: str) -> None:
        shared = {"DATABASE_URL": dsn, "REDIS_URL": redis, "METRICS_TOKEN": METRICS_TOKEN}
        self.dsn = dsn
        self.meta: Meta = bench.meta
        other = str(free_port())
        self.urls = (bench.url, f"http://127.0.0.1:{other}")
        self.webs = (bench.serving("web-a", **shared), bench.serving("web-b", other, **shared))
        watched = str(free_port())
        self.door = f"http://127.0.0.1:{watched}"
        self.workers = (bench.working("worker-a", PORT=watched, **shared), bench.working("worker-b", **shared))

    async def ask(self, statement: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return [row[0] if len(row) == 1 else tuple(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    async def wait(self, statement: str, *values: Any, seconds: float = 30) -> list[Any]:
        """The rows, once there are any."""
        until = time.monotonic() + seconds
        while not (found := await self.ask(statement, *values)):
            assert time.monotonic() < until, f"nothing came of: {statement}"
            await asyncio.sleep(0.03)
        return found


@pytest.fixture
async def fleet(database: str, valkey: str) -> AsyncIterator[Fleet]:
    async with stand() as bench:
        await bench.play_meta()
        made = Fleet(bench, database, valkey)
        for each in (*made.webs, made.workers[0]):
            each.start()
        for url in made.urls:
            await bench.ready(url)
        await made.workers[0].said("working", 60)
        yield made


async def start(worker: Program) -> None:
    worker.start()
    await worker.said("working", 60)


async def test_the_journey_over_two_webs_and_two_workers(fleet: Fleet) -> None:
    await start(fleet.workers[1])
    here, there = fleet.urls
    async with (
        console(fleet.dsn, here, LAYLA) as layla,
        console(fleet.dsn, there, NADIA) as nadia,
        console(fleet.dsn, there, LAYLA) as phone,
    ):
        await layla.connect()
        await layla.post("/api/me/presence", {"presence": "online"})
        await nadia.connect()
        await fleet.meta.customer("salim", language="en")
        await fleet.meta.say("salim", "financial-whatsapp", "I want to open a portfolio")
        assert len(await fleet.meta.answers("salim", "financial-whatsapp", 1)) == 1

        offer = (await layla.until("event", kind="OfferMade"))["offer"]
        await layla.post(f"/api/offers/{offer['id']}/accept", {"command_id": "accept-by-layla"})
        seen = await nadia.until("event", kind="ConversationAssigned")
        assert seen["conversation"]["owner"]["name"] == "Layla Haddad"

        # Layla's second device speaks to the other web process.
        [mine] = (await phone.get("/api/inbox"))["conversations"]
        answer = await phone.post(
            f"/api/conversations/{mine['id']}/replies",
            {"command_id": "reply-by-layla", "text": "Good day, Salim.", "based_on_version": mine["version"]},
            status=201,
        )
        said = await fleet.meta.answers("salim", "financial-whatsapp", 2)
        assert [line["text"] for line in said[1:]] == ["Good day, Salim."]
        for screen in (layla, nadia):
            moved = {"kind": "MessageMoved"}
            while (await screen.until("event", 30, **moved))["message"]["id"] != answer["message"]["id"]:
                screen.heard.remove(next(each for each in screen.heard if each[1].get("kind") == "MessageMoved"))
        await fleet.wait("select 1 from message where id = $1 and status = 'delivered'", answer["message"]["id"])


@pytest.mark.parametrize("told", [True, False], ids=["a status tells", "nobody tells"])
async def test_a_worker_killed_while_it_sends_doubles_nothing(fleet: Fleet, told: bool) -> None:
    inbox = "hospitality-whatsapp"
    await fleet.meta.turn(timeouts=1, timeout_seconds=60, silent_statuses=not told)
    await fleet.meta.customer("maya", language="en")
    await fleet.meta.say("maya", inbox, "Hello")
    # Meta has it, and the worker waits for the answer.
    out = (await fleet.meta.answers("maya", inbox, 1))[0]["local_id"]
    await start(fleet.workers[1])
    fleet.workers[0].kill()
    await fleet.meta.turn(timeouts=0)
    if told:
        await fleet.wait("select 1 from outbox where local_id = $1::text::uuid and state = 'accepted'", out)
    else:
        await _later(fleet)
        await fleet.wait(
            "select 1 from message m join outbox o on o.message_id = m.id where o.local_id = $1::text::uuid"
            " and o.state = 'uncertain' and m.status = 'uncertain'", out,
        )  # fmt: skip
    await fleet.meta.say("maya", inbox, "Are you open?")
    answers = await fleet.meta.answers("maya", inbox, 2, 30)
    assert len(answers) >= 2, "the conversation should have gone on"
    assert [line["local_id"] for line in answers].count(out) == 1
    assert len({line["local_id"] for line in answers}) == len(answers)


async def test_another_worker_goes_on_when_one_is_killed(fleet: Fleet) -> None:
    await start(fleet.workers[1])
    await fleet.meta.customer("huda", language="ar")
    await fleet.meta.say("huda", "education-messenger", "مرحبا")
    await fleet.wait("select 1 from message where direction = 'inbound'")
    fleet.workers[0].kill()
    await fleet.meta.say("huda", "education-messenger", "كم السعر؟")
    # A standby takes over within five seconds; the rest is for a busy machine.
    await fleet.wait("select 1 from message where direction = 'inbound' offset 1", seconds=10)


async def test_a_workers_figures_are_read_at_a_door_of_its_own(fleet: Fleet) -> None:
    await fleet.meta.customer("maya", language="en")
    await fleet.meta.say("maya", "hospitality-whatsapp", "Hello")
    await fleet.meta.answers("maya", "hospitality-whatsapp", 1)
    async with aiohttp.ClientSession() as http:

        async def ask(place: str, **headers: str) -> tuple[int, str]:
            async with http.get(place, headers=headers) as answer:
                return answer.status, await answer.text()

        figures = ""
        async with asyncio.timeout(30):
            # Counted once the answer of Meta is written down.
            while 'majlis_sends_total{channel="whatsapp"' not in figures:
                await asyncio.sleep(0.05)
                figures = (await ask(f"{fleet.door}/metrics"))[1]
        assert "majlis_items_applied_total{" in figures
        # They are the worker's own: the web counts none of it.
        assert "majlis_items_applied_total{" not in (await ask(f"{fleet.urls[0]}/metrics"))[1]
        for path in ("/healthz", "/readyz"):
            assert (await ask(f"{fleet.door}{path}"))[0] == 200
        for path in ("/", "/sign-in", "/api/inbox", "/webhooks/meta", "/socket.io/"):
            assert (await ask(f"{fleet.door}{path}", Accept="text/html"))[0] == 404, path
        # As another machine asks, of a worker and of the web.
        elsewhere = {"Host": "worker-a.example:8000"}
        for place in (fleet.door, fleet.urls[0]):
            assert (await ask(f"{place}/metrics", **elsewhere))[0] == 403
            for given, status in ((METRICS_TOKEN, 200), (METRICS_TOKEN[:-1], 403), ("", 403), ("é", 403)):
                assert (await ask(f"{place}/metrics", Authorization=f"Bearer {given}", **elsewhere))[0] == status
            assert (await ask(f"{place}/metrics", Authorization=METRICS_TOKEN, **elsewhere))[0] == 403


async def test_a_worker_without_a_port_says_that_it_has_no_door(fleet: Fleet) -> None:
    await start(fleet.workers[1])
    assert "PORT is not set" in fleet.workers[1].words()
    assert "watched" not in fleet.workers[1].words()


async def _later(fleet: Fleet) -> None:
    """The minutes pass after which a call without an answer is given up, and then shown."""
    await fleet.ask("update outbox set lease_expires_at = now() - interval '1 second' where state = 'sending'")
    await fleet.wait("select 1 from outbox where state = 'uncertain'")
    await fleet.ask("update outbox set holds_until = now() - interval '1 second' where state = 'uncertain'")
