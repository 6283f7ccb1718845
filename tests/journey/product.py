"""The whole product as a person starts it: `majlis demo` in its own process, with an organisation of ours."""

import asyncio
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from resilience.programs import end_postgres
from round_the_clock import demo_organisation

ROOT = Path(__file__).parents[2]
# Warned at once and due much later: the journey sees the warning, and answers in time on a slow machine too.
IMPATIENT = {
    "normal = first": (
        "[sla_policies.investment-desk.targets.normal]\nfirst_response = { seconds = 600 }",
        "[sla_policies.investment-desk.targets.normal]\nfirst_response = { seconds = 60, warn_at_share = 0.05 }",
    ),
    "offers": ("offer_seconds = 30", "offer_seconds = 120"),
}
_LINK = re.compile(r"(http://\S+/sign-in/link/\S+)  (.+)$", re.MULTILINE)
_READY_SECONDS = 90
_STOP_SECONDS = 30


class Product:
    """Its addresses stay the same through `restart`."""

    def __init__(self, folder: Path, organisation: Path) -> None:
        self.console, self.phones = (f"http://127.0.0.1:{_free_port()}" for _ in range(2))
        self._data = folder / "data"
        self._environment = {**os.environ, "MAJLIS_ORG": str(organisation), "MAJLIS_DATA": str(self._data)}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._said = ""
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._said = ""
        ports = ("--port", self.console.rpartition(":")[2], "--simulator-port", self.phones.rpartition(":")[2])
        self._process = await self._run("demo", *ports, "--data", str(self._data), "--pace", "0.2")
        self._reading = asyncio.create_task(self._read())
        async with asyncio.timeout(_READY_SECONDS):
            while "  owner " not in self._said:
                assert self._process.returncode is None, self._said
                await asyncio.sleep(0.05)

    async def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        await asyncio.wait_for(self._reading, _STOP_SECONDS)
        await self._process.wait()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        if self._process is not None:
            await self.stop()
        # After a kill the database outlives its holder.
        end_postgres(self._data / "postgres")

    def link(self, name: str) -> str:
        """The one-time link it printed for this person."""
        return str({person: link for link, person in _LINK.findall(self._said)}[name])

    async def link_of(self, email: str) -> str:
        """A fresh one for anybody, from `majlis user reset`."""
        asked = await self._run("user", "reset", email)
        assert asked.stdout is not None
        said = (await asyncio.wait_for(asked.stdout.read(), 60)).decode()
        path = re.search(r"/sign-in/link/\S+", said)
        assert path is not None, said
        return self.console + path[0]

    async def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The simulator's control API; see `server.simulator.control`."""
        self._http = self._http or aiohttp.ClientSession()
        async with self._http.request("GET" if body is None else "POST", self.phones + path, json=body) as answer:
            found = await answer.json()
            assert answer.status == 200, found
            return found

    async def says(self, customer: str, inbox: str, text: str, *, answers: int = 0) -> None:
        """A customer writes; then as many messages of the business are waited for, counted from the beginning."""
        await self.control(f"/control/customers/{customer}/say", {"inbox": inbox, "text": text})
        if answers:
            found = await self.control(f"/control/customers/{customer}/thread?inbox={inbox}&business={answers}&wait=30")
            assert sum(line["author"] == "business" for line in found["lines"]) >= answers, found["lines"]

    async def _run(self, *words: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", *words, cwd=ROOT, env=self._environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._said += line.decode()


@asynccontextmanager
async def product(changes: Mapping[str, tuple[str, str]] = IMPATIENT) -> AsyncIterator[Product]:
    """Started, with the demo's organisation but for these replacements in its file."""
    with tempfile.TemporaryDirectory(prefix="majlis-journey-") as name:
        folder = Path(name)
        # PostgreSQL may run as another user than we do.
        folder.chmod(0o711)
        organisation = demo_organisation(folder / "organisation")
        file = organisation / "org.toml"
        text = file.read_text(encoding="utf-8")
        for what, (before, after) in changes.items():
            assert before in text, f"the demo organisation has no longer what the journey changes: {what}"
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")
        made = Product(folder, organisation)
        try:
            await made.start()
            yield made
        finally:
            await made.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
