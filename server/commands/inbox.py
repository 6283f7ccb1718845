"""`majlis inbox token INBOX` and `majlis inbox resume INBOX`.

The token is read from stdin, so that no shell history or process list keeps it.
"""

import argparse
import getpass
import sys

from server.actions import inboxes
from server.commands.ground import bring_up_to_date, ground, once, services
from server.domain.errors import Invalid
from server.settings import Settings
from server.store.vault import Vault


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    token = actions.add_parser("token", help="reads the access token from stdin, seals and keeps it")
    resume = actions.add_parser("resume", help="ends an inbox's pause, for what was mended at Meta's side")
    for each in (token, resume):
        each.add_argument("inbox", help="its id in the organisation, such as financial-whatsapp")


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "resume":
        return once(lambda: _resume(options.inbox, settings))
    token = (getpass.getpass("Access token: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not token:
        raise Invalid("No token came on stdin.", field="token")
    return once(lambda: _set_token(options.inbox, token, settings))


async def _resume(inbox: str, settings: Settings) -> int:
    async with services(settings) as known:
        await inboxes.resume(known, inbox)
    print(f"{inbox} sends again.")
    return 0


async def _set_token(inbox: str, token: str, settings: Settings) -> int:
    async with ground(settings) as given:
        if given.postgres is not None:
            await bring_up_to_date(given.dsn)
        async with services(given.settings) as known:
            await inboxes.set_token(known, Vault(given.settings.majlis_key), inbox, token)
    print(f"{inbox} has its token; sending goes on.")
    return 0
