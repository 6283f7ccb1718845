"""`majlis user add|list|reset|deactivate`."""

import argparse
from collections.abc import Callable, Coroutine
from typing import Any

from server.actions import sessions, users
from server.actions.unit import Services
from server.commands.ground import once, services
from server.domain.errors import Invalid
from server.domain.model import Role
from server.settings import Settings

Command = Callable[[argparse.Namespace, Services, str], Coroutine[Any, Any, None]]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    added = actions.add_parser("add", help="a new person; prints a one-time sign-in link")
    added.add_argument("email")
    added.add_argument("--name", required=True)
    added.add_argument("--role", required=True, type=Role, choices=list(Role), metavar="|".join(Role))
    added.add_argument("--sector", action="append", default=[], help="again for each sector")
    added.add_argument("--every-sector", action="store_true", help="all that the organisation has now")
    added.add_argument("--capacity", type=int, default=4, help="most conversations at once (4)")
    added.add_argument("--language", default="en", choices=("en", "ar"))
    added.add_argument("--reads-messages", action="store_true", default=None, help="an owner sees conversations too")
    actions.add_parser("list", help="everybody")
    reset = actions.add_parser("reset", help="forget the password, end the sessions, print a one-time sign-in link")
    reset.add_argument("email")
    gone = actions.add_parser("deactivate", help="end the sessions and let the person in no more")
    gone.add_argument("email")


def run(options: argparse.Namespace, settings: Settings) -> int:
    command: Command = {"add": _add, "list": _list, "reset": _reset, "deactivate": _deactivate}[options.action]
    return once(lambda: _run(command, options, settings))


async def _run(command: Command, options: argparse.Namespace, settings: Settings) -> int:
    async with services(settings) as known:
        await command(options, known, settings.public_url)
    return 0


async def _add(options: argparse.Namespace, known: Services, public_url: str) -> None:
    every = known.organisation().sectors
    sectors = list(every) if options.every_sector else options.sector
    if not sectors:
        words = f"--sector ({', '.join(every)}) or --every-sector" if every else "majlis apply FOLDER first"
        raise Invalid(f"Without a sector this person could see nothing: {words}.", field="sectors")
    await users.add(
        known, email=options.email, name=options.name, role=options.role, sectors=sectors,
        capacity=options.capacity, language=options.language, reads_messages=options.reads_messages,
    )  # fmt: skip
    _print_link(public_url, await sessions.make_sign_in_link(known, options.email))


async def _list(options: argparse.Namespace, known: Services, public_url: str) -> None:
    rows = [("EMAIL", "NAME", "ROLE", "SECTORS", "STATE", "LAST SEEN")]
    for each in await users.list_users(known):
        seen = f"{each.seen_at:%Y-%m-%d %H:%M}" if each.seen_at else "never"
        state = "inactive" if not each.active else "active" if each.has_password else "no password yet"
        rows.append((each.email, each.name, each.role, ",".join(each.sectors), state, seen))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


async def _reset(options: argparse.Namespace, known: Services, public_url: str) -> None:
    _print_link(public_url, await users.reset(known, options.email))


async def _deactivate(options: argparse.Namespace, known: Services, public_url: str) -> None:
    await users.deactivate(known, options.email)
    print(f"{options.email} is signed out everywhere and cannot sign in any more.")


def _print_link(public_url: str, token: str) -> None:
    print(f"{public_url}/sign-in/link/{token}\nIt works once, within 15 minutes.")
