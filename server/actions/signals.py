"""Read marks and typing signs to the customer. Nothing depends on them: one that fails is forgotten."""

import asyncio

import structlog

from server.actions.tokens import Access, Tokens
from server.actions.unit import Services, Topic, Unit
from server.channels import signals as wire
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.organisation import Inbox
from server.store import signals
from server.store.signals import Signal

MOST = 32
# A sign that takes longer says something untrue.
_CALL_SECONDS = 5.0

_log = structlog.get_logger()


async def read(work: Unit, conversation: Conversation) -> None:
    """The owner has seen what the customer wrote."""
    if work.organisation.inboxes[conversation.inbox_id].read_receipts:
        await signals.want_read(work.connection, conversation.id)
        work.wake(Topic.SIGNALS)


async def typing(services: Services, viewer: Viewer, conversation_id: int) -> None:
    """Somebody types; only the owner's typing is told. The caller sees to it that this is asked now and then only."""
    async with services.pool.acquire() as connection:
        if await signals.want_typing(connection, conversation_id, viewer.user_id):
            services.waker.wake(Topic.SIGNALS)


class Teller:
    def __init__(self, services: Services, graph: GraphClient, tokens: Tokens) -> None:
        self._services = services
        self._graph = graph
        self._tokens = tokens

    async def tell_due(self) -> int:
        """Tells what waits; returns how many were taken."""
        async with self._services.pool.acquire() as connection:
            due = await signals.claim(connection, MOST)
        await asyncio.gather(*(self._tell(each) for each in due))
        return len(due)

    async def _tell(self, signal: Signal) -> None:
        inbox = self._services.organisation().inboxes.get(signal.inbox_id)
        if inbox is None:
            return
        payload = wire.render(
            inbox.channel, signal.kind, signal.recipient, signal.provider_id,
            may_mark=inbox.read_receipts, may_type=inbox.typing,
        )  # fmt: skip
        access = await self._tokens.of(inbox) if payload else None
        if payload is None or access is None:
            return
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                await self._call(inbox, access, payload)
        except TimeoutError:
            _log.info("signal_not_told", inbox=inbox.id, signal=signal.kind, status=0)

    async def _call(self, inbox: Inbox, access: Access, payload: dict[str, object]) -> None:
        answer = await self._graph.act(inbox, access.token, payload, app_secret=access.app_secret)
        if not answer.good:
            _log.info("signal_not_told", inbox=inbox.id, status=answer.status)
