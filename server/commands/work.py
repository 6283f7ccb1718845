"""`majlis work`."""

import argparse
import asyncio
import time

from server import process
from server.commands.ground import Ground, step
from server.commands.product import Plan, run_product
from server.domain.errors import SettingsError
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if getattr(settings, name.lower()) is None:
            raise SettingsError(f"{name} is not set: without it `majlis serve` does the work itself.")
    return process.run(lambda stop: _work(settings, stop))


async def _work(settings: Settings, stop: asyncio.Event) -> int:
    began = time.monotonic()

    async def ready(given: Ground) -> None:
        step("working", "", time.monotonic() - began)

    return await run_product(Plan(settings=settings, ready=ready), stop)
