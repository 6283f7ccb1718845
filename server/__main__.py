"""The `majlis` command. Each sub-command is a module of `server.commands`, imported only when it is called."""

import argparse
import os
import select
import sys
from collections.abc import Sequence
from importlib import import_module

from server.domain.errors import MajlisError
from server.settings import read_settings
from server.telemetry import set_up_logging

COMMANDS = {
    "serve": "the console, the API and the webhook door; the work too, unless DATABASE_URL and REDIS_URL are set",
    "work": "the work without the doors, beside several `serve` processes",
    "demo": "the whole product with demo data and a stand-in for Meta",
    "migrate": "bring the database up to date",
    "apply": "make the database say what an organisation folder says",
    "user": "add, list, reset or deactivate people",
    "inbox": "give an inbox its access token",
    "replay": "apply again what was put into quarantine",
    "backup": "write the database to a file",
    "restore": "fill an empty database from a backup",
    "doctor": "check address, tokens, subscriptions, keys, clock and disk",
    "key": "make a key for MAJLIS_KEY",
}
# Called before there are any settings: MAJLIS_KEY itself comes from it.
_WITHOUT_SETTINGS = frozenset({"key"})


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        outcome = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        return 1
    return outcome


def _run(given: list[str]) -> int:
    if not given or given[0] not in COMMANDS:
        asked = bool(given) and given[0] in ("-h", "--help", "help")
        print(_overview(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    name = given[0]
    command = import_module(f"server.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"majlis {name}", description=COMMANDS[name])
    command.arguments(parser)
    options = parser.parse_args(given[1:])
    # The others answer the person who called them in plain words of their own.
    set_up_logging(quiet=name not in ("serve", "work"))
    try:
        settings = () if name in _WITHOUT_SETTINGS else (read_settings(),)
        outcome: int = command.run(options, *settings)
    except MajlisError as error:
        print(f"majlis {name}: {error}", file=sys.stderr)
        return 2
    return outcome


def _nobody_reads() -> bool:
    """Whether stdout is a pipe whose reader went, as with `| head`. The interpreter's last flush is then spared."""
    ends = select.poll()
    ends.register(sys.stdout.fileno(), 0)
    if not ends.poll(0):
        return False
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return True


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {words}" for name, words in COMMANDS.items()]
    return "\n".join(["usage: majlis COMMAND [--help]", "", *lines])


if __name__ == "__main__":
    sys.exit(main())
