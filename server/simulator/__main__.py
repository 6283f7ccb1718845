"""`python -m server.simulator`: a stand-in for Meta beside a product that runs elsewhere."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.serving import running


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if not options.secret:
        sys.stderr.write("simulator: give --secret or META_APP_SECRET\n")
        return 2
    try:
        accounts = inboxes.read(options.inboxes)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 2
    config = SimulatorConfig(
        callback=options.callback,
        inboxes=accounts.inboxes,
        secret=options.secret,
        verify_token=options.verify_token,
        apps=accounts.apps({"default": options.secret} | dict(pair.split("=", 1) for pair in options.app_secret)),
        access_token=options.token,
        rate=options.rate,
        pace=options.pace,
        log=options.log,
        memory=options.memory,
        ads=accounts.ads,
        console_url=options.console,
    )
    asyncio.run(_serve(config, options.port))
    return 0


async def _serve(config: SimulatorConfig, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(config, port) as place:
        sys.stdout.write(f"simulator {place.url} → {config.callback}\n")
        sys.stdout.flush()
        await stop.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8100, help="loopback port (default 8100; 0: a free one)")
    parser.add_argument("--callback", default="http://127.0.0.1:8000/webhooks/meta", help="where webhooks go")
    first_secret = os.environ.get("META_APP_SECRET", "").split(",")[0].strip()
    parser.add_argument("--secret", default=first_secret, help="app secret (default: META_APP_SECRET)")
    parser.add_argument("--app-secret", action="append", default=[], metavar="APP=SECRET", help="for a further app")
    parser.add_argument("--verify-token", default=os.environ.get("META_VERIFY_TOKEN", ""))
    parser.add_argument("--token", default=None, help="the only access token that is good (default: any)")
    parser.add_argument("--inboxes", type=Path, default=inboxes.DEMO, help="organisation file, or a JSON list")
    parser.add_argument("--rate", type=float, default=0.0, help="new scripted conversations per minute")
    parser.add_argument("--pace", type=float, default=1.0, help="1: as fast as people; 0: at once")
    parser.add_argument("--log", type=Path, default=None, help="JSON lines of every send and webhook item")
    parser.add_argument("--memory", type=Path, default=None, help="keeps people and threads across restarts")
    parser.add_argument("--console", default="", help="address of the console, shown as a link")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
