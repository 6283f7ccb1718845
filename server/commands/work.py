"""`majlis work`."""

import argparse
import asyncio
import time
from socket import socket

from server import process
from server.commands.ground import Ground, step
from server.commands.product import Plan, run_product
from server.domain.errors import SettingsError
from server.process import Door, listen
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="of its door for /healthz, /readyz and /metrics, instead of PORT")


def run(options: argparse.Namespace, settings: Settings) -> int:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if getattr(settings, name.lower()) is None:
            raise SettingsError(f"{name} is not set: without it `majlis serve` does the work itself.")
    return process.run(lambda stop: _work(options.port, settings, stop))


async def _work(port: int | None, settings: Settings, stop: asyncio.Event) -> int:
    began = time.monotonic()
    opened = _listen(port, settings)

    async def ready(given: Ground) -> None:
        if opened is None:
            step("note", "PORT is not set: nobody can ask this worker for /healthz, /readyz and /metrics")
        else:
            step("watched", f"on {settings.host} port {opened.getsockname()[1]}: /healthz, /readyz, /metrics")
        step("working", "", time.monotonic() - began)

    plan = Plan(
        settings=settings,
        door=None if opened is None else lambda application: Door(application.machines, opened),
        ready=ready,
    )
    return await run_product(plan, stop)


def _listen(port: int | None, settings: Settings) -> socket | None:
    """Only where it was asked for: PORT's own value would be taken by the second worker, or the web, beside it."""
    if port is None and not settings.environment.get("PORT", "").strip():
        return None
    return listen(settings.host, settings.port if port is None else port)
