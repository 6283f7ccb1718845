"""The real thing on a test bench: Meta's simulator in a process of its own beside processes of the product."""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from resilience.programs import CHECKOUT, Program, end_postgres, kill_tree, postmaster
from round_the_clock import demo_organisation

from server.embedded import EmbeddedPostgres
from server.store.vault import generate_key

SECRET, VERIFY, TOKEN = "bench-app-secret", "bench-verify-token", "bench-access-token"
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class Meta:
    """The simulator's control API."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def turn(self, **switches: Any) -> dict[str, Any]:
        return dict(await self.ask("POST", "/control", switches))

    async def state(self) -> dict[str, Any]:
        return dict(await self.ask("GET", "/control"))

    async def customer(self, id: str, **described: Any) -> dict[str, Any]:
        return dict(await self.ask("POST", "/control/customers", {"id": id, "name": id.title(), **described}))

    async def say(self, customer: str, inbox: str, text: str) -> dict[str, Any]:
        return dict(await self.ask("POST", f"/control/customers/{customer}/say", {"inbox": inbox, "text": text}))

    async def answers(self, customer: str, inbox: str, count: int, seconds: float = 30) -> list[dict[str, Any]]:
        """What the business said on this phone, once there are so many messages, or the time is over."""
        path = f"/control/customers/{customer}/thread?inbox={inbox}&business={count}&wait={seconds}"
        return [line for line in (await self.ask("GET", path))["lines"] if line["author"] == "business"]

    async def drained(self, seconds: float) -> bool:
        """Whether everything was acknowledged in time."""
        return bool((await self.ask("POST", "/control/drain", {"timeout": seconds}))["drained"])

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        async with self._http.request(method, f"{self.url}{path}", json=body) as response:
            text = await response.text()
            assert response.status == 200, (method, path, response.status, text)
            return msgspec.json.decode(text)


class Stand:
    """One folder, one simulator, any number of product processes; `tree` is the checkout the product runs from."""

    def __init__(self, folder: Path, tree: Path = CHECKOUT) -> None:
        self.folder = folder
        self.tree = tree
        self.data = folder / "data"
        self.log = folder / "meta.jsonl"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.programs: list[Program] = []
        self.meta: Meta
        self._key = generate_key()
        self._organisation = demo_organisation(folder / "organisation")
        self._meta_port = free_port()
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    async def play_meta(self, *, pace: float = 0.05) -> Meta:
        simulator = Program(
            "simulator",
            ["server.simulator", "--port", str(self._meta_port), "--callback", f"{self.url}/webhooks/meta",
             "--secret", SECRET, "--verify-token", VERIFY, "--token", TOKEN, "--pace", str(pace),
             "--log", str(self.log)],
            self.folder, passed_on(),
        )  # fmt: skip
        self.programs.append(simulator)
        simulator.start()
        await simulator.said("simulator http", 60)
        self.meta = Meta(self._http, f"http://127.0.0.1:{self._meta_port}")
        return self.meta

    async def metered(self) -> tuple[str, Path]:
        """A wire to the simulator, and the file where each call is written down as it goes by."""
        port, file = free_port(), self.folder / "calls.txt"
        meter = Program(
            "meter", ["tests.resilience.meter", str(port), str(self._meta_port), str(file)], self.folder, passed_on()
        )
        self.programs.append(meter)
        meter.start()
        await meter.said("meter runs", 20)
        with contextlib.suppress(PermissionError):
            # Who counts by the second must not wait for those that are counted.
            os.setpriority(os.PRIO_PROCESS, meter.pid, -10)
        return f"http://127.0.0.1:{port}", file

    def serving(self, name: str = "serve", on: str | None = None, **given: str) -> Program:
        """A `majlis serve`, not started yet; with neither DATABASE_URL nor REDIS_URL the whole product by itself."""
        return self._program(name, ["server", "serve", "--port", on or str(self.port)], given)

    def working(self, name: str, **given: str) -> Program:
        return self._program(name, ["server", "work"], given)

    @property
    def database(self) -> EmbeddedPostgres:
        """The embedded database in our folder, whoever runs it."""
        return EmbeddedPostgres(self.data)

    async def kill_postgres(self, *, children: bool) -> None:
        pid = postmaster(self.database.folder)
        assert pid is not None, "there is no database to kill"
        kill_tree(pid, children=children)

    async def ready(self, url: str | None = None, seconds: float = 60) -> None:
        """The product answers and has its database."""
        until = time.monotonic() + seconds
        while True:
            try:
                async with self._http.get(f"{url or self.url}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            if time.monotonic() > until:
                raise AssertionError("\n".join(f"--- {each}\n{each.words()[-3000:]}" for each in self.programs))
            await asyncio.sleep(0.03)

    def copy_words(self, folder: Path) -> None:
        """What every program printed, and the simulator's log."""
        folder.mkdir(parents=True, exist_ok=True)
        for path in (*self.folder.glob("*.out"), self.log):
            shutil.copy(path, folder)

    async def close(self) -> None:
        await self._http.close()
        await asyncio.gather(*(each.end() for each in self.programs))
        if (self.data / "postgres").exists() or (self.data / "postgres.elsewhere").is_symlink():
            folder = self.database.folder
            end_postgres(folder)
            if folder.parent != self.data:
                shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, **given: str) -> dict[str, str]:
        """Of a process of the product beside this simulator."""
        return {
            **passed_on(), "META_APP_SECRET": SECRET, "META_VERIFY_TOKEN": VERIFY, "META_ACCESS_TOKEN": TOKEN,
            "META_GRAPH_URL": self.meta.url, "META_INSTAGRAM_GRAPH_URL": self.meta.url, "MAJLIS_DATA": str(self.data),
            "MAJLIS_ORG": str(self._organisation), "MAJLIS_KEY": self._key, "PYTHONUNBUFFERED": "1", **given,
        }  # fmt: skip

    def _program(self, name: str, arguments: list[str], given: dict[str, str]) -> Program:
        made = Program(name, arguments, self.folder, self.environment(**given), self.tree)
        self.programs.append(made)
        return made


@asynccontextmanager
async def stand(tree: Path = CHECKOUT) -> AsyncIterator[Stand]:
    """Leaves no process and no folder behind."""
    folder = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    # The database's own user walks through it.
    folder.chmod(0o711)
    bench = Stand(folder, tree)
    try:
        yield bench
    finally:
        await bench.close()


def passed_on() -> dict[str, str]:
    """Of our environment only what a program needs to run: nobody's settings leak into the bench."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
