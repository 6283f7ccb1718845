"""Asks Meta how each inbox stands: its token, its subscription, its number. Subscribes again where Meta has stopped.

Claim and commit, ask, record. An inbox nobody can be asked about keeps its last answer, and is asked again sooner.
"""

import structlog

from server.actions import account_events
from server.actions.examinations import Examiner
from server.actions.tokens import Tokens
from server.actions.unit import Services, Topic, unit
from server.channels.graph_nodes import GraphNodes, subscriber
from server.domain.errors import NotFound, Unavailable
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.store import account_events as kept
from server.store import health
from server.telemetry import FOUND

# Messenger unsubscribes after an hour of failures: it must not stay so for another.
CHECK_SECONDS = 600.0
AGAIN_SECONDS = 120.0
# Others may think us dead after this.
CLAIM_SECONDS = 180.0

_log = structlog.get_logger()


async def check_soon(services: Services, inbox_id: str) -> None:
    """Raises `NotFound`."""
    async with unit(services) as work:
        if not await health.hasten(work.connection, inbox_id):
            raise NotFound("This inbox does not exist.")
        work.wake(Topic.HEALTH)


class Checker:
    def __init__(self, services: Services, nodes: GraphNodes, tokens: Tokens) -> None:
        self._services = services
        self._examiner = Examiner(services, nodes, tokens)

    async def check_due(self, most: int = 4) -> float | None:
        """Checks the inboxes it is time for; returns the seconds until the next, None when there are none."""
        async with self._services.pool.acquire() as connection:
            claimed = await health.claim(connection, most, CLAIM_SECONDS)
        for inbox_id in claimed:
            inbox = self._services.organisation().inboxes.get(inbox_id)
            if inbox is None:
                continue
            try:
                await self.check(inbox)
            except Unavailable:
                raise
            except Exception as error:
                # Of this one alone; its claim lapses, and it is checked again.
                _log.warning("inbox_not_checked", inbox=inbox_id, cause=type(error).__name__)
        if claimed:
            return 0.0
        async with self._services.pool.acquire() as connection:
            return await health.seconds_to_next(connection)

    async def check(self, inbox: Inbox) -> None:
        found = await self._examiner.examine(inbox)
        async with unit(self._services) as work:
            wrong = [
                account_events.found(work, [inbox], _account(inbox, event), event, data)
                for event, data in found.states.items()
                if data is not None
            ]
            await account_events.tell(work, wrong)
            well = [(_account(inbox, event), event) for event, data in found.states.items() if data is None]
            await kept.finish(work.connection, well)
            # After the inbox itself was locked: the intake takes the two in this order too.
            await health.keep(
                work.connection, inbox.id, CHECK_SECONDS if found.reached else AGAIN_SECONDS,
                subscription=found.subscription, token=found.token, number=found.number,
            )  # fmt: skip
        for event, data in found.states.items():
            FOUND.labels(event.lower(), inbox.id).set(0 if data is None else 1)


def _account(inbox: Inbox, event: str) -> str:
    """Subscriptions belong to the account, which several numbers may share; the rest to the number itself.

    The page of an Instagram account may be a Messenger inbox too, with fields of its own.
    """
    if event == "FIELDS_MISSING" and inbox.channel is Channel.INSTAGRAM:
        return inbox.external_id
    return subscriber(inbox) if event in ("UNSUBSCRIBED", "NOT_SUBSCRIBED", "FIELDS_MISSING") else inbox.external_id
