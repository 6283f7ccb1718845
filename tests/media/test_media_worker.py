"""The loop: files side by side, nothing held up by a slow one, nothing lost by a stop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from conftest import TestServices
from media.filing import by_id, outcome, row
from media.keeping_meta import FileMeta, stalls
from media.making_files import picture

from server.actions import media
from server.actions.media import Fetcher
from server.actions.media_sending import Bringer
from server.actions.unit import Topic
from server.store import attachments
from server.workers import media as worker
from server.workers.bell import Bell

PICTURE = picture()


@contextlib.asynccontextmanager
async def working(services: TestServices, fetcher: Fetcher, bringer: Bringer) -> AsyncIterator[Bell]:
    bell, stop = Bell(), asyncio.Event()
    task = asyncio.create_task(worker.run(services, fetcher, bringer, bell, stop))
    try:
        yield bell
    finally:
        stop.set()
        bell.wake_all()
        await asyncio.wait_for(task, 30)


async def until(services: TestServices, id: int, state: str, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while (await outcome(services, id))[0] != state:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_file_comes_as_soon_as_it_is_announced(
    meta: FileMeta, fetcher: Fetcher, bringer: Bringer, keeping: TestServices
) -> None:
    meta.holds("x", PICTURE)
    async with working(keeping, fetcher, bringer) as bell:
        await asyncio.sleep(0.3)
        id = await by_id(keeping, "x")
        bell.wake(Topic.MEDIA)
        await until(keeping, id, "stored", 3)


async def test_a_file_that_stalls_delays_no_other(
    meta: FileMeta, fetcher: Fetcher, bringer: Bringer, keeping: TestServices
) -> None:
    for name in ("a", "b", "c"):
        meta.holds(name, PICTURE, answer=stalls)
    meta.holds("x", PICTURE)
    slow = [await by_id(keeping, name) for name in ("a", "b", "c")]
    async with working(keeping, fetcher, bringer) as bell:
        for id in slow:
            await until(keeping, id, "fetching")
        id = await by_id(keeping, "x")
        bell.wake(Topic.MEDIA)
        await until(keeping, id, "stored", 3)
    # Stopped while it waited for them: they are given back, as if nobody had touched them.
    for each in slow:
        found = await row(keeping, each)
        assert (found["state"], found["attempts"]) == ("waiting", 0)


async def test_no_more_at_once_than_allowed(
    meta: FileMeta, fetcher: Fetcher, bringer: Bringer, keeping: TestServices
) -> None:
    now, most = 0, 0

    async def slowly(_: web.Request) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.1)
        now -= 1
        return web.Response(body=b"")

    ids = []
    for number in range(worker.FETCHES + 4):
        meta.holds(str(number), PICTURE, answer=slowly)
        ids.append(await by_id(keeping, str(number)))
    async with working(keeping, fetcher, bringer):
        for id in ids:
            await until(keeping, id, "failed")
    assert 1 < most <= worker.FETCHES


async def test_what_takes_long_stays_ours(
    meta: FileMeta, fetcher: Fetcher, bringer: Bringer, keeping: TestServices, monkeypatch: Any
) -> None:
    monkeypatch.setattr(media, "LEASE_SECONDS", 0.6)
    monkeypatch.setattr(worker, "LEASE_SECONDS", 0.6)
    monkeypatch.setattr(worker, "_RENEW_SECONDS", 0.2)

    async def slowly(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1.5)
        return web.Response(body=PICTURE)

    meta.holds("x", PICTURE, answer=slowly)
    id = await by_id(keeping, "x")
    async with working(keeping, fetcher, bringer):
        await until(keeping, id, "stored")
    assert (await row(keeping, id))["attempts"] == 1


async def test_a_replayed_message_fetches_nothing_again(
    meta: FileMeta, fetcher: Fetcher, bringer: Bringer, keeping: TestServices
) -> None:
    meta.holds("x", PICTURE)
    id = await by_id(keeping, "x")
    await fetcher.fetch_due()
    async with keeping.pool.acquire() as connection:
        assert await attachments.claim(connection, 10, 30) == []
        assert await attachments.seconds_to_next(connection) is None
    assert await outcome(keeping, id) == ("stored", None)
    assert meta.fetched("x") == 1
