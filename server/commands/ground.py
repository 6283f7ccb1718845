"""What every command stands on: a database that answers and the keys that belong to it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from server.actions.unit import Services
from server.domain.errors import MajlisError, SettingsError
from server.domain.events import Event
from server.embedded import EmbeddedPostgres, NoPostgres
from server.paths import MIGRATIONS
from server.postgres_place import holds_cluster
from server.settings import Settings
from server.store import organisation
from server.store.migrate import migrate
from server.store.migrate import pending as pending_migrations
from server.store.pool import AWAY, open_pool
from server.store.vault import generate_key
from server.workers.bell import Bell

# In MAJLIS_DATA, where none is given.
KEY = "majlis.key"
_WAIT_SECONDS = 30


class Ground(msgspec.Struct, frozen=True):
    """`settings` now name a database and a key, given or not."""

    settings: Settings
    # None when DATABASE_URL was given.
    postgres: EmbeddedPostgres | None

    @property
    def dsn(self) -> str:
        assert self.settings.database_url is not None  # noqa: S101
        return self.settings.database_url


@asynccontextmanager
async def ground(settings: Settings, *, create: bool = False) -> AsyncIterator[Ground]:
    """Starts the embedded PostgreSQL when no DATABASE_URL is given, and stops it at the end.

    Without `create` it must exist: a command that only looks must not found a second, empty installation.
    """
    if settings.database_url is not None:
        if not settings.majlis_key:
            raise SettingsError(
                "MAJLIS_KEY is required with DATABASE_URL: every process must open the same sealed tokens. "
                "Make one with: majlis key"
            )
        await _wait_for(settings.database_url)
        yield Ground(settings, None)
        return
    with usable(settings.majlis_data):
        known = create or holds_cluster(settings.majlis_data)
    if not known:
        raise SettingsError(
            f"MAJLIS_DATA: there is no database in {settings.majlis_data}. Name the folder of your installation "
            "(beside the demo: MAJLIS_DATA=.data), or make a new one with: majlis apply FOLDER"
        )
    postgres = _embedded(settings.majlis_data)
    try:
        with usable(settings.majlis_data):
            try:
                await postgres.start()
            except (NoPostgres, RuntimeError) as error:
                raise MajlisError(str(error)) from error
            key = settings.majlis_key or (keep(settings.majlis_data / KEY, generate_key),)
        yield Ground(msgspec.structs.replace(settings, database_url=postgres.dsn, majlis_key=key), postgres)
    finally:
        await postgres.stop()


@asynccontextmanager
async def services(settings: Settings, *, create: bool = False) -> AsyncIterator[Services]:
    """For a command that acts once: what it changes is heard by the running processes."""
    async with ground(settings, create=create) as given:
        if given.postgres is not None:
            # Ours alone. Whoever runs a given database decides when it moves.
            await bring_up_to_date(given.dsn)
        pool = await open_pool(given.dsn, size=2)
        try:
            async with pool.acquire() as connection:
                missing = await pending_migrations(connection, MIGRATIONS)
                if missing:
                    raise MajlisError("The database is not up to date. Run: majlis migrate")
                known = await organisation.load(connection)
            async with Bell(given.dsn) as bell:
                yield Services(pool=pool, publisher=_Nobody(), waker=bell, organisation=lambda: known)
        finally:
            await pool.close()


@contextmanager
def usable(folder: Path, variable: str = "MAJLIS_DATA") -> Iterator[None]:
    """A folder that cannot be made, read or written is said with what named it."""
    try:
        yield
    except (ConnectionError, TimeoutError):
        # Of the database in it, not of the folder.
        raise
    except OSError as error:
        inside = f"{error.filename}: " if error.filename and str(error.filename) != str(folder) else ""
        raise SettingsError(f"{variable}: {folder} cannot be used: {inside}{error.strerror or error}") from None


async def bring_up_to_date(dsn: str) -> list[str]:
    return await migrate(dsn, MIGRATIONS)


def keep(path: Path, make: Callable[[], str]) -> str:
    """A secret made once and kept where only we read it."""
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.touch(mode=0o600, exist_ok=False)
        part.write_text(make(), encoding="utf-8")
        try:
            # Unlike a rename this never replaces what another process kept a moment before.
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text(encoding="utf-8").strip()


def once(main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    try:
        return asyncio.run(main())
    except KeyboardInterrupt:
        return 130


@contextmanager
def timed(name: str) -> Any:
    """Prints the step with its time when it is over; the block may set the words by calling what it gets."""
    words = ""

    def say(text: str) -> None:
        nonlocal words
        words = text

    began = time.monotonic()
    yield say
    step(name, words, time.monotonic() - began)


def _embedded(data: Path) -> EmbeddedPostgres:
    with usable(data):
        try:
            return EmbeddedPostgres(data)
        except RuntimeError as error:
            raise MajlisError(str(error)) from error


def step(name: str, words: str, seconds: float | None = None) -> None:
    took = "" if seconds is None else f" ({seconds:.1f}s)"
    print(f"{name:<14}{words}{took}", flush=True)


async def _wait_for(dsn: str) -> None:
    for attempt in range(_WAIT_SECONDS):
        try:
            connection = await asyncpg.connect(dsn, timeout=5)
        except ValueError:
            # Its words would repeat a part of the address, which may be the password.
            raise SettingsError("DATABASE_URL: this is no address that PostgreSQL's clients understand.") from None
        except AWAY as error:
            if attempt == _WAIT_SECONDS - 1:
                raise SettingsError(f"DATABASE_URL: nothing answers there ({type(error).__name__}).") from None
            await asyncio.sleep(1)
        except asyncpg.PostgresError as error:
            raise SettingsError(f"DATABASE_URL: the server refuses: {error}") from None
        else:
            await connection.close()
            return


class _Nobody:
    def publish(self, committed: Sequence[Event]) -> None:
        """The events are stored: running consoles find them with their next beat."""
