"""`majlis serve`."""

import argparse
import asyncio
import time

import msgspec

from server import process
from server.commands.checks_here import proxy
from server.commands.ground import Ground, step
from server.commands.product import Plan, run_product
from server.process import Door, listen
from server.settings import Settings, read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="instead of PORT")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return process.run(lambda stop: _serve(options.port, settings, stop))


async def _serve(port: int | None, settings: Settings, stop: asyncio.Event) -> int:
    began = time.monotonic()
    opened = listen(settings.host, settings.port if port is None else port)
    settings = at_port(settings, opened.getsockname()[1])
    if not settings.meta_app_secret:
        step("note", "META_APP_SECRET is not set: deliveries of the default app will be refused")
    for finding in proxy(settings):
        step("note", finding.words)
    proxies = tuple(map(str, settings.trusted_proxies))

    async def ready(given: Ground) -> None:
        step("console", settings.public_url, time.monotonic() - began)
        if must_be_told(settings):
            words = f"for sign-in links to this port give the other commands PUBLIC_URL={settings.public_url}"
            step("note", words)

    plan = Plan(
        settings=settings,
        door=lambda application: Door(application.asgi, opened, proxies),
        # With both given, `majlis work` processes do the work.
        loops=settings.database_url is None or settings.redis_url is None,
        ready=ready,
    )
    return await run_product(plan, stop)


def at_port(settings: Settings, port: int) -> Settings:
    """The settings with the port that was really taken, in PUBLIC_URL too unless that was given."""
    if settings.environment.get("PUBLIC_URL"):
        return msgspec.structs.replace(settings, port=port)
    place = settings.public_url.removesuffix(f":{settings.port}")
    return msgspec.structs.replace(settings, port=port, public_url=f"{place}:{port}")


def must_be_told(settings: Settings) -> bool:
    """Whether the links that other commands print lead elsewhere, because they know nothing of the port taken here."""
    return settings.public_url != read_settings(settings.environment).public_url
