"""Stores the customers' messages and the business's own echoes of a batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from server.actions import handovers, sla, statuses
from server.actions.arrivals import Arrival
from server.actions.changes import Changes
from server.actions.openings import Openings
from server.actions.people import Person
from server.actions.statuses import Found
from server.actions.targets import Targets
from server.actions.unit import Topic, Unit
from server.channels import messaging_render
from server.domain import kinds
from server.domain.conversation import Conversation
from server.domain.delivery import call_at
from server.domain.events import BotPaused, MessageEchoed, MessageReceived
from server.domain.inbound import EchoItem, MessageItem
from server.domain.model import Author, Channel, ConversationState, MessageStatus
from server.store import attachments, messages
from server.store.attachments import NewAttachment
from server.store.messages import KnownMessage, NewMessage, NewReferral

_SECOND = timedelta(seconds=1)
_WITH_PEOPLE = (ConversationState.QUEUED, ConversationState.OFFERED, ConversationState.ASSIGNED)


class Said(msgspec.Struct, frozen=True):
    """A customer's message, stored, in its conversation."""

    arrival: Arrival
    item: MessageItem
    conversation: Conversation
    # Older than what we already had from this customer: it came late and is not what they wait for.
    late: bool


async def store(
    work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], openings: Openings, found: Found,
    targets: Targets, message_ids: Iterable[int],
) -> list[Said]:  # fmt: skip
    """Writes the rows, under these ids, when the unit ends; returns the customers' messages in order."""
    talking = [each for each in arrivals if isinstance(each.item, MessageItem | EchoItem) and each in people]
    if not talking:
        return []
    if targets.active:
        # What others are about comes first, however Meta's whole seconds put them.
        talking.sort(key=lambda each: isinstance(each.item, MessageItem | EchoItem) and each.item.about is not None)
    ids = iter(message_ids)
    changes = Changes(work, targets)
    rows: list[NewMessage] = []
    files: list[NewAttachment] = []
    referrals: list[NewReferral] = []
    said: list[Said] = []
    for each in talking:
        item, person = each.item, people[each]
        if isinstance(item, MessageItem | EchoItem) and item.about and changes.apply(each, item, person):
            continue
        if isinstance(item, MessageItem):
            conversation = openings.take(each, person)
            row = _inbound(next(ids), each, item, conversation)
            speaks = asks(item, conversation)
            late = _hear(work, row, conversation, item.at, speaks=speaks)
            if speaks:
                said.append(Said(each, item, conversation, late))
            elif item.kind == handovers.KIND:
                handovers.follow(work, each, item, conversation)
            referrals += _referrals(row, item)
        elif isinstance(item, EchoItem):
            from_us = _is_from_us(work, each, item)
            if not item.about and (known := _ours(found, each, item, person, from_us=from_us)):
                await statuses.recognise(work, each, item, known)
                continue
            if from_us:
                continue
            conversation = openings.take(each, person)
            row = _echo(work, next(ids), each, item, conversation)
            if kinds.speaks(item.kind) and conversation.state in _WITH_PEOPLE:
                # Somebody answered from the business phone: the customer has a human reply.
                await sla.meet(work, conversation, item.at)
        else:
            continue
        rows.append(row)
        if item.about:
            changes.wait(row, item, person.contact_id)
        else:
            changes.expect(row, person.contact_id)
        files += _files(row, item)
    work.insert_later(messages.add, changes.final(rows))
    work.insert_later(messages.add_referrals, referrals)
    work.insert_later(attachments.add, [each for each in files if each.message_id not in changes.gone])
    if files:
        work.wake(Topic.MEDIA)
    await changes.write()
    return said


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


def _hear(work: Unit, row: NewMessage, conversation: Conversation, at: datetime, *, speaks: bool) -> bool:
    """Moves the conversation's clocks by `at`, the provider's own time; true when the message came late.

    A reaction, an edit or a notice of Meta's is shown, and asks for no answer.
    """
    work.record(conversation, MessageReceived(message_id=row.id), actor="customer", user_id=conversation.owner_id)
    if not speaks:
        return True
    late = conversation.last_inbound_at is not None and at < conversation.last_inbound_at
    if not late:
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


def _is_from_us(work: Unit, arrival: Arrival, item: EchoItem) -> bool:
    """It carries our app's id or one of our own ids: never a new message, whatever became of the attempt it was."""
    app = work.organisation.apps.get(arrival.inbox.app)
    meta_id = app.meta_id if app else None
    return statuses.local_id_of(item) is not None or (meta_id is not None and item.app_id == meta_id)


def _ours(found: Found, arrival: Arrival, item: EchoItem, person: Person, *, from_us: bool) -> KnownMessage | None:
    """The message of ours that this echoes, by Meta's id, by our own, else by person, words and time."""
    known = found.of(arrival.inbox.id, item.provider_id, statuses.local_id_of(item))
    if known or (item.app_id is not None and not from_us):
        return known
    sending = found.twins.get((arrival.inbox.id, person.contact_id), [])
    twins = [each for each in sending if each.said and messaging_render.echoes(each.said, item.kind, item.text)]
    if not twins:
        return None
    twin = twins[call_at([each.sending_at for each in twins], item.at)]
    sending.remove(twin)
    return twin


def _echo(work: Unit, id: int, arrival: Arrival, item: EchoItem, conversation: Conversation) -> NewMessage:
    work.record(conversation, MessageEchoed(message_id=id), actor="business", user_id=conversation.owner_id)
    # A sign, or a change of something we never saw, answers nobody.
    if kinds.speaks(item.kind):
        conversation.waiting_since = None
        if conversation.last_message_id is None or item.at >= conversation.last_message_at:
            conversation.last_message_id, conversation.last_message_at = id, item.at
        if conversation.bots and conversation.bot_paused_at is None:
            conversation.bot_paused_at = item.at
            work.record(conversation, BotPaused(reason="echo"), actor="business")
    body = item.body | {"reply_to": item.reply_to} if item.reply_to else item.body
    return NewMessage(
        id=id, conversation_id=conversation.id, sector_id=arrival.sector.id, inbox_id=arrival.inbox.id,
        direction="outbound", author=Author.BUSINESS, kind=item.kind, text=item.text, body=body,
        provider_id=item.provider_id, provider_at=item.at, status=MessageStatus.SENT, status_at=item.at,
    )  # fmt: skip
