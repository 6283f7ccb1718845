"""Runs pg_dump and pg_restore: the ones of the embedded PostgreSQL, else any that are new enough for the server."""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from server.commands.ground import Ground
from server.domain.errors import MajlisError
from server.postgres_binaries import NoPostgres, find


async def run_tool(given: Ground, name: str, *arguments: str) -> None:
    """Raises `MajlisError` with what the program said."""
    connection = await asyncpg.connect(given.dsn)
    major = connection.get_server_version().major
    await connection.close()
    program = await _new_enough(name, major)
    address, password = _without_password(given.dsn)
    target = f"--dbname={address}"
    running = await asyncio.create_subprocess_exec(
        program, target, *arguments, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        # Not on the command line, where every user of the machine could read it.
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
    )  # fmt: skip
    said = (await running.communicate())[1].decode(errors="replace").strip()
    if running.returncode:
        raise MajlisError(f"{name} failed: {said.splitlines()[-1] if said else running.returncode}")


async def _new_enough(name: str, major: int) -> str:
    for program in _candidates(name):
        asked = await asyncio.create_subprocess_exec(program, "--version", stdout=asyncio.subprocess.PIPE)
        found = re.search(rb"\) (\d+)", (await asked.communicate())[0])
        if found and int(found[1]) >= major:
            return program
    raise MajlisError(f"{name} {major} or newer was not found. On Debian: apt-get install postgresql-client")


def _candidates(name: str) -> Iterator[str]:
    # The system's first: unlike the wheel's it can speak TLS.
    if on_path := shutil.which(name):
        yield on_path
    try:
        yield find(None).path(name)
    except NoPostgres:
        return


def _without_password(dsn: str) -> tuple[str, str]:
    parts = urlsplit(dsn)
    user, at, place = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{at}{place}")), unquote(password)
