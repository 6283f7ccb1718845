"""Which conversation an arrival belongs to: the unresolved one, the one resolved lately, or a new one."""

from collections.abc import Sequence
from datetime import timedelta

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain import kinds
from server.domain.conversation import Conversation
from server.domain.events import ConversationOpened, ConversationReopened
from server.domain.inbound import EchoItem, MessageItem
from server.domain.model import ConversationState, Priority
from server.store import conversations


class Openings:
    """The conversations of one batch, each person's at most one. Those of `others` are locked with them."""

    def __init__(self, work: Unit) -> None:
        self._work = work
        self._current: dict[tuple[str, int], Conversation] = {}
        self._ids: list[int] = []
        # Conversations that entered this batch without an owner, a queue or a bot at work.
        self.opened: set[int] = set()

    async def lock(self, arrivals: Sequence[Arrival], people: dict[Arrival, Person], others: set[int]) -> None:
        talking = (each for each in arrivals if isinstance(each.item, MessageItem | EchoItem) and each in people)
        pairs = {(each.inbox.id, people[each].contact_id) for each in talking}
        connection = self._work.connection
        if pairs or others:
            locked, current = await conversations.lock_current(connection, sorted(pairs), others)
            for each in locked.values():
                self._work.adopt(each)
            self._current = {(each.inbox_id, each.contact_id): each for id in current if (each := locked[id])}
        unresolved = {key for key, each in self._current.items() if each.state is not ConversationState.RESOLVED}
        if len(unresolved) < len(pairs):
            self._ids = await conversations.new_ids(connection, len(pairs) - len(unresolved))

    def of(self, arrival: Arrival, person: Person) -> Conversation | None:
        """The person's conversation as this batch has it by now."""
        return self._current.get((arrival.inbox.id, person.contact_id))

    def take(self, arrival: Arrival, person: Person) -> Conversation:
        """The person's conversation; a customer's message opens or reopens it where it must."""
        conversation = self._current.get((arrival.inbox.id, person.contact_id))
        item = arrival.item
        asks = isinstance(item, MessageItem) and kinds.speaks(item.kind)
        if asks and isinstance(item, MessageItem) and item.standby and not arrival.sector.bots:
            # Another app answers: nobody waits here, unless somebody has the conversation already.
            asks = conversation is not None and conversation.state is not ConversationState.RESOLVED
        if conversation is None or self._is_over(conversation, arrival):
            conversation = self._open(arrival, person, conversation)
            # An echo or a reaction on its own leaves nobody waiting; what the customer says next will reopen it.
            conversation.state = _first_state(arrival.sector.bots) if asks else ConversationState.RESOLVED
            conversation.resolved_at = None if asks else arrival.item.at
        elif asks and conversation.state is ConversationState.RESOLVED:
            self._reopen(conversation)
        if asks:
            conversation.identity_id = person.identity_id
        return conversation

    def _is_over(self, conversation: Conversation, arrival: Arrival) -> bool:
        limit = timedelta(seconds=arrival.sector.reopen_seconds)
        resolved = conversation.resolved_at
        return conversation.state is ConversationState.RESOLVED and (
            resolved is None or arrival.item.at > resolved + limit
        )

    def _open(self, arrival: Arrival, person: Person, earlier: Conversation | None) -> Conversation:
        item, sector = arrival.item, arrival.sector
        conversation = Conversation(
            id=self._ids.pop(0), sector_id=sector.id, bots=sector.bots, inbox_id=arrival.inbox.id,
            contact_id=person.contact_id, identity_id=person.identity_id, state=_first_state(sector.bots),
            priority=Priority.NORMAL, queue_id=None, owner_id=None,
            language=earlier.language if earlier else sector.default_language,
            version=0, outbox_seq=0, opening=1, flow_state=None, bot_paused_at=None, opened_at=item.at,
            waiting_since=None, last_inbound_at=None, last_message_id=None, last_message_at=item.at, unread=0,
            snoozed_until=None, resolved_at=None,
        )  # fmt: skip
        self._current[arrival.inbox.id, person.contact_id] = conversation
        self._work.add(conversation)
        self.opened.add(conversation.id)
        self._work.record(
            conversation, ConversationOpened(inbox_id=arrival.inbox.id, contact_id=person.contact_id), actor="customer"
        )
        return conversation

    def _reopen(self, conversation: Conversation) -> None:
        resolved_at = conversation.resolved_at or self._work.now
        conversation.state = _first_state(conversation.bots)
        conversation.opening += 1
        conversation.resolved_at = conversation.owner_id = conversation.flow_state = None
        conversation.bot_paused_at = conversation.waiting_since = None
        conversation.priority = Priority.NORMAL
        self.opened.add(conversation.id)
        self._work.record(conversation, ConversationReopened(resolved_at=resolved_at), actor="customer")


def _first_state(bots: bool) -> ConversationState:
    # Without bots the intake puts it in a queue before the transaction ends.
    return ConversationState.BOT if bots else ConversationState.QUEUED
