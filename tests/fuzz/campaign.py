"""Sends damaged deliveries through the real door to the real applier, and counts what went wrong."""

import asyncio
import contextlib
import itertools
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence

import aiohttp
import msgspec
import uvicorn
from fuzz.deliveries import Pair, pairs
from litestar import Litestar

from server.actions.journal import Journal
from server.actions.unit import Publisher, Services
from server.channels.signature import sign
from server.domain.organisation import Organisation
from server.store.pool import Pool
from server.web.webhooks import BODY_LIMIT, WebhookKeys, webhook_route
from server.workers import applier
from server.workers.bell import Bell

_SECRET = "fuzz"
_AT_ONCE = 16
_CHUNK = 250
HANG_SECONDS = 10.0


class Verdict(msgspec.Struct):
    """`hangs`: answers, or progress of the applier, later than 10 s. `not_200`: neither that nor 5xx."""

    bodies: int = 0
    server_errors: int = msgspec.field(name="5xx", default=0)
    not_200: int = 0
    hangs: int = 0
    unapplied: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = {}
    lost_neighbours: int = 0
    messages: int = 0
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not (self.server_errors or self.not_200 or self.hangs or self.unapplied or self.lost_neighbours)


async def run(
    pool: Pool, dsn: str, organisation: Organisation, publisher: Publisher, *, count: int, seed: int
) -> Verdict:
    verdict, begun = Verdict(), time.monotonic()
    bell = Bell(dsn)
    services = Services(pool=pool, publisher=publisher, waker=bell, organisation=lambda: organisation)
    await bell.start()
    stop = asyncio.Event()
    worker = asyncio.create_task(applier.run(services, bell, stop))
    ids: list[str] = []
    try:
        async with _door(services) as http:
            for chunk in _chunks(pairs(organisation, count, seed)):
                await _send(http, chunk, verdict)
                ids += [pair.neighbour_id for pair in chunk]
                if not await _applied(pool, verdict):
                    break
    finally:
        stop.set()
        bell.wake_all()
        await worker
        await bell.stop()
    verdict.unapplied = await pool.fetchval("select count(*) from journal where applied_at is null")
    rows = await pool.fetch(
        "select concat_ws(' ', reason, case when reason = 'refused' then detail end) as reason, count(*)"
        " from quarantine group by 1 order by 2 desc"
    )
    verdict.reasons = {row["reason"]: row["count"] for row in rows}
    verdict.quarantined = sum(verdict.reasons.values())
    verdict.messages = await pool.fetchval("select count(*) from message where direction = 'inbound'")
    verdict.lost_neighbours = await pool.fetchval(
        "select count(*) from unnest($1::text[]) as sent (id)"
        " where not exists (select from message m where m.provider_id = sent.id)",
        ids,
    )
    verdict.seconds = round(time.monotonic() - begun, 1)
    return verdict


def _chunks(deliveries: Iterator[Pair]) -> Iterator[list[Pair]]:
    while chunk := list(itertools.islice(deliveries, _CHUNK)):
        yield chunk


async def _send(http: aiohttp.ClientSession, chunk: Sequence[Pair], verdict: Verdict) -> None:
    bodies = [body for pair in chunk for body in (pair.damaged, pair.neighbour) if body is not None]
    verdict.bodies += len(chunk)
    free = asyncio.Semaphore(_AT_ONCE)

    async def post(body: bytes) -> None:
        async with free:
            try:
                async with asyncio.timeout(HANG_SECONDS):
                    status = await _post(http, body)
            except TimeoutError:
                verdict.hangs += 1
                return
        verdict.server_errors += status >= 500
        verdict.not_200 += 200 != status < 500 and not (status == 413 and len(body) > BODY_LIMIT)

    await asyncio.gather(*(post(body) for body in bodies))


async def _post(http: aiohttp.ClientSession, body: bytes) -> int:
    async with http.post("/webhooks/meta", data=body, headers={"X-Hub-Signature-256": sign(body, _SECRET)}) as answer:
        return answer.status


async def _applied(pool: Pool, verdict: Verdict) -> bool:
    """Waits until nothing waits; False when it stands still."""
    fewest, moved_at = None, time.monotonic()
    while left := await pool.fetchval("select count(*) from journal where applied_at is null"):
        if fewest is None or left < fewest:
            fewest, moved_at = left, time.monotonic()
        elif time.monotonic() - moved_at > HANG_SECONDS:
            verdict.hangs += 1
            return False
        await asyncio.sleep(0.02)
    return True


@contextlib.asynccontextmanager
async def _door(services: Services) -> AsyncIterator[aiohttp.ClientSession]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    apps = services.organisation().apps
    keys = WebhookKeys({id: (_SECRET if id == "default" else "",) for id in apps}, {})
    app = Litestar([webhook_route(Journal(services.pool, services.waker), lambda: keys)], openapi_config=None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_keep_alive=600))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve([listener]))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.getsockname()[1]}") as http:
        yield http
    server.should_exit = True
    await task
