"""What Meta says about messages of ours: statuses, watermarks, and echoes of our own sends.

Finding the messages comes first (their conversations must be locked), moving them after.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.actions import consequences, marks, sla
from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.prices import Prices, told_by
from server.actions.unit import Topic, Unit
from server.domain import failures
from server.domain.conversation import Conversation
from server.domain.delivery import moves_forward
from server.domain.events import MessageMoved
from server.domain.inbound import EchoItem, Failure, StatusItem, WatermarkItem
from server.domain.model import Author, Channel, MessageStatus
from server.store import messages
from server.store.messages import KnownMessage, Move, ParkedStatus, Seen

_Pair = tuple[str, int]
# Our own call has not said yet what became of it.
_OUT = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNCERTAIN)


class Found(msgspec.Struct):
    """The messages a batch of arrivals may concern."""

    by_provider_id: dict[tuple[str, str], KnownMessage]
    by_local_id: dict[str, KnownMessage]
    by_person: dict[_Pair, list[KnownMessage]]
    twins: dict[_Pair, list[KnownMessage]]
    # What was read with the message under an (inbox, provider id): Instagram names only the last one.
    seen: dict[tuple[str, str], list[Seen]]

    @property
    def conversation_ids(self) -> set[int]:
        single = (*self.by_provider_id.values(), *self.by_local_id.values())
        several = (*self.by_person.values(), *self.twins.values())
        return (
            {each.conversation_id for each in single}
            | {each.conversation_id for group in several for each in group}
            | {each.conversation_id for group in self.seen.values() for each in group}
        )

    def of(self, inbox_id: str, provider_id: str | None, local_id: str | None) -> KnownMessage | None:
        known = self.by_provider_id.get((inbox_id, provider_id)) if provider_id else None
        if known is None and local_id:
            known = self.by_local_id.get(local_id)
        return known if known and known.inbox_id == inbox_id else None


async def find(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person]) -> Found:
    provider_ids, local_ids, reads = set(), set(), set()
    watermarks: set[_Pair] = set()
    echoes: set[_Pair] = set()
    for each in arrivals:
        item = each.item
        if isinstance(item, StatusItem | EchoItem):
            if item.provider_id:
                provider_ids.add((each.inbox.id, item.provider_id))
            if local_id := local_id_of(item):
                local_ids.add(local_id)
            if item.channel is Channel.INSTAGRAM and isinstance(item, StatusItem):
                reads.add((each.inbox.id, item.provider_id))
        if isinstance(item, WatermarkItem) and each in people:
            watermarks.add((each.inbox.id, people[each].contact_id))
        if isinstance(item, EchoItem) and each in people:
            echoes.add((each.inbox.id, people[each].contact_id))
    connection = work.connection
    named = await messages.by_provider_ids(connection, sorted(provider_ids)) if provider_ids else []
    ours = await messages.by_local_ids(connection, sorted(local_ids)) if local_ids else []
    unread = await messages.unread_of_contacts(connection, sorted(watermarks)) if watermarks else []
    # Beside an echo's own, those a watermark may be about although we do not know yet that Meta has them.
    twins = await messages.twins(connection, sorted(echoes | watermarks)) if echoes or watermarks else []
    seen: dict[tuple[str, str], list[Seen]] = {}
    for read in await messages.seen_with(connection, sorted(reads)) if reads else []:
        seen.setdefault((read.inbox_id, read.by), []).append(read)
    return Found(
        {(each.inbox_id, each.provider_id or ""): each for each in named},
        {each.local_id or "": each for each in ours},
        _by_person(unread),
        _by_person(twins),
        seen,
    )


async def apply(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], found: Found) -> None:
    """Moves messages forward, gives them their provider ids, and parks what is not known yet."""
    moving = _Moving(work)
    for each in arrivals:
        item = each.item
        if isinstance(item, StatusItem):
            moving.status(each, item, found.of(each.inbox.id, item.provider_id, local_id_of(item)))
            for before in found.seen.get((each.inbox.id, item.provider_id), ()):
                moving.move(before, item.status, item)
        elif isinstance(item, WatermarkItem) and each in people:
            for known in found.by_person.get((each.inbox.id, people[each].contact_id), ()):
                if known.provider_at <= item.watermark:
                    moving.move(known, item.status, item)
            if found.twins.get((each.inbox.id, people[each].contact_id)):
                moving.park(each.inbox.id, messages.of_person(people[each].contact_id), item.status, item.watermark)
    await moving.write()


async def recognise(work: Unit, arrival: Arrival, item: EchoItem, known: KnownMessage) -> None:
    """An echo of our own send: it adds no message, but it tells that Meta accepted it."""
    moving = _Moving(work)
    if item.provider_id and known.provider_id is None:
        moving.attach(known, item.provider_id)
        moving.move(known, MessageStatus.ACCEPTED, item)
    await moving.write()


async def settle_parked(work: Unit) -> int:
    """Applies parked statuses whose messages are known by now; returns how many were looked at."""
    rows = await messages.parked_and_known(work.connection)
    if not rows:
        return 0
    await work.lock_many(sorted({row.conversation_id for row in rows}))
    keys = sorted({(row.inbox_id, row.provider_id) for row in rows})
    known = {(each.inbox_id, each.provider_id): each for each in await messages.by_provider_ids(work.connection, keys)}
    moving = _Moving(work)
    for parked in sorted(await messages.take_parked(work.connection, keys), key=lambda each: each.at):
        message = known[parked.inbox_id, parked.provider_id]
        moving.to(message, parked.status, parked.at, parked.failure)
        moving.prices.note(message.conversation_id, message.id, parked.status, parked.body)
    await moving.write()
    return len(rows)


async def settle_watermarks(work: Unit) -> int:
    """Applies watermarks that came while something was out: it may turn out to have been sent before them."""
    rows = await messages.parked_watermarks(work.connection)
    if not rows:
        return 0
    await work.lock_many(sorted({row.conversation_id for row in rows}))
    pairs = sorted({(row.inbox_id, row.contact_id) for row in rows})
    unread = _by_person(await messages.unread_of_contacts(work.connection, pairs))
    moving = _Moving(work)
    for row in sorted(rows, key=lambda each: each.at):
        for known in unread.get((row.inbox_id, row.contact_id), ()):
            if known.provider_at <= row.at:
                moving.to(known, row.status, row.at, None)
    await messages.forget_watermarks(work.connection, sorted({row.id for row in rows if not row.still_out}))
    await moving.write()
    return len(rows)


def local_id_of(item: StatusItem | EchoItem) -> str | None:
    """Our own id, if Meta carried one back that can be ours."""
    carried = item.local_id if isinstance(item, StatusItem) else item.metadata
    try:
        return str(UUID(carried)) if carried else None
    except ValueError:
        return None


def _by_person(known: Sequence[KnownMessage]) -> dict[_Pair, list[KnownMessage]]:
    found: dict[_Pair, list[KnownMessage]] = {}
    for each in known:
        found.setdefault((each.inbox_id, each.contact_id or 0), []).append(each)
    return found


class _Moving:
    """Collects the moves of one batch: several statuses of one message become one write, each its own fact."""

    def __init__(self, work: Unit) -> None:
        self._work = work
        self._status: dict[int, MessageStatus | None] = {}
        self._moves: dict[int, Move] = {}
        self._parked: list[ParkedStatus] = []
        self._met: list[KnownMessage] = []
        self._failed: list[KnownMessage] = []
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
        for known in self._met:
            # Stamped with when it was sent: a question asked before the news of it came is not answered by it.
            await sla.meet(self._work, self._work.held(known.conversation_id), known.provider_at)
        for known in self._failed:
            await sla.reopen(self._work, self._work.held(known.conversation_id))
