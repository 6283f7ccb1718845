"""`python -m tests.resilience.sends`: 10,000 messages to 2,000 people from one number, through a Meta that misbehaves.

The whole product as a process of its own sends at its number's pace; the simulator throttles beyond Meta's limits and
now and then without a reason, fails every fifth call, and answers every fiftieth too late after taking it. Then what it
took is held against the database. Prints one JSON verdict; ends with 0 when nothing was sent twice, lost or out of
order, no limit was passed and everything is at an end.
"""

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from resilience import outbound, record, truth
from resilience.meter import most_within
from resilience.outbound import Findings, stoppable
from resilience.people import nobody_listens
from resilience.stand import stand

from server.store.pool import Pool, open_pool

INBOX = "financial-whatsapp"
NUMBER_PER_SECOND, PAIR_BURST = 80, 45
_MISBEHAVING = {"transient_errors": 0.2, "throttle": 0.002, "timeouts": 0.02, "timeout_seconds": 30}
_CALM = {"transient_errors": 0, "throttle": 0, "timeouts": 0}
_AT_ONCE = 250


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    sends: int = 10_000
    people: int = 2_000
    # Beside them one person who is told more than a pair may take at once.
    chatty: int = 60
    seed: int = 1
    keep: Path | None = None


async def run(plan: Plan) -> Findings:
    dice = random.Random(plan.seed)
    async with stand() as bench:
        meta = await bench.play_meta(pace=0.05)
        wire, calls = await bench.metered()
        server = bench.serving(META_GRAPH_URL=wire)
        server.start()
        await bench.ready()
        pool = await open_pool(bench.database.dsn, size=4)
        try:
            services = await nobody_listens(pool)
            people = await outbound.talks(services, INBOX, plan.people, 1_000_000)
            [chatty] = await outbound.talks(services, INBOX, 1, 5_000_000)
            await meta.turn(**_MISBEHAVING)
            chosen = _mixed(people, plan.sends, dice) + [chatty] * plan.chatty
            words = list(zip(chosen, outbound.texts(len(chosen), dice), strict=True))
            began = time.monotonic()
            for start in range(0, len(words), _AT_ONCE):
                await outbound.say(services, words[start : start + _AT_ONCE])
            queued = time.monotonic() - began
            left, most = await _drained(pool, began, plan)
            took = time.monotonic() - began
            await meta.turn(**_CALM)
            open_still = await truth.settled(bench.database.dsn, 120)
            drained = await meta.drained(30)
            await asyncio.sleep(truth.PARKED_SECONDS)
            rows = await outbound.sent(pool)
            stats = await meta.ask("GET", "/control/stats")
        finally:
            pool.terminate()
        if plan.keep is not None:
            bench.copy_words(plan.keep)
        found = outbound.judge(rows, record.read(bench.log).heard)
        _judge_pace(found, stats, bench.log, [float(line) for line in calls.read_text().split()])
        found.figures |= {
            "queued_in_s": round(queued, 1), "sent_in_s": round(took, 1), "all_but_2_percent_in_s": round(most, 1),
            "calls_per_s": round(stats["inboxes"][INBOX]["calls"] * 0.98 / most, 1), "left": left,
            "still_open": open_still,
            "drained": drained and not left, "calls_for_each": Counter(row.attempts for row in rows),
            "failed_codes": dict(Counter(row.code for row in rows if row.state == "failed")),
        }  # fmt: skip
        if left:
            found.unresolved.append(f"{left} were not sent in time")
        return found


def _mixed(people: list[int], sends: int, dice: random.Random) -> list[int]:
    """Everybody as often as everybody else, in no order."""
    rounds = [dice.sample(people, len(people)) for _ in range(-(-sends // len(people)))]
    return [person for each in rounds for person in each][:sends]


async def _drained(pool: Pool, began: float, plan: Plan) -> tuple[int, float]:
    """Until nothing waits, or three times the time it needs is over: what is left, and when nearly all had gone.

    The last ones wait for what was refused several times, and for the person who is told most.
    """
    nearly = 0.0
    most = 180 + 3 * plan.sends / NUMBER_PER_SECOND + max(plan.chatty - PAIR_BURST, 0) * 6
    while (left := await outbound.left(pool)) and time.monotonic() - began < most:
        passed = time.monotonic() - began
        sys.stderr.write(f"{passed:5.0f} s: {left} left\n")
        if not nearly and left <= plan.sends * 0.02:
            nearly = passed
        await asyncio.sleep(2)
    return left, nearly or time.monotonic() - began


def _judge_pace(found: Findings, stats: dict[str, Any], log: Path, calls: list[float]) -> None:
    """Calls within any one second, as they went over the wire; messages to one person, as Meta took them."""
    number = stats["inboxes"][INBOX]
    peak, refused = most_within(calls, 1.0), {int(code): n for code, n in number["refused"].items()}
    burst = _burst(log)
    found.figures |= {
        "peak_per_second": peak, "peak_noticed_per_second": number["peak_per_second"], "refused": refused,
        "pair_burst": burst,
    }  # fmt: skip
    if peak > NUMBER_PER_SECOND:
        found.over_limits.append(f"{peak} calls within a second, {NUMBER_PER_SECOND} are allowed")
    if refused.get(131056):
        found.over_limits.append(f"{refused[131056]} were too many for one person")
    if burst > PAIR_BURST + 1:
        found.over_limits.append(f"{burst} messages to one person within six seconds")
    found.doubled += [f"Meta took {local_id} more than once" for local_id in stats["doubled"]]


def _burst(log: Path) -> int:
    """The most that Meta took for one person within six seconds."""
    times: dict[str, list[float]] = {}
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            if '"send_accepted"' in line and line.endswith("\n"):
                fact = json.loads(line)
                times.setdefault(fact["recipient"], []).append(fact["at"])
    return max(
        (sum(at <= other < at + 6 for other in taken) for taken in times.values() for at in taken), default=0
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sends", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--chatty", type=int, default=60, help="messages to one person more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the outputs of all processes and the simulator's log")
    options = parser.parse_args()
    plan = Plan(
        sends=options.sends, people=options.people, chatty=options.chatty, seed=options.seed, keep=options.keep
    )  # fmt: skip
    found = asyncio.run(stoppable(run(plan)))
    print(json.dumps(found.summary(), indent=2, ensure_ascii=False))
    return 0 if found.clean else 1


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError):
        raise SystemExit(main())
