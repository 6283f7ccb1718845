"""`majlis replay`."""

import argparse
from datetime import UTC, datetime

from server.actions.replay import replay
from server.commands.ground import once, services
from server.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=_moment, help="only what came since, such as 2026-11-22T09:30 (UTC)")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _replay(options.since, settings))


async def _replay(since: datetime | None, settings: Settings) -> int:
    async with services(settings) as known:
        outcome = await replay(known, since=since)
    print(f"{outcome.applied} applied, {outcome.left} left in quarantine.")
    return 0


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
