"""What news from Meta does to messages of ours: their status, id and price, and what follows from it."""

from datetime import datetime
from typing import Any

import msgspec

from server.actions import consequences, marks, not_sent, sla
from server.actions.arrivals import Arrival
from server.actions.prices import Prices, told_by
from server.actions.unit import Topic, Unit
from server.domain import failures
from server.domain.conversation import Conversation
from server.domain.delivery import moves_forward
from server.domain.events import MessageMoved
from server.domain.inbound import EchoItem, Failure, StatusItem, WatermarkItem
from server.domain.model import Author, MessageStatus
from server.store import messages
from server.store.messages import KnownMessage, Move, ParkedStatus

# Our own call has not said yet what became of it.
_OUT = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNCERTAIN)


class StatusMoves:
    """Collects the moves of one batch: several statuses of one message become one write, each its own fact."""

    def __init__(self, work: Unit) -> None:
        self._work = work
        self._status: dict[int, MessageStatus | None] = {}
        self._moves: dict[int, Move] = {}
        self._parked: list[ParkedStatus] = []
        self._met: list[KnownMessage] = []
        self._failed: list[KnownMessage] = []
        self._unheard: dict[int, Conversation] = {}
        self._refused: list[tuple[Conversation, Failure]] = []
        self._attached: list[tuple[KnownMessage, str]] = []
        self.prices = Prices()

    def attach(self, known: KnownMessage, provider_id: str) -> None:
        self._attached.append((known, provider_id))

    def status(self, arrival: Arrival, item: StatusItem, known: KnownMessage | None) -> None:
        if known is None:
            failure = msgspec.to_builtins(item.failure) if item.failure else None
            self.park(arrival.inbox.id, item.provider_id, item.status, item.at, failure, told_by(item))
            return
        self.prices.note(known.conversation_id, known.id, item.status, told_by(item))
        if known.provider_id is None:
            self.attach(known, item.provider_id)
        self.move(known, item.status, item, item.failure)

    def park(
        self, inbox_id: str, provider_id: str, status: MessageStatus, at: datetime,
        failure: dict[str, Any] | None = None, body: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._parked.append(
            ParkedStatus(
                inbox_id=inbox_id, provider_id=provider_id, status=status, at=at, failure=failure, body=body or {}
            )
        )

    def move(
        self, known: KnownMessage, status: MessageStatus, item: StatusItem | WatermarkItem | EchoItem,
        failure: Failure | None = None,
    ) -> None:  # fmt: skip
        self.to(known, status, item.at, msgspec.to_builtins(failure) if failure else None)

    def to(self, known: KnownMessage, status: MessageStatus, at: datetime, failure: dict[str, Any] | None) -> None:
        before = self._status.get(known.id, known.status)
        if before is None or not moves_forward(before, status):
            return
        self._status[known.id] = status
        move = Move(id=known.id, status=status, at=at, failure=failure)
        self._moves[known.id] = move
        conversation = self._work.held(known.conversation_id)
        self._work.record(conversation, MessageMoved(message_id=known.id, status=status), actor="customer",
                          user_id=conversation.owner_id)  # fmt: skip
        if status is MessageStatus.FAILED and failure:
            self._refused.append((conversation, failures.read(failure)))
        if status is MessageStatus.FAILED and known.author is Author.BOT:
            self._unheard[known.id] = conversation
        if known.author is Author.ADVISOR:
            if status is MessageStatus.FAILED:
                self._failed.append(known)
            elif before in _OUT:
                self._met.append(known)

    async def write(self) -> None:
        connection = self._work.connection
        if self._attached:
            await messages.recognise(connection, [(known.id, id) for known, id in self._attached])
            await messages.settle(connection, [(known.local_id, id) for known, id in self._attached if known.local_id])
            self._work.wake(Topic.OUTBOX)
        if self._moves:
            await messages.move(connection, list(self._moves.values()))
            failed = [each.id for each in self._moves.values() if each.status is MessageStatus.FAILED]
            await marks.take_off(self._work, failed)
        if self._parked:
            await messages.park_statuses(connection, self._parked)
        await self.prices.write(connection)
        if self._refused:
            await consequences.of_failures(self._work, self._refused)
        # Stamped with when it was sent: a question asked before the news of it came is not answered by it.
        replies = [(self._work.held(known.conversation_id), known.provider_at) for known in self._met]
        await sla.meet_many(self._work, replies)
        for known in self._failed:
            await sla.reopen(self._work, self._work.held(known.conversation_id))
        await not_sent.hand_off(self._work, self._unheard)
