"""`majlis demo`: the whole product on this machine, beside a simulator that plays Meta and its customers."""

import argparse
import asyncio
import contextlib
import secrets
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec

from server import process
from server.actions import organisation_folder, sessions
from server.commands.demo_folder import (
    ACCESS_TOKEN,
    APP_SECRET,
    VERIFY_TOKEN,
    Addresses,
    forget_addresses,
    keep_addresses,
)
from server.commands.ground import KEY, Ground, keep, services, step, usable
from server.commands.prepare import apply
from server.commands.product import Plan, run_product
from server.commands.serve import at_port, must_be_told
from server.domain.errors import Conflict, SettingsError
from server.domain.model import Role
from server.paths import DEMO_ORGANISATION
from server.postgres_place import make_folder
from server.process import Door, listen
from server.settings import Settings, read_settings
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.simulator.serving import Running, running
from server.store import organisation
from server.store.pool import prepare
from server.store.vault import generate_key
from server.telemetry import set_up_logging

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SIMULATOR_PORT = 8100


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=0, help="scripted customers, new conversations per minute")
    parser.add_argument("--pace", type=float, default=1, help="how fast they write and read: 1 as people do, 0 at once")
    parser.add_argument("--port", type=int, help="of the console, instead of PORT")
    parser.add_argument("--simulator-port", type=int, help=f"instead of {SIMULATOR_PORT}, or any free one")
    parser.add_argument("--data", type=Path, help="folder of its database, instead of `demo` in MAJLIS_DATA")
    parser.add_argument("--log", type=Path, help="JSON lines of all that the simulator did")


def run(options: argparse.Namespace, settings: Settings) -> int:
    if settings.meta_access_token:
        raise SettingsError("META_ACCESS_TOKEN is set: the demo never starts beside a real account. Unset it.")
    if settings.host not in LOOPBACK:
        raise SettingsError(f"HOST is {settings.host}: the demo prints sign-in links and stays on 127.0.0.1. Unset it.")
    set_up_logging(quiet=True)
    return process.run(lambda stop: _demo(options, _with_secrets(options, settings), stop))


async def _demo(options: argparse.Namespace, settings: Settings, stop: asyncio.Event) -> int:
    began = time.monotonic()
    opened = listen(settings.host, settings.port if options.port is None else options.port)
    settings = at_port(settings, opened.getsockname()[1])
    async with _simulator(options, settings) as simulator:

        async def ready(given: Ground) -> None:
            keep_addresses(settings.majlis_data, Addresses(settings.public_url, simulator.url))
            step("console", settings.public_url, time.monotonic() - began)
            step("phones", f"{simulator.url}  write as a customer here")
            step("commands", f"{_beside(given, settings)} user list")
            await _print_links(given.settings, f"{_beside(given, settings)} user reset EMAIL")

        plan = Plan(
            settings=msgspec.structs.replace(
                settings, meta_graph_url=simulator.url, meta_instagram_graph_url=simulator.url,
                meta_media_hosts=(simulator.url,),
            ),
            door=lambda application: Door(application.asgi, opened),
            organisation=_apply_where_it_belongs,
            ready=ready,
        )  # fmt: skip
        try:
            code = await run_product(plan, stop)
        finally:
            forget_addresses(settings.majlis_data)
    step("stopped", "")
    return code


async def _apply_where_it_belongs(given: Ground) -> None:
    """Only where there is no other organisation: the demo's would retire the sectors and inboxes of a real one."""
    folder = given.settings.majlis_org
    assert folder is not None  # noqa: S101
    connection = await asyncpg.connect(given.dsn)
    try:
        await prepare(connection)
        held = await organisation.load(connection)
    finally:
        await connection.close()
    # A given database is the demo's only if it holds the demo; its own folder may hold what MAJLIS_ORG named before.
    own = organisation_folder.read(folder if given.postgres else DEMO_ORGANISATION)
    if held.version and (held.sectors.keys(), held.inboxes.keys()) != (own.sectors.keys(), own.inboxes.keys()):
        raise Conflict(
            "This database holds another organisation, and the demo would replace it. "
            "Unset DATABASE_URL, or name an empty database by DATABASE_URL or --data."
        )
    await apply(given, folder)


