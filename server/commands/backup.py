"""`majlis backup FILE`."""

import argparse
import os
from pathlib import Path

from server.commands.dumping import run_tool
from server.commands.ground import ground, once
from server.domain.errors import Invalid
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a new file; pg_dump's own compressed format")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _backup(options.file, settings))


async def _backup(file: Path, settings: Settings) -> int:
    if file.exists():
        raise Invalid(f"{file} exists already.", field="file")
    part = file.with_name(f"{file.name}.part")
    try:
        # Customers' words are inside: nobody else reads it.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.", field="file") from None
    try:
        async with ground(settings) as given:
            await run_tool(given, "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={part.absolute()}")
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    print(f"{file} ({file.stat().st_size:,} bytes). Keep MAJLIS_KEY too, in another place: it opens the tokens.")
    return 0
