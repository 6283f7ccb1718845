"""What the business said, as Meta repeats it: ours, sent from here, or somebody's who wrote elsewhere."""

from server.actions import sla, statuses
from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.statuses import Found
from server.actions.unit import Unit
from server.channels import messaging_render
from server.domain import kinds
from server.domain.conversation import Conversation
from server.domain.delivery import call_at
from server.domain.events import BotPaused, MessageEchoed
from server.domain.inbound import EchoItem
from server.domain.model import Author, ConversationState, MessageStatus
from server.store.messages import KnownMessage, NewMessage

_WITH_PEOPLE = (ConversationState.QUEUED, ConversationState.OFFERED, ConversationState.ASSIGNED)


async def recognise(work: Unit, arrival: Arrival, item: EchoItem, person: Person, found: Found) -> bool:
    """Whether it is of something we sent: then it moves that message, and is none itself."""
    from_us = _is_from_us(work, arrival, item)
    if not item.about and (known := _ours(found, arrival, item, person, from_us=from_us)):
        await statuses.recognise(work, arrival, item, known)
        return True
    return from_us


async def tell(work: Unit, id: int, arrival: Arrival, item: EchoItem, conversation: Conversation) -> NewMessage:
    """The row of one that somebody wrote elsewhere."""
    row = _row(work, id, arrival, item, conversation)
    if kinds.speaks(item.kind) and conversation.state in _WITH_PEOPLE:
        # Somebody answered from the business phone: the customer has a human reply.
        await sla.meet(work, conversation, item.at)
    return row


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


def _row(work: Unit, id: int, arrival: Arrival, item: EchoItem, conversation: Conversation) -> NewMessage:
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
