"""`python -m tests.fuzz.bodies --count 100000`: damaged signed deliveries against the real door and applier.

Makes a database of its own, prints one JSON verdict, and ends with 0 when nothing went wrong.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.campaign import Verdict, run
from round_the_clock import demo_organisation

from server.actions.organisation import apply
from server.domain.events import Event
from server.embedded import EmbeddedPostgres
from server.paths import MIGRATIONS
from server.store import organisation
from server.store.migrate import migrate
from server.store.pool import open_pool

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Nobody:
    def publish(self, committed: Sequence[Event]) -> None:
        """Nobody listens."""


async def alone(count: int, seed: int) -> Verdict:
    """On a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="majlis-fuzz-"))
    folder.chmod(0o711)
    postgres = EmbeddedPostgres(folder, options=_FAST)
    try:
        await postgres.start()
        await migrate(postgres.dsn, MIGRATIONS)
        pool = await open_pool(postgres.dsn)
        await apply(pool, demo_organisation(folder / "organisation"))
        async with pool.acquire() as connection:
            known = await organisation.load(connection)
        verdict = await run(pool, postgres.dsn, known, Nobody(), count=count, seed=seed)
        await pool.close()
        return verdict
    finally:
        await postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # A warning for each item set aside would be most of the output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    verdict = asyncio.run(alone(options.count, options.seed))
    print(msgspec.json.encode(verdict).decode())
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