def _with_secrets(options: argparse.Namespace, settings: Settings) -> Settings:
    """What is not given is made once and kept, so that a restart still opens what was sealed."""
    folder = options.data or settings.majlis_data / "demo"
    with usable(folder, "--data" if options.data else "MAJLIS_DATA"):
        return _completed(settings, make_folder(folder))


def _completed(settings: Settings, folder: Path) -> Settings:
    def kept(name: str) -> str:
        return keep(folder / name, lambda: secrets.token_urlsafe(32))

    return msgspec.structs.replace(
        settings,
        majlis_data=folder,
        majlis_org=settings.majlis_org or DEMO_ORGANISATION,
        meta_app_secret=settings.meta_app_secret or (kept(APP_SECRET),),
        meta_verify_token=settings.meta_verify_token or kept(VERIFY_TOKEN),
        meta_access_token=kept(ACCESS_TOKEN),
        majlis_key=settings.majlis_key or (keep(folder / KEY, generate_key),),
    )


@contextlib.asynccontextmanager
async def _simulator(options: argparse.Namespace, settings: Settings) -> AsyncIterator[Running]:
    assert settings.majlis_org is not None  # noqa: S101
    accounts = inboxes.read(settings.majlis_org / "org.toml")
    config = SimulatorConfig(
        callback=f"http://127.0.0.1:{settings.port}/webhooks/meta",
        inboxes=accounts.inboxes,
        secret=settings.meta_app_secret[0],
        verify_token=settings.meta_verify_token or "",
        apps=accounts.apps({"default": settings.meta_app_secret[0]}),
        access_token=settings.meta_access_token,
        rate=options.rate,
        pace=options.pace,
        log=options.log,
        # The phones remember what the console does.
        memory=settings.majlis_data / "phones.json",
        ads=accounts.ads,
        console_url=settings.public_url,
    )
    async with contextlib.AsyncExitStack() as stack:
        wanted = SIMULATOR_PORT if options.simulator_port is None else options.simulator_port
        try:
            started = await stack.enter_async_context(running(config, wanted))
        except OSError as error:
            if options.simulator_port is not None:
                raise SettingsError(f"--simulator-port {wanted}: {error.strerror}") from None
            started = await stack.enter_async_context(running(config, 0))
        yield started


def _beside(given: Ground, settings: Settings) -> str:
    """How to call the other commands on the demo's database."""
    words = []
    if given.postgres is not None:
        words.append(f"MAJLIS_DATA={_from_here(settings.majlis_data)}")
    elif not read_settings(settings.environment).majlis_key:
        words.append(f"MAJLIS_KEY_FILE={_from_here(settings.majlis_data / KEY)}")
    if must_be_told(settings):
        words.append(f"PUBLIC_URL={settings.public_url}")
    program = Path(sys.executable).with_name("majlis")
    return " ".join([*words, _from_here(program) if program.exists() else "majlis"])


def _from_here(path: Path) -> str:
    path = path.absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


async def _print_links(settings: Settings, another: str) -> None:
    step("sign in", "each link works once, within 15 minutes; for a new one start again, or:")
    step("", another)
    async with services(settings) as known:
        organisation = known.organisation()
        for user in sorted(organisation.users.values(), key=lambda user: (list(Role).index(user.role), user.sectors)):
            link = await sessions.make_sign_in_link(known, user.email)
            sectors = "every sector" if len(user.sectors) == len(organisation.sectors) else ", ".join(user.sectors)
            print(f"  {user.role:14}{sectors:24}{settings.public_url}/sign-in/link/{link}  {user.name}", flush=True)
