"""`majlis restore FILE`."""

import argparse
from pathlib import Path

import asyncpg

from server.commands.dumping import run_tool
from server.commands.ground import bring_up_to_date, ground, once
from server.domain.errors import Conflict, Invalid
from server.settings import Settings
from server.store import feed


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="written by `majlis backup`")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _restore(options.file, settings))


async def _restore(file: Path, settings: Settings) -> int:
    if not file.is_file():
        raise Invalid(f"{file} is no file.", field="file")
    async with ground(settings) as given:
        connection = await asyncpg.connect(given.dsn)
        try:
            if await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'"):
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
        finally:
            await connection.close()
    print(f"Restored{f'; {len(applied)} newer migrations applied' if applied else ''}.")
    return 0
