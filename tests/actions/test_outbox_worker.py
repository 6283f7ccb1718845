"""The sending loop as a whole: many conversations, a killed process, a clean stop."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from conftest import TestServices
from factories import make_conversation, make_viewer
from playing_meta import Meta, accept

from server.actions.deliver import Deliverer
from server.actions.send import Sending, send_many
from server.actions.unit import Topic, unit
from server.domain.model import Author, Purpose
from server.domain.outgoing import Text
from server.store import organisation as organisations
from server.store.vault import Vault, generate_key
from server.workers import outbox
from server.workers.bell import Bell


async def fill(services: TestServices, conversations: int, each: int) -> None:
    owner = await make_viewer(services.pool, capacity=100)
    for number in range(conversations):
        talk = await make_conversation(services.pool, owner=owner)
        async with unit(services) as work:
            locked = await work.lock(talk.id)
            await send_many(work, [
                Sending(conversation=locked, outgoing=Text(f"{number}.{place}"), author=Author.ADVISOR,
                        author_id=owner.user_id, purpose=Purpose.REPLY)
                for place in range(each)
            ])  # fmt: skip


@asynccontextmanager
async def running(services: TestServices, meta: Meta, bell: Bell) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with meta.client(5) as graph:
        deliverer = Deliverer(services, graph, Vault([generate_key()]), default_token="TOKEN")
        task = asyncio.create_task(outbox.run(deliverer, bell, stop))
        try:
            yield stop
        finally:
            stop.set()
            bell.wake_all()
            await asyncio.wait_for(task, 30)


async def until(condition: Any, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def count(services: TestServices, state: str) -> int:
    found: int = await services.pool.fetchval("select count(*) from outbox where state = $1", state)
    return found


async def test_everything_leaves_once_and_in_order(services: TestServices, meta: Meta) -> None:
    await fill(services, 15, 4)

    async def all_accepted() -> bool:
        return await count(services, "accepted") == 60

    async with running(services, meta, Bell()), running(services, meta, Bell()):
        await until(all_accepted)
    assert len(meta.texts) == len(set(meta.texts)) == 60
    for number in range(15):
        mine = [text for text in meta.texts if text.split(".")[0] == str(number)]
        assert mine == [f"{number}.{place}" for place in range(4)]


async def test_a_wake_is_enough(services: TestServices, meta: Meta) -> None:
    bell = Bell()
    async with running(services, meta, bell):
        await asyncio.sleep(0.2)
        await fill(services, 1, 1)
        started = asyncio.get_running_loop().time()
        bell.wake(Topic.OUTBOX)

        async def sent() -> bool:
            return bool(meta.sends)

        await until(sent)
        assert asyncio.get_running_loop().time() - started < 0.5


async def test_a_stop_waits_for_the_calls_that_are_out(services: TestServices, meta: Meta) -> None:
    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return await accept(request, body)

    meta.answer = slow
    await fill(services, 3, 1)

    async def out() -> bool:
        return len(meta.sends) == 3

    async with running(services, meta, Bell()):
        await until(out)
    assert await count(services, "accepted") == 3
    assert await services.pool.fetchval("select count(*) from lease where expires_at > now()") == 0


async def test_the_database_goes_away_and_comes_back(services: TestServices, meta: Meta) -> None:
    await fill(services, 6, 2)
    cut = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )

    async def all_settled() -> bool:
        return await count(services, "accepted") == 12

    async with running(services, meta, Bell()):
        for _ in range(5):
            await asyncio.sleep(0.05)
            try:
                await services.pool.execute(cut)
            except Exception:
                continue
        await until(all_settled, 30)
    assert len(meta.texts) == len(set(meta.texts)) == 12


PROCESS = textwrap.dedent("""
    import asyncio, sys
    from server.actions.deliver import Deliverer
    from server.actions.unit import Services
    from server.channels.graph import GraphClient
    from server.store import organisation
    from server.store.pool import open_pool
    from server.store.vault import Vault, generate_key
    from server.workers import outbox
    from server.workers.bell import Bell

    class Silent:
        def publish(self, committed): pass

    async def main(dsn, url):
        pool = await open_pool(dsn)
        async with pool.acquire() as connection:
            loaded = await organisation.load(connection)
        bell = Bell()
        services = Services(pool=pool, publisher=Silent(), waker=bell, organisation=lambda: loaded)
        async with GraphClient(graph_url=url + "/fb", instagram_graph_url=url + "/ig", version="v26.0") as graph:
            deliverer = Deliverer(services, graph, Vault([generate_key()]), default_token="TOKEN")
            await outbox.run(deliverer, bell, asyncio.Event(), slots=8)

    asyncio.run(main(*sys.argv[1:]))
