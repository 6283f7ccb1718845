"""Kills the product and its database again and again under load, then asks the outside checker."""

import asyncio
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from resilience import record, truth
from resilience.load import Advisor, until, write_in_bursts
from resilience.people import LAYLA, OMAR, SOPHIE
from resilience.programs import CHECKOUT, Program
from resilience.stand import Stand, stand
from resilience.verdict import Verdict, judge

SWITCHES = {"duplicates": 0.3, "recut": 0.3, "disorder": 0.2, "batch": 8}
CALM = {"duplicates": 0, "recut": 0, "disorder": 0, "rate": 0}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`rate`: scripted conversations per minute, beside the people who write in bursts. `patient`: long waits of the
    product's own are waited for at the end, rather than brought forward in the database."""

    kills: int = 3
    postgres_kills: int = 1
    rate: float = 120
    writers_per_inbox: int = 2
    # How long the product runs between two kills, at least and at most: sometimes too short for the intake, whose
    # lease a dead holder keeps for seconds, sometimes long enough for everything.
    between: tuple[float, float] = (0.3, 6.0)
    patient: bool = False
    seed: int = 1
    tree: Path = CHECKOUT
    # Where the outputs and the simulator's log are copied to.
    keep: Path | None = None


async def run(plan: Plan) -> Verdict:
    dice = random.Random(plan.seed)
    async with stand(plan.tree) as bench:
        meta = await bench.play_meta()
        server = bench.serving()
        server.start()
        await bench.ready()
        inboxes = (await meta.state())["inboxes"]
        await meta.turn(**SWITCHES, rate=plan.rate)
        dsn = bench.database.dsn
        advisors = [Advisor(email, dsn, bench.url, dice) for email in (LAYLA, OMAR, SOPHIE)]
        quiet, stop = asyncio.Event(), asyncio.Event()
        writing = asyncio.create_task(write_in_bursts(meta, inboxes, plan.writers_per_inbox, dice, quiet))
        working = [asyncio.create_task(each.work(stop)) for each in advisors]
        try:
            began = time.monotonic()
            back = await _kill(bench, server, plan, dice)
            await asyncio.sleep(1)
            quiet.set()
            await writing
            figures = {"seconds_under_fire": round(time.monotonic() - began, 1), **await _calm(bench, stop, working)}
        finally:
            for task in (writing, *working):
                task.cancel()
            await asyncio.gather(writing, *working, return_exceptions=True)
        await truth.settled(dsn, 150 if plan.patient else 15, hurry_before=_hurry(plan))
        # What came to its end just now may have caused receipts.
        drained = await meta.drained(20)
        open_still = await truth.settled(dsn, 10)
        await asyncio.sleep(truth.PARKED_SECONDS)
        if plan.keep is not None:
            bench.copy_words(plan.keep)
        verdict = judge(record.read(bench.log), await truth.read(dsn), [each for a in advisors for each in a.commands])
        verdict.figures |= {
            "server_kills": plan.kills, "postgres_kills": plan.postgres_kills, **figures,
            "back_after_seconds": _spread(back), "drained": drained, "still_open": open_still,
            "offers_accepted": sum(each.accepted for each in advisors),
            "sockets_opened": sum(each.connections for each in advisors),
        }  # fmt: skip
        if plan.kills and not verdict.figures["offers_accepted"]:
            verdict.out_of_place.append("no advisor was offered anything")
        return verdict


async def _kill(bench: Stand, server: Program, plan: Plan, dice: random.Random) -> list[float]:
    """In a random order; returns how long each time it took until the product answered again."""
    victims = ["server"] * plan.kills + ["postgres"] * plan.postgres_kills
    dice.shuffle(victims)
    back = []
    for number, victim in enumerate(victims):
        await asyncio.sleep(dice.uniform(*plan.between))
        killed = time.monotonic()
        if victim == "server":
            server.kill()
            server.start()
        else:
            await bench.kill_postgres(children=number % 2 == 0)
            # The dead database is noticed by asking it.
            await asyncio.sleep(0.3)
        await bench.ready()
        back.append(time.monotonic() - killed)
    return back


async def _calm(bench: Stand, stop: asyncio.Event, working: list[asyncio.Task[None]]) -> dict[str, Any]:
    """No more news: everybody finishes what they began, and Meta delivers what it holds."""
    await bench.meta.turn(**CALM)
    playing = (await bench.meta.state())["scripted"]
    for _ in range(60):
        if not playing["playing"]:
            break
        await asyncio.sleep(0.5)
        playing = (await bench.meta.state())["scripted"]
    await bench.meta.drained(30)
    stop.set()
    await until(lambda: all(task.done() for task in working), 12)
    return {"scripted_customers": playing["started"], "still_playing": playing["playing"]}


def _hurry(plan: Plan) -> datetime | None:
    return None if plan.patient else datetime.now(UTC)


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    return {"median": round(ordered[len(ordered) // 2], 2), "most": round(ordered[-1], 2)}
