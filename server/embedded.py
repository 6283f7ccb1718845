"""A PostgreSQL of our own in a private folder, when no DATABASE_URL is given.

Of the processes that use one folder, the holder of its lock starts, watches and stops the server; the others only
connect. A server that outlived its killed holder is adopted by the next one.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import asyncpg
import structlog

from server.postgres_binaries import Binaries, NoPostgres, find
from server.postgres_place import account, cluster_folder, socket_folder

__all__ = ["EmbeddedPostgres", "NoPostgres"]

_log = structlog.get_logger()
_NAME = "majlis"
# Errors are logged without statements and details: both could carry what a customer wrote.
_OPTIONS = (
    "listen_addresses=", "log_error_verbosity=terse", "log_min_error_statement=panic", "max_connections=200",
    "shared_buffers=128MB",
)  # fmt: skip


class EmbeddedPostgres:
    def __init__(self, data: Path, *, options: Sequence[str] = ()) -> None:
        """`data` is the folder that keeps everything of this installation; it is made if missing."""
        self.account = account()
        self.folder = cluster_folder(data, self.account)
        self._socket = socket_folder(self.folder, self.account)
        self._options = (*_OPTIONS, *options)
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._binaries: Binaries | None = None

    @property
    def dsn(self) -> str:
        return self._dsn(_NAME)

    @property
    def binaries(self) -> Binaries:
        if self._binaries is None:
            self._binaries = find(self.account)
        return self._binaries

    async def start(self) -> None:
        """Returns when the server answers. Raises `NoPostgres`, or `RuntimeError` with the end of its log."""
        if not self._try_lock():
            await self._answers(within=30)
            return
        if not (self.folder / "PG_VERSION").exists():
            await asyncio.to_thread(self._initialise)
        await self._run()

    async def watch(self, stop: asyncio.Event) -> None:
        """Starts the server again whenever it died; takes the part of a holder that went."""
        while not stop.is_set():
            if self._try_lock() and not self._alive():
                _log.warning("database_restarting")
                try:
                    await self._run()
                except (OSError, RuntimeError) as error:
                    _log.error("database_restart_failed", error=str(error))
            try:
                await asyncio.wait_for(stop.wait(), 0.2)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Stops the server if this process holds the lock; the folder stays."""
        if self._lock is None:
            return
        pid = self._pid()
        if pid is not None and self._alive():
            os.kill(pid, signal.SIGINT)
            for _ in range(1_500):
                if self._ended(pid):
                    break
                await asyncio.sleep(0.01)
        os.close(self._lock)
        self._lock = None

    def _try_lock(self) -> bool:
        if self._lock is not None:
            return True
        lock = os.open(self.folder.parent / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _initialise(self) -> None:
        part = self.folder.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(part, self.account.uid, self.account.gid)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if self.binaries.major >= 17 else ["--locale=C"]
        done = self._spawn(
            "initdb", "-D", str(part), "-U", _NAME, "-A", "trust", "-E", "UTF8", "-N", *locale,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        said = done.communicate()[0]
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{said.decode(errors='replace')[-2_000:]}")
        part.rename(self.folder)

    async def _run(self) -> None:
        if await self._connects():
            await self._create_database()
            return
        if not self._alive():
            # A killed server that nobody has collected yet still counts as running to its successor.
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            (self._socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        for _ in range(20):
            log = self._open_log()
            try:
                self._child = self._spawn(
                    "postgres", "-D", str(self.folder), "-k", str(self._socket),
                    *(part for option in self._options for part in ("-c", option)), stdout=log,
                )  # fmt: skip
            finally:
                os.close(log)
            while self._child.poll() is None:
                if await self._connects():
                    await self._create_database()
                    return
                await asyncio.sleep(0.01)
            # The children of a killed server may hold its memory for a moment longer.
            if "shared memory block" not in self._log_tail():
                break
            await asyncio.sleep(0.25)
        raise RuntimeError(f"PostgreSQL did not start. The end of its log:\n{self._log_tail()}")

    def _spawn(self, program: str, *arguments: str, stdout: int) -> subprocess.Popen[bytes]:
        user = self.account
        return subprocess.Popen(
            [self.binaries.path(program), *arguments],
            user=user.uid if user else None, group=user.gid if user else None,
            extra_groups=[] if user else None,
            # Our working folder may be closed to that user; its own session keeps Ctrl-C for us alone.
            cwd="/", start_new_session=True, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
        )  # fmt: skip

    async def _answers(self, within: float) -> None:
        for _ in range(int(within * 20)):
            if await self._connects(_NAME):
                return
            await asyncio.sleep(0.05)
        raise RuntimeError(f"Another process holds the database in {self.folder}, but it does not answer.")

    async def _connects(self, database: str = "postgres") -> bool:
        if not (self._socket / ".s.PGSQL.5432").exists():
            return False
        try:
            connection = await asyncpg.connect(self._dsn(database), timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(self._dsn("postgres"), timeout=5)
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", _NAME):
                await connection.execute(f"create database {_NAME}")
        finally:
            await connection.close()

    def _dsn(self, database: str) -> str:
        return f"postgresql://{_NAME}@/{database}?host={quote(str(self._socket))}"

    def _pid(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _alive(self) -> bool:
        pid = self._pid()
        return pid is not None and self._runs(pid)

    def _ended(self, pid: int) -> bool:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        try:
            # Whoever inherited an adopted server may be slow to collect it.
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except OSError:
            return Path("/proc/self").exists()

    def _runs(self, pid: int) -> bool:
        if self._ended(pid):
            return False
        try:
            # After a restart of the machine or container the number may be anybody's.
            return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return not Path("/proc/self").exists()

    def _open_log(self) -> int:
        path = self.folder.parent / "postgres.log"
        big = path.exists() and path.stat().st_size > 10_000_000
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if big else 0), 0o600)

    def _log_tail(self) -> str:
        return (self.folder.parent / "postgres.log").read_text(errors="replace")[-1_000:]
