"""`majlis demo` as a person runs it: started, signed in to, killed, started again, stopped."""

import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import asyncpg
import msgspec
import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"^  (\w+) .*(http://127\.0\.0\.1:\d+/sign-in/link/\S+)", re.MULTILINE)


class Demo(msgspec.Struct):
    process: asyncio.subprocess.Process
    said: str
    seconds: float

    def address(self, name: str) -> str:
        found = re.search(rf"^{name}\s+(http://\S+)", self.said, re.MULTILINE)
        assert found is not None, self.said
        return found[1]

    async def end(self, number: signal.Signals) -> str:
        self.process.send_signal(number)
        assert self.process.stdout is not None
        rest = await asyncio.wait_for(self.process.stdout.read(), 20)
        await self.process.wait()
        return rest.decode()


@pytest.fixture
async def data() -> AsyncIterator[Path]:
    with tempfile.TemporaryDirectory(prefix="majlis-demo-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"
        for pid in processes_of(Path(folder)):
            os.kill(pid, signal.SIGKILL)


async def start(data: Path, *words: str, **given: str) -> Demo:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "demo", "--port", "0", "--simulator-port", "0", "--data", str(data), *words,
        cwd=ROOT, env=os.environ | given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(60):
        while "  owner " not in said or "  advisor " not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return Demo(process, said, time.monotonic() - began)


def processes_of(folder: Path) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


async def test_it_serves_lets_people_in_and_leaves_nothing_behind(data: Path) -> None:
    demo = await start(data)
    console, phones = demo.address("console"), demo.address("phones")
    links = LINK.findall(demo.said)
    assert {role for role, _ in links} == {"advisor", "supervisor", "administrator", "owner"}
    async with aiohttp.ClientSession() as http:
        for page in (f"{console}/healthz", f"{console}/readyz", f"{console}/sign-in", phones, links[0][1]):
            async with http.get(page) as answer:
                assert answer.status == 200, page
    rest = await demo.end(signal.SIGINT)
    assert demo.process.returncode == 0, rest
    assert "Traceback" not in demo.said + rest
    assert processes_of(data) == []


async def command(data: Path, *words: str) -> tuple[int | None, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("META_", "DATABASE_URL"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", *words, cwd=ROOT, env=kept | {"MAJLIS_DATA": str(data)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def test_the_doctor_finds_a_healthy_demo_well(data: Path) -> None:
    demo = await start(data)
    code, said = await command(data, "doctor")
    assert f"{data} belongs to a demo" in said
    assert (code, said.splitlines()[-1]) == (0, "All is well."), said
    assert f"PUBLIC_URL={demo.address('console')}" in demo.said
    assert "majlis user reset EMAIL" in demo.said
    await demo.end(signal.SIGINT)
    code, said = await command(data, "doctor")
    assert "does not run" in said
    assert code == 0, said


async def test_a_killed_demo_starts_again_with_its_data_and_new_links(data: Path) -> None:
    first = await start(data)
    await first.end(signal.SIGKILL)
    assert processes_of(data), "the database should have outlived its holder"
    second = await start(data)
    assert not {link for _, link in LINK.findall(first.said)} & {link for _, link in LINK.findall(second.said)}
    await second.end(signal.SIGTERM)
    assert second.process.returncode == 0
    assert processes_of(data) == []


async def test_on_a_given_database_it_makes_its_key_and_says_where(
    data: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MAJLIS_KEY", "MAJLIS_KEY_FILE", "REDIS_URL", "META_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    # The demo takes a database that is empty, or its own.
    connection = await asyncpg.connect(database)
    await connection.execute("drop schema public cascade; create schema public")
    await connection.close()
    demo = await start(data, DATABASE_URL=database)
    key = data / "majlis.key"
    assert re.search(rf"MAJLIS_KEY_FILE=\S*{re.escape(str(key))} ", demo.said), demo.said
    assert key.stat().st_mode & 0o077 == 0
    await demo.end(signal.SIGINT)
    made = key.read_text()
    again = await start(data, DATABASE_URL=database)
    await again.end(signal.SIGINT)
    assert key.read_text() == made
    assert not (data / "postgres").exists()


async def test_its_secrets_are_kept_to_itself(data: Path) -> None:
    demo = await start(data)
    await demo.end(signal.SIGINT)
    kept = [data / name for name in ("app.secret", "verify.token", "access.token", "majlis.key")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    assert not any(path.read_text().strip() in demo.said for path in kept)
