"""`majlis doctor`: what keeps messages from flowing, each with its remedy."""

import argparse
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp

from server.actions.tokens import Access
from server.commands import checks_app, checks_files, checks_here, checks_meta
from server.commands.demo_folder import beside_demo
from server.commands.findings import Finding, bad, good
from server.commands.ground import ground, once, usable
from server.domain.errors import SettingsError
from server.paths import MIGRATIONS
from server.settings import Settings
from server.store import clock, inboxes, organisation
from server.store.inboxes import InboxState
from server.store.migrate import pending
from server.store.pool import open_pool
from server.store.vault import Vault


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offline", action="store_true", help="ask nobody over the network")


def run(options: argparse.Namespace, settings: Settings) -> int:
    return once(lambda: _examine(settings, offline=options.offline))


async def _examine(settings: Settings, *, offline: bool) -> int:
    wrong = 0
    with usable(settings.majlis_data):
        demo = beside_demo(settings)
    if demo is not None:
        settings, offline = demo.settings, offline or not demo.running
        state = "is examined with its own secrets and addresses" if demo.running else "does not run: start it for more"
        print(f"{'note':6}{'demo':13}{settings.majlis_data} belongs to a demo, which {state}", flush=True)
    async with ground(settings) as given:
        async for finding in _findings(given.settings, given.dsn, offline=offline, demo=demo is not None):
            print(f"{'wrong' if finding.remedy else 'ok':6}{finding.subject:13}{finding.words}", flush=True)
            if finding.remedy:
                wrong += 1
                print(f"{'':19}→ {finding.remedy}", flush=True)
    print("All is well." if not wrong else f"{wrong} to mend.")
    return 1 if wrong else 0


async def _findings(settings: Settings, dsn: str, *, offline: bool, demo: bool) -> AsyncIterator[Finding]:
    yield checks_here.disk(settings)
    for finding in checks_here.proxy(settings):
        yield finding
    pool = await open_pool(dsn, size=1)
    try:
        async with pool.acquire() as connection:
            missing = await pending(connection, MIGRATIONS)
            if missing:
                yield bad("database", f"{len(missing)} migrations are missing", "Run: majlis migrate")
                return
            now = await clock.now(connection)
            known = await organisation.load(connection)
            states = await inboxes.load(connection)
    finally:
        await pool.close()
    yield good("database", "answers and is up to date")
    yield checks_here.clock((datetime.now(UTC) - now).total_seconds(), "the database")
    async for finding in checks_here.event_server(settings):
        yield finding
    yield await checks_files.files(settings)
    if not known.inboxes:
        yield bad("organisation", "nothing was applied yet", "Run: majlis apply FOLDER")
        return
    yield good("organisation", f"{len(known.sectors)} sectors, {len(known.inboxes)} inboxes, {len(known.users)} people")
    for finding in checks_here.keys(settings, known, states):
        yield finding
    if offline:
        return
    clocks: list[float] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        async for finding in checks_meta.callback(settings, known.apps_in_use, http, https=not demo):
            yield finding
        for inbox in known.inboxes.values():
            token = _token(settings, states.get(inbox.id))
            if token is not None:
                app = known.apps.get(inbox.app)
                access = Access(token, checks_app.secret_of(settings, app))
                async for finding in checks_meta.account(settings, inbox, app, access, http, clocks):
                    yield finding
        async for finding in checks_app.fields(settings, known, http, clocks):
            yield finding
    if clocks:
        yield checks_here.clock(clocks[-1], "Meta")


def _token(settings: Settings, state: InboxState | None) -> str | None:
    if state is None or state.token is None:
        return settings.meta_access_token
    try:
        return Vault(settings.majlis_key).open(state.token)
    except SettingsError:
        return None
