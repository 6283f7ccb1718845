"""The composition root: settings become a pool, services, doors and loops. Nothing else knows all of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, cast

import structlog
from litestar import Litestar
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from server.actions.current import CurrentOrganisation
from server.actions.deliver import Deliverer
from server.actions.journal import Journal
from server.actions.media import Fetcher
from server.actions.media_links import Links
from server.actions.media_sending import Bringer
from server.actions.profiles import Namer
from server.actions.signals import Teller
from server.actions.subscriptions import Checker
from server.actions.template_sync import Reader
from server.actions.tokens import Tokens
from server.actions.unit import Services
from server.channels.graph import GraphClient
from server.channels.graph_media import GraphMedia
from server.channels.graph_nodes import GraphNodes
from server.domain.compiled import Compiled
from server.domain.errors import SettingsError
from server.domain.media_hosts import media_hosts
from server.domain.organisation import Organisation
from server.files.bucket import BucketAccess
from server.files.keeping import FileStore
from server.files.place import file_store
from server.files.scratch import clear_abandoned
from server.realtime.hub import Hub
from server.settings import Settings
from server.store.pool import Pool, open_pool
from server.store.vault import Vault
from server.web import present, security
from server.web.application import web_application
from server.web.machines import machine_application
from server.web.security import NO_BROWSER
from server.web.webhooks import WebhookKeys, webhook_route
from server.workers import (
    applier,
    media,
    offers,
    outbox,
    presence,
    profiles,
    signals,
    sla_clock,
    subscriptions,
    templates,
)
from server.workers.bell import Bell

Loop = Callable[[asyncio.Event], Awaitable[None]]

POOL_SIZE = 16
# The journal's own: one group is written at a time, and never waits behind people's work.
JOURNAL_CONNECTIONS = 1

_log = structlog.get_logger()


def build(settings: Settings) -> "Application":
    """`settings.database_url` and `majlis_key` are given by now, embedded or not."""
    return Application(settings)


class Application:
    """One process's parts. `asgi`, `machines` and `loops` are there between `start` and `stop`."""

    asgi: Litestar
    # The door of a process that only works.
    machines: Litestar
    services: Services
    vault: Vault
    loops: list[Loop]

    def __init__(self, settings: Settings) -> None:
        if settings.database_url is None:
            raise SettingsError("DATABASE_URL is not set.")
        self._settings = settings
        self._dsn = settings.database_url
        self._bell = Bell(self._dsn)
        self._hub = Hub(present=present.push, admits=security.admits(settings.public_url), redis_url=settings.redis_url)

    async def start(self) -> None:
        """Raises one of `store.pool.AWAY` when the database cannot be reached; then nothing is left open."""
        async with AsyncExitStack() as stack:
            self._pool = await open_pool(self._dsn, size=POOL_SIZE)
            stack.push_async_callback(_close, self._pool)
            self._journal_pool = await open_pool(self._dsn, size=JOURNAL_CONNECTIONS)
            stack.push_async_callback(_close, self._journal_pool)
            current = CurrentOrganisation(self._pool)
            await current.refresh()
            await asyncio.to_thread(clear_abandoned)
            self.services = Services(
                pool=self._pool, publisher=self._hub, waker=self._bell, organisation=current,
                files=file_store_of(self._settings),
            )  # fmt: skip
            self.vault = Vault(self._settings.majlis_key)
            self._links = Links(self._settings.public_url, self.vault)
            self._graph = await stack.enter_async_context(self._graph_client())
            self._media = await stack.enter_async_context(self._media_client())
            self._nodes = await stack.enter_async_context(self._nodes_client())
            await stack.enter_async_context(self._bell)
            await self._hub.start(self.services)
            stack.push_async_callback(self._hub.stop)
            follow = asyncio.create_task(current.follow(self._bell), name="organisation")
            stack.callback(follow.cancel)
            self.asgi = self._doors(current)
            self.machines = machine_application(self.services, self._hub, metrics_token=self._settings.metrics_token)
            self.loops = self._loops()
            self._opened = stack.pop_all()

    async def stop(self) -> None:
        await self._opened.aclose()

    def _graph_client(self) -> GraphClient:
        return GraphClient(
            graph_url=self._settings.meta_graph_url, instagram_graph_url=self._settings.meta_instagram_graph_url,
            version=self._settings.meta_graph_version,
        )  # fmt: skip

    def _media_client(self) -> GraphMedia:
        return GraphMedia(
            graph_url=self._settings.meta_graph_url, instagram_graph_url=self._settings.meta_instagram_graph_url,
            version=self._settings.meta_graph_version, hosts=media_hosts(self._settings.meta_media_hosts),
        )  # fmt: skip

    def _nodes_client(self) -> GraphNodes:
        return GraphNodes(
            graph_url=self._settings.meta_graph_url, instagram_graph_url=self._settings.meta_instagram_graph_url,
            version=self._settings.meta_graph_version,
        )  # fmt: skip

    def _loops(self) -> list[Loop]:
        services, bell = self.services, self._bell
        tokens = Tokens(
            services, self.vault, default_token=self._settings.meta_access_token, app_secret=self._app_secret
        )
        fetcher, bringer = Fetcher(services, self._media, tokens), Bringer(services, self._media, tokens)
        namer, checker = Namer(services, self._nodes, tokens, self._media), Checker(services, self._nodes, tokens)
        reader, teller = Reader(services, self._graph, tokens), Teller(services, self._graph, tokens)
        deliverer = Deliverer(
            services, self._graph, self.vault, default_token=self._settings.meta_access_token,
            app_secret=self._app_secret, links=self._links,
        )  # fmt: skip
        return [
            _named("applier", lambda stop: applier.run(services, bell, stop)),
            _named("outbox", lambda stop: outbox.run(deliverer, bell, stop)),
            _named("media", lambda stop: media.run(services, fetcher, bringer, bell, stop)),
            _named("offers", lambda stop: offers.run(services, bell, stop)),
            _named("sla_clock", lambda stop: sla_clock.run(services, bell, stop)),
            _named("presence", lambda stop: presence.run(services, bell, stop)),
            _named("templates", lambda stop: templates.run(reader, bell, stop)),
            _named("signals", lambda stop: signals.run(teller, bell, stop)),
            _named("profiles", lambda stop: profiles.run(namer, bell, stop)),
            _named("subscriptions", lambda stop: subscriptions.run(services, checker, bell, stop)),
            self._ring_at_the_end,
        ]

    async def _ring_at_the_end(self, stop: asyncio.Event) -> None:
        # Loops asleep at the bell must see that it is over.
        await stop.wait()
        self._bell.wake_all()

    def _webhook_keys(self, organisation: Organisation) -> WebhookKeys:
        apps = organisation.apps
        return WebhookKeys(
            {id: self._secrets(id, app.secret) for id, app in apps.items()},
            {id: self._secrets(id, app.verify_token) for id, app in apps.items()},
        )

    def _app_secret(self, app_id: str) -> str | None:
        app = self.services.organisation().apps.get(app_id)
        secrets = self._secrets(app_id, app.secret) if app else ()
        return secrets[0] if secrets else None

    def _secrets(self, app_id: str, reference: str) -> tuple[str, ...]:
        """None where they cannot be read: that app is refused, and the others go on."""
        try:
            return self._settings.secrets(reference)
        except SettingsError:
            _log.error("app_secret_not_read", app_id=app_id)
            return ()

    def _doors(self, current: CurrentOrganisation) -> Litestar:
        """The webhooks, and behind them everything that browsers use.

        Browsers' middleware stays inside, so that a webhook does not pay for it.
        """
        hub, keys = self._hub, Compiled(self._webhook_keys)

        @asgi("/socket.io", is_mount=True, copy_scope=True, opt={"exclude_from_auth": True, NO_BROWSER: True})
        async def socket(scope: Scope, receive: Receive, send: Send) -> None:
            await hub.asgi_app(scope, receive, send)

        console = web_application(
            self.services, self._settings, hub, [socket], self._links, self._settings.metrics_token
        )

        @asgi("/", is_mount=True, copy_scope=True)
        async def pages(scope: Scope, receive: Receive, send: Send) -> None:
            # Ours would pass for the handler of what the console does not know: its answers would lack their headers.
            cast(dict[str, Any], scope).pop("route_handler", None)
            await console(scope, receive, send)

        webhooks = webhook_route(Journal(self._journal_pool, self._bell), lambda: keys(current()))
        return Litestar([webhooks, pages], openapi_config=None, logging_config=None)


def file_store_of(settings: Settings) -> FileStore:
    """Where this installation keeps the files of messages. Raises `SettingsError`."""
    access = BucketAccess(
        endpoint=settings.s3_endpoint, region=settings.s3_region, access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    )  # fmt: skip
    return file_store(settings.majlis_files or str(settings.majlis_data / "files"), access)


async def _close(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 3)
    except TimeoutError:
        pool.terminate()


def _named(name: str, run: Loop) -> Loop:
    """So that a loop that fails is called by its name in the log."""

    async def loop(stop: asyncio.Event) -> None:
        await run(stop)

    loop.__qualname__ = name
    return loop
