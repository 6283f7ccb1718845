"""`majlis apply FOLDER`."""

import argparse
from pathlib import Path

from server.actions.organisation import apply
from server.commands.ground import once, services
from server.domain.errors import SettingsError
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, nargs="?", help="holds org.toml and flows/; MAJLIS_ORG if left out")


def run(options: argparse.Namespace, settings: Settings) -> int:
    folder = options.folder or settings.majlis_org
    if folder is None:
        raise SettingsError("Which folder? Name one, or set MAJLIS_ORG.")
    return once(lambda: _apply(folder, settings))


async def _apply(folder: Path, settings: Settings) -> int:
    async with services(settings, create=True) as known:
        lines = await apply(known.pool, folder, waker=known.waker)
    print("\n".join(lines) if lines else "Nothing differs.")
    return 0
