"""`majlis restore FILE`."""

import argparse
from collections.abc import Iterable
from pathlib import Path

import asyncpg

from server.commands.dumping import run_tool
from server.commands.ground import bring_up_to_date, ground, once
from server.domain.errors import Conflict, Invalid
from server.settings import Settings
from server.store import feed, inboxes
from server.store.inboxes import InboxState
from server.store.migrate import is_empty
from server.store.vault import Vault

# The first bytes of pg_dump's custom format.
_SIGNATURE = b"PGDMP"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="written by `majlis backup`")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _restore(options.file, settings))


async def _restore(file: Path, settings: Settings) -> int:
    _check(file)
    async with ground(settings, create=True) as given:
        connection = await asyncpg.connect(given.dsn)
        try:
            if not await is_empty(connection):
                raise Conflict("This database is not empty. Name a new one by MAJLIS_DATA or DATABASE_URL.")
        finally:
            await connection.close()
        await run_tool(
            given, "pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction",
            str(file.absolute()),
        )  # fmt: skip
        applied = await bring_up_to_date(given.dsn)
        connection = await asyncpg.connect(given.dsn)
        try:
            await feed.begin_anew(connection)
            states = await inboxes.load(connection)
        finally:
            await connection.close()
    print(f"Restored{f'; {len(applied)} newer migrations applied' if applied else ''}.")
    sealed = _sealed_otherwise(states.values(), Vault(given.settings.majlis_key))
    if sealed:
        old = "put the old key in front: MAJLIS_KEY=old,new"
        if not settings.majlis_key:
            old = f"put the majlis.key of the old MAJLIS_DATA into {settings.majlis_data}"
        print(
            f"{len(sealed)} inbox tokens cannot be opened with this MAJLIS_KEY ({', '.join(sealed)}): "
            f"give them again with majlis inbox token, or {old}"
        )
    return 0


def _check(file: Path) -> None:
    """Before a database is made for it."""
    try:
        with file.open("rb") as opened:
            known = opened.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.", field="file") from None
    if not known:
        raise Invalid(f"{file} was not written by majlis backup.", field="file")


def _sealed_otherwise(states: Iterable[InboxState], vault: Vault) -> list[str]:
    return sorted(each.id for each in states if each.token is not None and not vault.opens(each.token))
