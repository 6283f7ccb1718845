"""Sends what waits in the outbox: claim and commit, call, record what became of it. At most once (P5).

The call happens between two transactions, never inside one. Whatever is uncertain afterwards is never sent again
without a person's word: a status or an echo tells its fate, or it is shown.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from server.actions import outcomes
from server.actions.outcomes import Result
from server.actions.unit import Services
from server.channels import instagram, messenger, whatsapp
from server.channels.graph import GraphClient, Outcome, Refused, Unsent
from server.domain import window
from server.domain.delivery import may_speak
from server.domain.errors import Invalid, SettingsError
from server.domain.failure_codes import NO_BOTS, NO_TOKEN, OVER_LIMIT
from server.domain.failures import closed_window
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.store import inboxes, outbox
from server.store.outbox import Claimed
from server.store.pool import Connection
from server.store.vault import Vault

LEASE_SECONDS = 10.0
# Beyond the call's own time-out: what recording may take before others think us dead.
_ROW_MARGIN_SECONDS = 15.0

_RENDER = {
    Channel.WHATSAPP: whatsapp.render,
    Channel.MESSENGER: messenger.render,
    Channel.INSTAGRAM: instagram.render,
}

_log = structlog.get_logger()


class Deliverer:
    """One worker's sending: the inboxes leased to it, their tokens, and what Meta asked it to wait with.

    `app_secret` gives an app's secret where calls carry `appsecret_proof`.
    """

    def __init__(
        self, services: Services, graph: GraphClient, vault: Vault, *, default_token: str | None = None,
        app_secret: Callable[[str], str | None] | None = None,
    ) -> None:  # fmt: skip
        self.services = services
        self._graph = graph
        self._vault = vault
        self._default_token = default_token
        self._app_secret = app_secret or (lambda app_id: None)
        self._holder = f"outbox-{uuid4()}"
        self._epochs: dict[str, int] = {}
        self._tokens: dict[str, tuple[datetime | None, str | None]] = {}
        self._resting: dict[str, float] = {}

    async def tend(self) -> None:
        """Renews the leases, gives up what dead senders left behind, shows what stayed uncertain."""
        async with self.services.pool.acquire() as connection:
            ids = self.services.organisation().inboxes
            self._epochs = await inboxes.take_leases(connection, ids, self._holder, LEASE_SECONDS)
            if self._default_token:
                await inboxes.resume_tokenless(connection)
            if expired := await outbox.expire(connection, outcomes.HOLD_SECONDS):
                _log.warning("sends_uncertain", count=expired)
        await outcomes.show_undecided(self.services)

    async def claim(self, free: int) -> list[Claimed]:
        """At most `free` rows, committed as `sending`. Only what is returned here may be called."""
        epochs = {inbox_id: epoch for inbox_id, epoch in self._epochs.items() if not self._rests(inbox_id)}
        if free <= 0 or not epochs:
            return []
        seconds = self._graph.timeout_seconds + _ROW_MARGIN_SECONDS
        async with self.services.pool.acquire() as connection, connection.transaction():
            claimed = await outbox.claim(connection, epochs, free, seconds)
            stale = {each.inbox_id for each in claimed if self._is_stale(each)}
            if stale:
                await self._read_tokens(connection)
        return claimed

    async def call(self, claimed: Claimed, since: float) -> Outcome:
        """Makes the call, unless something forbids it. `since`: the loop's time just before the claim."""
        inbox = self.services.organisation().inboxes.get(claimed.inbox_id)
        if inbox is None:
            return _refused(Failure(code=NO_TOKEN, title="The inbox is gone"))
        waited = asyncio.get_running_loop().time() - since
        if waited > _ROW_MARGIN_SECONDS:
            # This process was frozen: others may take the row for uncertain before the call could end.
            return Unsent("claimed too long ago")
        if failure := _forbidden(claimed, inbox, claimed.claimed_at + timedelta(seconds=waited)):
            return _refused(failure)
        token = self._tokens.get(inbox.id, (None, None))[1] or self._default_token
        if token is None:
            return _refused(Failure(code=NO_TOKEN, title="The inbox has no access token"))
        try:
            payload = _RENDER[inbox.channel](claimed.payload, claimed.recipient, claimed.local_id)
        except Invalid as error:
            return _refused(Failure(code=OVER_LIMIT, title="Over a limit", detail=error.detail))
        return await self._graph.send(inbox, token, payload, app_secret=self._app_secret(inbox.app))

    async def record(self, results: list[Result]) -> None:
        """Writes outcomes down, together; one that cannot be recorded does not hold the others."""
        for inbox_id, seconds in (await outcomes.record(self.services, results)).items():
            self._resting[inbox_id] = asyncio.get_running_loop().time() + seconds

    async def deliver_due(self, most: int = 64) -> int:
        """One round by itself: tends, claims, calls, records. Returns how many calls were due."""
        await self.tend()
        since = asyncio.get_running_loop().time()
        claimed = await self.claim(most)
        answers = await asyncio.gather(*(self.call(each, since) for each in claimed))
        if claimed:
            await self.record([Result(each, answer) for each, answer in zip(claimed, answers, strict=True)])
        return len(claimed)

    async def release(self) -> None:
        """Lets another worker send at once."""
        async with self.services.pool.acquire() as connection:
            await inboxes.release_leases(connection, list(self._epochs), self._holder)
        self._epochs = {}

    def _rests(self, inbox_id: str) -> bool:
        return self._resting.get(inbox_id, 0.0) > asyncio.get_running_loop().time()

    def _is_stale(self, claimed: Claimed) -> bool:
        known = self._tokens.get(claimed.inbox_id)
        return known is None or known[0] != claimed.token_set_at

    async def _read_tokens(self, connection: Connection) -> None:
        for state in (await inboxes.load(connection)).values():
            token = None
            if state.token is not None:
                try:
                    token = self._vault.open(state.token)
                except SettingsError:
                    _log.error("token_not_opened", inbox=state.id)
            self._tokens[state.id] = (state.token_set_at, token)


def _forbidden(claimed: Claimed, inbox: Inbox, now: datetime) -> Failure | None:
    if not may_speak(claimed.bots, claimed.purpose):
        return Failure(code=NO_BOTS, title="No bot speaks in this sector")
    if not window.is_open(inbox.channel, claimed.last_inbound_at, now):
        return closed_window(inbox.channel)
    return None


def _refused(failure: Failure) -> Refused:
    """Our own no, before any call."""
    return Refused(failure, 0)
