"""The database of our own, driven as processes drive it: started, killed, adopted, shared, stopped."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from server import embedded, postgres_binaries, postgres_place
from server.embedded import EmbeddedPostgres

FAST = ("fsync=off", "shared_buffers=16MB")


@pytest.fixture
def data() -> Iterator[Path]:
    # pytest's own folders are closed to the user the server runs as under root.
    with tempfile.TemporaryDirectory(prefix="majlis-embedded-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[EmbeddedPostgres]:
    postgres = EmbeddedPostgres(data, options=FAST)
    await postgres.start()
    try:
        yield postgres
    finally:
        await postgres.stop()


async def ask(postgres: EmbeddedPostgres, question: str) -> object:
    connection = await asyncpg.connect(postgres.dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def answers(postgres: EmbeddedPostgres, other_than: int = 0) -> None:
    async with asyncio.timeout(30):
        while not gone(other_than) or not await postgres._connects():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def server_pid(postgres: EmbeddedPostgres) -> int:
    return int((postgres.folder / "postmaster.pid").read_text().split()[0])


def gone(pid: int) -> bool:
    if pid == 0:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


async def test_it_starts_keeps_and_stops_without_a_trace(data: Path) -> None:
    async with running(data) as postgres:
        await ask(postgres, "create table kept as select 7 as n")
        pid = server_pid(postgres)
    assert gone(pid)
    async with running(data) as postgres:
        assert await ask(postgres, "select n from kept") == 7


async def test_only_a_private_socket_leads_in(data: Path) -> None:
    async with running(data) as postgres:
        assert await ask(postgres, "show listen_addresses") == ""
        folder = Path(str(await ask(postgres, "show unix_socket_directories")))
        assert folder.stat().st_mode & 0o077 == 0


async def test_errors_are_logged_without_the_values_in_them(data: Path) -> None:
    async with running(data) as postgres:
        connection = await asyncpg.connect(postgres.dsn)
        await connection.execute("create table once (word text unique)")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("insert into once values ('my secret word'), ('my secret word')")
        await connection.close()
    log = (postgres.folder.parent / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "secret word" not in log


async def test_a_server_that_outlived_its_holder_is_adopted(data: Path) -> None:
    async with running(data) as first:
        pid = server_pid(first)
        await ask(first, "create table kept as select 7 as n")
        assert first._lock is not None
        # As a SIGKILL of our process would: the lock goes, the server stays.
        os.close(first._lock)
        first._lock = None
        async with running(data) as second:
            assert server_pid(second) == pid
            assert await ask(second, "select n from kept") == 7
        assert gone(pid)


async def test_a_server_killed_under_us_is_started_again(data: Path) -> None:
    async with running(data) as postgres:
        await ask(postgres, "create table kept as select 7 as n")
        stop = asyncio.Event()
        watch = asyncio.create_task(postgres.watch(stop))
        pid = server_pid(postgres)
        os.kill(pid, signal.SIGKILL)
        await answers(postgres, other_than=pid)
        assert server_pid(postgres) != pid
        assert await ask(postgres, "select n from kept") == 7
        stop.set()
        await watch


async def test_a_second_process_joins_and_never_stops_the_server(data: Path) -> None:
    async with running(data) as holder:
        async with running(data) as guest:
            assert await ask(guest, "select 1") == 1
        assert await ask(holder, "select 1") == 1


async def test_a_guest_takes_over_when_the_holder_went(data: Path) -> None:
    async with running(data) as guest_to_be, running(data) as guest:
        pid = server_pid(guest)
        await guest_to_be.stop()
        assert gone(pid)
        stop = asyncio.Event()
        watch = asyncio.create_task(guest.watch(stop))
        await answers(guest)
        stop.set()
        await watch
        assert await ask(guest, "select 1") == 1


async def test_a_stale_process_number_in_the_way_is_cleared(data: Path) -> None:
    async with running(data) as postgres:
        pass
    # After a container restart the number may be that of any process, our own included.
    (postgres.folder / "postmaster.pid").write_text(f"{os.getppid()}\n{postgres.folder}\n1\n5432\n\n\n\n")
    async with running(data) as again:
        assert await ask(again, "select 1") == 1


async def test_a_long_folder_name_still_has_a_socket(data: Path) -> None:
    async with running(data / ("long-" * 20)) as postgres:
        assert await ask(postgres, "select 1") == 1
        folder = Path(str(await ask(postgres, "show unix_socket_directories")))
    folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets folders that the server's user cannot walk to")
async def test_root_with_a_closed_folder_keeps_the_cluster_beside_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_place, "SHARED", data.parent / "shared")
    async with running(tmp_path / "closed") as postgres:
        assert postgres.folder.is_relative_to(data.parent / "shared")
        assert await ask(postgres, "select 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs copies of the programs")
async def test_programs_in_a_closed_folder_are_copied_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "SHARED", data.parent / "shared")
    monkeypatch.setattr(postgres_binaries, "reachable", lambda path: False)
    async with running(data) as postgres:
        assert postgres.binaries.folder.is_relative_to(data.parent / "shared")
        assert await ask(postgres, "select 1") == 1
    assert postgres_binaries.find(postgres.account) == postgres.binaries


async def test_a_system_installation_serves_when_there_is_no_wheel(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_in_wheel", lambda: None)
    if postgres_binaries._in_system() is None:
        pytest.skip("no PostgreSQL installed on this system")
    async with running(data) as postgres:
        assert await ask(postgres, "select 1") == 1
        assert await ask(postgres, "show server_encoding") == "UTF8"


async def test_no_programs_at_all_is_said_with_the_remedy(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_in_wheel", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_in_system", lambda: None)
    with pytest.raises(embedded.NoPostgres, match="Set DATABASE_URL, or run: pip install"):
        await EmbeddedPostgres(data).start()


async def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    async with running(data):
        pass
    with pytest.raises(RuntimeError, match="no_such_setting"):
        await EmbeddedPostgres(data, options=("no_such_setting=1",)).start()
