"""Reads the templates of every account from Meta: each day, and when something asks for it."""

import structlog

from server.actions import templates as accounts
from server.actions.tokens import Tokens
from server.actions.unit import Services
from server.channels import graph_templates
from server.channels.graph import GraphClient
from server.channels.graph_templates import Trouble
from server.domain.organisation import Inbox
from server.domain.templates import Listed
from server.store import templates
from server.store.templates import Turn

AGAIN_SECONDS = 24 * 3600.0
# How long a reader may take before another tries.
_TURN_SECONDS = 600.0
_TROUBLE_SECONDS = 900.0

_log = structlog.get_logger()


class Reader:
    def __init__(self, services: Services, graph: GraphClient, tokens: Tokens) -> None:
        self._services = services
        self._graph = graph
        self._tokens = tokens

    async def read_due(self) -> float | None:
        """Reads every account whose turn it is; returns the seconds to the next one, None when there is none."""
        known = accounts.accounts(self._services.organisation())
        if not known:
            return None
        names = sorted(known)
        async with self._services.pool.acquire() as connection:
            await templates.expect(connection, names)
        while (turn := await self._claim(names)) is not None:
            await self._read(turn, known[turn.account])
        async with self._services.pool.acquire() as connection:
            return await templates.seconds_to_next(connection, names)

    async def _claim(self, names: list[str]) -> Turn | None:
        async with self._services.pool.acquire() as connection:
            return await templates.claim(connection, names, _TURN_SECONDS)

    async def _read(self, turn: Turn, inbox: Inbox) -> None:
        access = await self._tokens.of(inbox)
        found: list[Listed] | Trouble
        if access is None:
            found = Trouble("the inbox has no access token")
        else:
            found = await graph_templates.read_all(
                self._graph, inbox, turn.account, access.token, app_secret=access.app_secret
            )
        async with self._services.pool.acquire() as connection, connection.transaction():
            if isinstance(found, Trouble):
                _log.warning("templates_not_read", account=turn.account, reason=found.reason)
                await templates.troubled(connection, turn.account, found.reason, _TROUBLE_SECONDS)
                return
            await templates.replace(connection, turn, found)
            await templates.synced(connection, turn.account, AGAIN_SECONDS)
