"""Sends what waits in the outbox: claim and commit, call, record what became of it. At most once (P5).

The call happens between two transactions, never inside one. Whatever is uncertain afterwards is never sent again
without a person's word: a status or an echo tells its fate, or it is shown.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from server.actions import attach, consequences, outcomes, thread_control, tokens, windows
from server.actions.media_links import Links
from server.actions.outcomes import Result
from server.actions.paced import Paced
from server.actions.tokens import Access
from server.actions.unit import Services, unit
from server.channels import instagram, messenger, whatsapp
from server.channels.graph import GraphClient, Outcome, Refused, Unsent
from server.domain.delivery import may_speak
from server.domain.errors import Invalid
from server.domain.failure_codes import NO_BOTS, NO_TOKEN, OVER_LIMIT, rule_of
from server.domain.failures import of_verdict
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.domain.window import Allowed, Closed
from server.store import inboxes, outbox
from server.store.outbox import Claimed
from server.store.pool import AWAY, Connection
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
    """One worker's sending: the inboxes leased to it, their tokens, their pace, and what Meta asked it to wait with.

    The pace is exact because nobody else sends for these inboxes. `app_secret` gives an app's secret where calls carry
    `appsecret_proof`; `links` the addresses by which Meta fetches files it takes in no other way.
    """

    def __init__(
        self, services: Services, graph: GraphClient, vault: Vault, *, default_token: str | None = None,
        app_secret: Callable[[str], str | None] | None = None, links: Links | None = None,
    ) -> None:  # fmt: skip
        self.services = services
        self._graph = graph
        self._vault = vault
        self._default_token = default_token
        self._app_secret = app_secret or (lambda app_id: None)
        self._links = links
        self._holder = f"outbox-{uuid4()}"
        self._epochs: dict[str, int] = {}
        self._tokens: dict[str, tuple[datetime | None, str | None]] = {}
        self._resting: dict[str, float] = {}
        self._pace = Paced(services)

    async def tend(self) -> None:
        """Renews the leases, gives up what dead senders left behind, shows what stayed uncertain."""
        async with self.services.pool.acquire() as connection:
            ids = self.services.organisation().inboxes
            before = self._epochs
            self._epochs = await inboxes.take_leases(connection, ids, self._holder, LEASE_SECONDS)
            fresh = [each for each, epoch in self._epochs.items() if before.get(each) != epoch]
            await self._pace.tend(connection, self._epochs, fresh)
            paused = await inboxes.paused(connection)
            if expired := await outbox.expire(connection, outcomes.HOLD_SECONDS):
                _log.warning("sends_uncertain", count=expired)
        if paused:
            await self._resume()
        await outcomes.show_undecided(self.services)

    async def claim(self, free: int) -> list[Claimed]:
        """At most `free` rows, and no more than Meta's pace allows, committed as `sending`.

        Only what is returned here may be called.
        """
        going = {inbox_id: epoch for inbox_id, epoch in self._epochs.items() if not self._rests(inbox_id)}
        lanes = self._pace.lanes(going, free) if free > 0 else {}
        if not lanes:
            return []
        seconds = self._graph.timeout_seconds + _ROW_MARGIN_SECONDS
        async with self.services.pool.acquire() as connection, connection.transaction():
            claimed, held = self._pace.admit(await outbox.claim(connection, lanes, free, seconds))
            if held:
                await outbox.hold_back(connection, held)
            stale = {each.inbox_id for each in claimed if self._is_stale(each)}
            if stale:
                await self._read_tokens(connection)
        return claimed

    async def call(self, claimed: Claimed, since: float) -> Outcome:
        """Makes the call, unless something forbids it. `since`: the loop's time just before the claim."""
        # What is refused here is our own no, before any call.
        inbox = self.services.organisation().inboxes.get(claimed.inbox_id)
        if inbox is None:
            return Refused(Failure(code=NO_TOKEN, title="The inbox is gone"))
        waited = asyncio.get_running_loop().time() - since
        if waited > _ROW_MARGIN_SECONDS:
            # This process was frozen: others may take the row for uncertain before the call could end.
            return Unsent("claimed too long ago")
        if not may_speak(claimed.bots, claimed.purpose):
            return Refused(Failure(code=NO_BOTS, title="No bot speaks in this sector"))
        verdict = windows.of_claimed(claimed, inbox, claimed.claimed_at + timedelta(seconds=waited))
        if isinstance(verdict, Closed):
            return Refused(of_verdict(inbox.channel, verdict))
        token = self._tokens.get(inbox.id, (None, None))[1] or self._default_token
        if token is None:
            return Refused(Failure(code=NO_TOKEN, title="The inbox has no access token"))
        try:
            payload = await self._payload(claimed, inbox, verdict)
        except AWAY as error:
            # The database, asked for the message's files: nothing has gone to Meta yet.
            return Unsent(type(error).__name__)
        if isinstance(payload, Refused):
            return payload
        access = Access(token, self._app_secret(inbox.app))
        await self._pace.turn(inbox.id)
        outcome = await self._graph.send(inbox, token, payload, app_secret=access.app_secret)
        if thread_control.is_elsewhere(inbox, claimed.purpose, outcome):
            taken = await thread_control.take(self._graph, inbox, access, claimed.recipient)
            if taken and asyncio.get_running_loop().time() - since < _ROW_MARGIN_SECONDS / 2:
                # The first was refused for certain: this says nothing twice.
                await self._pace.turn(inbox.id)
                return await self._graph.send(inbox, token, payload, app_secret=access.app_secret)
        return outcome

    async def record(self, results: list[Result]) -> None:
        """Writes outcomes down, together; one that cannot be recorded does not hold the others."""
        for inbox_id, seconds in (await outcomes.record(self.services, results)).items():
            self._resting[inbox_id] = asyncio.get_running_loop().time() + seconds

    async def deliver_due(self, most: int = 64) -> int:
        """One round by itself, as slowly as the pace asks: tends, claims, calls, records. Returns how many were due."""
        await self.tend()
        results: list[Result] = []
        while True:
            since = asyncio.get_running_loop().time()
            claimed = await self.claim(most - len(results))
            answers = await asyncio.gather(*(self.call(each, since) for each in claimed))
            results += [Result(each, answer) for each, answer in zip(claimed, answers, strict=True)]
            wait = self.until_paced()
            if wait is None or len(results) == most:
                break
            await asyncio.sleep(wait)
        if results:
            await self.record(results)
        return len(results)

    async def release(self) -> None:
        """Lets another worker send at once."""
        async with self.services.pool.acquire() as connection:
            await inboxes.release_leases(connection, list(self._epochs), self._holder)
        self._epochs = {}

    def until_paced(self) -> float | None:
        """Seconds until an inbox that has used up its pace may send again; None when none has."""
        return self._pace.soonest(each for each in self._epochs if not self._rests(each))

    async def _payload(self, claimed: Claimed, inbox: Inbox, allowed: Allowed) -> dict[str, Any] | Refused:
        """The body of the call, or why there will be none."""
        try:
            outgoing = await attach.prepare(self.services, claimed.payload, self._links)
            render = _RENDER[inbox.channel]
            return render(outgoing, claimed.recipient, claimed.local_id, allowed.tag, allowed.comment_id)
        except attach.NotUploaded as error:
            if rule_of(inbox.channel, error.failure).wait(claimed.attempts) is not None:
                # The next attempt waits until Meta was asked once more.
                await attach.bring_again(self.services, claimed.message_id)
            return Refused(error.failure)
        except Invalid as error:
            return Refused(Failure(code=OVER_LIMIT, title="Over a limit", detail=error.words))

    async def _resume(self) -> None:
        """Ends the pauses that end by themselves."""
        async with unit(self.services) as work:
            ended = await inboxes.resume_due(work.connection)
            if self._default_token:
                ended += await inboxes.resume_tokenless(work.connection)
            await consequences.resumed(work, ended)

    def _rests(self, inbox_id: str) -> bool:
        return self._resting.get(inbox_id, 0.0) > asyncio.get_running_loop().time()

    def _is_stale(self, claimed: Claimed) -> bool:
        known = self._tokens.get(claimed.inbox_id)
        return known is None or known[0] != claimed.token_set_at

    async def _read_tokens(self, connection: Connection) -> None:
        for state in (await inboxes.load(connection)).values():
            self._tokens[state.id] = (state.token_set_at, tokens.opened(self._vault, state))
