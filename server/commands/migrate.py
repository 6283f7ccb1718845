"""`majlis migrate`."""

import argparse

from server.commands.ground import once
from server.commands.prepare import apply, prepared
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _migrate(settings))


async def _migrate(settings: Settings) -> int:
    async with prepared(settings) as given:
        if settings.majlis_org is not None:
            await apply(given, settings.majlis_org)
        return 0
