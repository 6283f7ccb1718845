"""`python -m tests.resilience.kill --kills 20 --postgres-kills 5`: kill -9 under load, checked from outside.

Starts the simulator and `majlis serve` with its own database as real processes, lets scripted customers, people who
write in bursts and three advisors work, and kills the server and PostgreSQL at random moments while Meta's side
duplicates, re-cuts and reorders its deliveries and repeats each until it gets a 200. Then the simulator's log is held
against the database. Prints one JSON verdict; ends with 0 when nothing was lost, doubled, out of order or out of place.

`--tree FOLDER` runs the product from another checkout, such as one with a planted fault (see `planting`).
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

from resilience.killing import Plan, run
from resilience.verdict import Verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="of the server")
    parser.add_argument("--postgres-kills", type=int, default=5)
    parser.add_argument("--rate", type=float, default=120, help="scripted conversations per minute")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tree", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--between", type=float, nargs=2, default=(0.3, 6.0), help="seconds between two kills")
    parser.add_argument("--hurry", action="store_true", help="bring the product's long waits at the end forward")
    parser.add_argument("--keep", type=Path, help="folder for the outputs of all processes and the simulator's log")
    options = parser.parse_args()
    plan = Plan(
        kills=options.kills, postgres_kills=options.postgres_kills, rate=options.rate, seed=options.seed,
        between=tuple(options.between),
        tree=options.tree.resolve(), patient=not options.hurry, keep=options.keep,
    )  # fmt: skip
    verdict = asyncio.run(_stoppable(plan))
    print(json.dumps(verdict.summary(), indent=2, default=str, ensure_ascii=False))
    return 0 if verdict.clean else 1


async def _stoppable(plan: Plan) -> Verdict:
    # A closed terminal must leave no process behind.
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await run(plan)


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError):
        raise SystemExit(main())