""")


@pytest.mark.slow
async def test_processes_killed_mid_send_never_double(services: TestServices, meta: Meta, database: str) -> None:
    """Some calls are out, some recorded, some only claimed when each process dies."""

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return await accept(request, body)

    meta.answer = slow
    await fill(services, 30, 4)
    for _ in range(4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, database, meta.url, cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONPATH": "."},
        )  # fmt: skip
        seen = len(meta.sends)

        async def some_sent(seen: int = seen) -> bool:
            return len(meta.sends) >= seen + 6

        await until(some_sent)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        # What the dead process had sent to the database ends first; then the next one need not wait for the leases,
        # nor for the hold of what is uncertain.
        await asyncio.sleep(0.2)
        await services.pool.execute("update lease set expires_at = '-infinity'")
        await services.pool.execute("update outbox set lease_expires_at = '-infinity' where state = 'sending'")
        await services.pool.execute(
            "update outbox set state = 'uncertain', holds_until = now() where state = 'sending'"
        )

    async def drained() -> bool:
        return await count(services, "queued") + await count(services, "sending") == 0

    async with running(services, meta, Bell()):
        await until(drained)
    assert len(meta.texts) == len(set(meta.texts)), "nothing twice"
    for number in range(30):
        places = [int(text.split(".")[1]) for text in meta.texts if text.split(".")[0] == str(number)]
        assert places == sorted(places), "in order"
    accepted = await services.pool.fetch("select m.text from message m join outbox o on o.message_id = m.id"
                                         " where o.state = 'accepted'")  # fmt: skip
    assert {row["text"] for row in accepted} <= set(meta.texts), "accepted means sent"
    unknown = await services.pool.fetch("select m.text from message m join outbox o on o.message_id = m.id"
                                        " where o.state = 'uncertain'")  # fmt: skip
    unsent = {f"{number}.{place}" for number in range(30) for place in range(4)} - set(meta.texts)
    assert unsent <= {row["text"] for row in unknown}, "what did not arrive is shown as uncertain"


async def test_an_outcome_whose_transaction_lost_a_deadlock_is_recorded_by_the_next(
    services: TestServices, meta: Meta
) -> None:
    """PostgreSQL ends whoever looks for the circle first: here the recorder, who then records it again."""
    await services.pool.execute(f"alter database {await current_database(services)} set deadlock_timeout = '100ms'")
    await services.pool.expire_connections()
    held = asyncio.Event()

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await held.wait()
        return await accept(request, body)

    async def sent() -> bool:
        return bool(meta.sends)

    async def recorder_waits() -> bool:
        return bool(await services.pool.fetchval("select exists (select from pg_locks where not granted)"))

    async def accepted() -> bool:
        return await count(services, "accepted") == 1

    meta.answer = slow
    await fill(services, 1, 1)
    async with running(services, meta, Bell()):
        await until(sent)
        async with services.pool.acquire() as mine, mine.transaction():
            await mine.execute("set local deadlock_timeout = '20s'")
            await mine.execute("select from outbox for update")
            held.set()
            await until(recorder_waits)
            # It holds the conversation and waits for the row.
            await mine.execute("select from conversation for update")
        await until(accepted)


async def current_database(services: TestServices) -> str:
    name: str = await services.pool.fetchval("select current_database()")
    return name


async def test_all_slots_taken_holds_up_nothing_else(services: TestServices, meta: Meta) -> None:
    """With more to send than slots, what has just come back counts twice for a moment."""

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(0.01)
        return await accept(request, body)

    meta.answer = slow
    await services.pool.execute(
        "update inbox set definition = definition || '{\"throughput\": 0}';"
        " update organisation set version = version + 1"
    )
    async with services.pool.acquire() as connection:
        unlimited = await organisations.load(connection)
    await fill(services, 12, 3)
    free = TestServices(
        pool=services.pool, publisher=services.publisher, waker=services.waker, organisation=lambda: unlimited
    )
    stop, bell = asyncio.Event(), Bell()
    async with meta.client(5) as graph, asyncio.timeout(30):
        deliverer = Deliverer(free, graph, Vault([generate_key()]), default_token="TOKEN")
        task = asyncio.create_task(outbox.run(deliverer, bell, stop, slots=2))
        while await count(services, "accepted") < 36:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        stop.set()
        bell.wake_all()
        await task
