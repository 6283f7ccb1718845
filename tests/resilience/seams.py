"""`python -m tests.resilience.seams --kills 500`: kill -9 at the five seams of a send, checked from outside.

Senders of the product, each a process of its own, are killed before they claim, when they have claimed, while the call
is out, when the answer is in and when it was recorded; the rest of the product and Meta's simulator live on. Then what
the simulator took is held against the database: nothing twice, nothing lost, each at an end or shown as uncertain.
Prints one JSON verdict; ends with 0 when it is clean.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from resilience import outbound, record, truth
from resilience.outbound import Findings, stoppable
from resilience.programs import CHECKOUT, Program
from resilience.seams_process import SEAMS
from resilience.stand import Stand, stand

from server.actions.unit import Services
from server.embedded import EmbeddedPostgres
from server.store.pool import Pool, open_pool

INBOXES = ("financial-whatsapp", "financial-messenger", "financial-instagram")
# Nothing of this is about PostgreSQL's own crashes.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# How often a sender comes by with a handful to send: it claims and records many together.
_PASSES = {"before claim": 3, "claimed": 2, "call out": 4, "answer in": 4, "recorded": 2}
_MODULE = "tests.resilience.seams_process"

# What a dead sender held comes free now rather than in a minute and a half. News of what it sent gets its time.
_FREE = "update lease set expires_at = '-infinity' where name like 'outbox:%'"
_HURRY = """
update outbox
set lease_expires_at = least(lease_expires_at, now()),
    holds_until = least(holds_until, greatest(now(), sending_at + interval '2 seconds'))
where id in (select id from outbox where state in ('sending', 'uncertain') order by id for update skip locked)
"""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    kills: int = 500
    # People on each of the three inboxes, and what is said to them before each kill.
    people: int = 60
    each: int = 5
    seed: int = 1
    keep: Path | None = None


class Senders:
    """The process that makes senders, one after the other."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self._running = running
        self.died: Counter[str] = Counter()

    async def kill_at(self, seam: str, after: int, seconds: float = 8) -> bool:
        """Whether a fresh sender came by the seam, and died there."""
        child = await self._order(seam, after)
        try:
            async with asyncio.timeout(seconds):
                died = (await self._answer())["died"]
        except TimeoutError:
            await self._end(child)
            return False
        if died == signal.SIGKILL:
            self.died[seam] += 1
            return True
        return False

    @contextlib.asynccontextmanager
    async def unharmed(self) -> AsyncIterator[None]:
        """A sender that nobody kills."""
        child = await self._order("", 0)
        try:
            yield
        finally:
            await self._end(child)

    async def _order(self, seam: str, after: int) -> int:
        assert self._running.stdin is not None
        self._running.stdin.write(json.dumps({"seam": seam, "after": after}).encode() + b"\n")
        await self._running.stdin.drain()
        return (await self._answer())["pid"]

    async def _end(self, child: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        await self._answer()

    async def _answer(self) -> dict[str, int]:
        assert self._running.stdout is not None
        line = await self._running.stdout.readline()
        assert line, "the senders' process ended"
        return dict(json.loads(line))


async def run(plan: Plan) -> Findings:
    dice = random.Random(plan.seed)
    async with stand() as bench, _database(bench) as pool:
        meta = await bench.play_meta(pace=0.02)
        services = await outbound.prepared(pool, bench.database.dsn)
        people = [
            id
            for place, inbox in enumerate(INBOXES)
            for id in await outbound.talks(services, inbox, plan.people, 1_000_000 * (place + 1))
        ]
        async with _product(bench) as senders:
            began = time.monotonic()
            missed = await _kill(plan, dice, services, senders, people)
            async with senders.unharmed():
                left = await _settle(pool, 120)
                drained = await meta.drained(30)
                # The product looks at what it parked every five seconds.
                await asyncio.sleep(truth.PARKED_SECONDS)
            rows = await outbound.sent(pool)
        if plan.keep is not None:
            bench.copy_words(plan.keep)
        found = outbound.judge(rows, record.read(bench.log).heard)
        found.figures |= {
            "kills": sum(senders.died.values()), "kills_by_seam": dict(senders.died), "seams_not_reached": missed,
            "seconds": round(time.monotonic() - began, 1), "left": left, "drained": drained,
        }  # fmt: skip
        return found


async def _kill(plan: Plan, dice: random.Random, services: Services, senders: Senders, people: list[int]) -> int:
    missed = 0
    while sum(senders.died.values()) < plan.kills:
        number = sum(senders.died.values())
        chosen = dice.sample(people, plan.each)
        # To one of them twice: its second message must not overtake the first.
        words = outbound.texts(plan.each + 1, dice)
        await outbound.say(services, list(zip([*chosen, chosen[0]], words, strict=True)))
        seam = SEAMS[number % len(SEAMS)]
        if not await senders.kill_at(seam, dice.randint(1, _PASSES[seam])):
            missed += 1
            assert missed < plan.kills, "the seams are not reached"
        await services.pool.execute(_FREE)
        await services.pool.execute(_HURRY)
        if number % 50 == 0:
            sys.stderr.write(f"{number} kills, {await outbound.left(services.pool)} waiting\n")
    return missed


async def _settle(pool: Pool, seconds: float) -> int:
    """Until nothing waits, and what stayed uncertain is shown."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await pool.execute(_HURRY)
        shown = await pool.fetchval(
            "select count(*) from outbox o join message m on m.id = o.message_id"
            " where o.state = 'uncertain' and m.status <> 'uncertain'"
        )
        if not shown and not await outbound.left(pool):
            break
        await asyncio.sleep(0.3)
    return await outbound.left(pool)


@contextlib.asynccontextmanager
async def _database(bench: Stand) -> AsyncIterator[Pool]:
    bench.data.mkdir(parents=True, exist_ok=True)
    bench.data.chmod(0o711)
    postgres = EmbeddedPostgres(bench.data, options=_FAST)
    await postgres.start()
    try:
        pool = await open_pool(postgres.dsn, size=4)
        try:
            yield pool
        finally:
            pool.terminate()
    finally:
        await postgres.stop()


@contextlib.asynccontextmanager
async def _product(bench: Stand) -> AsyncIterator[Senders]:
    """The product's doors and intake in one process, and the maker of senders in another."""
    environment = bench.environment(DATABASE_URL=bench.database.dsn, PORT=str(bench.port))
    rest = Program("keep", [_MODULE, "keep"], bench.folder, environment)
    bench.programs.append(rest)
    rest.start()
    await bench.ready()
    with (bench.folder / "senders.out").open("ab") as output:
        maker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _MODULE, cwd=CHECKOUT, env=environment, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield Senders(maker)
    finally:
        # With its children: they are a group of their own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(maker.pid, signal.SIGKILL)
        await maker.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--people", type=int, default=60, help="on each of the three inboxes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the outputs of all processes and the simulator's log")
    options = parser.parse_args()
    plan = Plan(kills=options.kills, people=options.people, seed=options.seed, keep=options.keep)
    found = asyncio.run(stoppable(run(plan)))
    print(json.dumps(found.summary(), indent=2, ensure_ascii=False))
    return 0 if found.clean else 1


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError):
        raise SystemExit(main())
