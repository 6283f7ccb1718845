"""Stores the customers' messages and the business's own echoes of a batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from server.actions import echoes, handovers
from server.actions.arrivals import Arrival
from server.actions.changes import Changes
from server.actions.openings import Openings
from server.actions.people import Person
from server.actions.statuses import Found
from server.actions.targets import Targets
from server.actions.unit import Topic, Unit
from server.domain import kinds, window
from server.domain.conversation import Conversation
from server.domain.events import MessageReceived
from server.domain.inbound import EchoItem, MessageItem
from server.domain.model import Author, Channel, ConversationState
from server.store import attachments, messages
from server.store.attachments import NewAttachment
from server.store.messages import NewMessage, NewReferral

_SECOND = timedelta(seconds=1)


class Said(msgspec.Struct, frozen=True):
    """A customer's message, stored, in its conversation."""

    arrival: Arrival
    item: MessageItem
    conversation: Conversation
    # Older than what we already had from this customer: it came late and is not what they wait for.
    late: bool
    # The first that may be answered directly: before it they commented or opened the chat, or nothing at all.
    first: bool = False


async def store(
    work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], openings: Openings, found: Found,
    targets: Targets, message_ids: Iterable[int],
) -> list[Said]:  # fmt: skip
    """Writes the rows, under these ids, when the unit ends; returns the customers' messages in order."""
    talking = [(each, each.item) for each in arrivals if isinstance(each.item, MessageItem | EchoItem)]
    if targets.active:
        # What others are about comes first, however Meta's whole seconds put them.
        talking.sort(key=lambda each: each[1].about is not None)
    batch, ids = _Batch(work, openings, Changes(work, targets)), iter(message_ids)
    for arrival, item in talking:
        person = people.get(arrival)
        if person is None or (item.about and batch.changes.apply(arrival, item, person)):
            continue
        if isinstance(item, MessageItem):
            row = batch.hear(next(ids), arrival, item, person)
        elif await echoes.recognise(work, arrival, item, person, found):
            continue
        else:
            row = await echoes.tell(work, next(ids), arrival, item, openings.take(arrival, person))
        batch.add(row, item, person)
    await batch.write()
    return batch.said


class _Batch:
    """What a batch says, collected until all of it is decided."""

    def __init__(self, work: Unit, openings: Openings, changes: Changes) -> None:
        self.changes = changes
        self.said: list[Said] = []
        self._work = work
        self._openings = openings
        self._rows: list[NewMessage] = []
        self._files: list[NewAttachment] = []
        self._referrals: list[NewReferral] = []

    def hear(self, id: int, arrival: Arrival, item: MessageItem, person: Person) -> NewMessage:
        """A customer's message in its conversation, which it may open."""
        conversation = self._openings.take(arrival, person)
        row = _inbound(id, arrival, item, conversation)
        speaks, unheard = asks(item, conversation), conversation.last_inbound_at is None
        late = _hear(self._work, row, conversation, item, speaks=speaks)
        if speaks:
            first = unheard and conversation.last_inbound_at is not None
            self.said.append(Said(arrival, item, conversation, late, first))
        elif item.kind == handovers.KIND:
            handovers.follow(self._work, arrival, item, conversation)
        self._referrals += _referrals(row, item)
        return row

    def add(self, row: NewMessage, item: MessageItem | EchoItem, person: Person) -> None:
        self._rows.append(row)
        if item.about:
            self.changes.wait(row, item, person.contact_id)
        else:
            self.changes.expect(row, person.contact_id)
        self._files += _files(row, item)

    async def write(self) -> None:
        work, changes = self._work, self.changes
        work.insert_later(messages.add, changes.final(self._rows))
        work.insert_later(messages.add_referrals, self._referrals)
        work.insert_later(attachments.add, [each for each in self._files if each.message_id not in changes.gone])
        if self._files:
            work.wake(Topic.MEDIA)
        await changes.write()


def asks(item: MessageItem, conversation: Conversation) -> bool:
    """Whether the customer waits for us: not for what another app, which holds the chat, began to answer."""
    return kinds.speaks(item.kind) and not (item.standby and conversation.state is ConversationState.RESOLVED)


def _files(row: NewMessage, item: MessageItem | EchoItem) -> list[NewAttachment]:
    return [
        attachments.announced(
            each, conversation_id=row.conversation_id, sector_id=row.sector_id, inbox_id=row.inbox_id,
            message_id=row.id, place=place,
        )
        for place, each in enumerate(item.attachments)
    ]  # fmt: skip


def _inbound(id: int, arrival: Arrival, item: MessageItem, conversation: Conversation) -> NewMessage:
    body = dict(item.body)
    for name in ("payload", "reply_to", "standby"):
        if value := getattr(item, name):
            body[name] = value
    return NewMessage(
        id=id, conversation_id=conversation.id, sector_id=arrival.sector.id, inbox_id=arrival.inbox.id,
        direction="inbound", author=Author.CUSTOMER, kind=item.kind, text=item.text, body=body,
        provider_id=item.provider_id, provider_at=_placed(item, conversation),
    )  # fmt: skip


def _placed(item: MessageItem, conversation: Conversation) -> datetime:
    """WhatsApp tells whole seconds: within its second a message comes after what we had, as it did for its writer."""
    at, last = item.at, conversation.last_message_at
    if item.channel is not Channel.WHATSAPP or conversation.last_message_id is None or last < at:
        return at
    # One that comes when later seconds are already there goes to the end of its own.
    return min(last + timedelta.resolution, at + _SECOND - timedelta.resolution)


def _hear(work: Unit, row: NewMessage, conversation: Conversation, item: MessageItem, *, speaks: bool) -> bool:
    """Moves the conversation's clocks by the provider's own time; true when the message came late.

    A reaction, an edit or a notice of Meta's is shown, and asks for no answer.
    """
    work.record(conversation, MessageReceived(message_id=row.id), actor="customer", user_id=conversation.owner_id)
    if not speaks:
        return True
    at = item.at
    late = conversation.last_inbound_at is not None and at < conversation.last_inbound_at
    if not late and window.opens(item.channel, item.kind, speaks=True):
        conversation.last_inbound_at = at
    if conversation.waiting_since is None or at < conversation.waiting_since:
        conversation.waiting_since = at
    if conversation.last_message_id is None or row.provider_at >= conversation.last_message_at:
        conversation.last_message_id, conversation.last_message_at = row.id, row.provider_at
    conversation.unread += 1
    return late


def _referrals(row: NewMessage, item: MessageItem) -> list[NewReferral]:
    referral = item.referral
    if referral is None:
        return []
    return [
        NewReferral(
            message_id=row.id, conversation_id=row.conversation_id, sector_id=row.sector_id, source=referral.source,
            source_id=referral.source_id, click_id=referral.click_id, headline=referral.headline, body=referral.body,
            at=item.at,
        )
    ]  # fmt: skip
