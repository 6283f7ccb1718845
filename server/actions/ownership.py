"""How a conversation comes into a person's hands and leaves them: used by every action that moves one."""

from collections.abc import Sequence

from server.actions.unit import Topic, Unit
from server.domain.conversation import Conversation
from server.domain.events import ConversationAssigned, ConversationReleased, OfferWithdrawn
from server.domain.model import ConversationState
from server.store import assignments, conversations, offers, queues
from server.store.offers import Offer


async def give(
    work: Unit, conversation: Conversation, user_id: int, *, reason: str, actor: str, offer_id: int | None = None
) -> None:
    """The person owns it from now on. Nobody else may have it: see `let_go`."""
    conversation.state, conversation.owner_id = ConversationState.ASSIGNED, user_id
    conversation.flow_state = None
    await assignments.add(work.connection, conversation, user_id, offer_id)
    work.record(conversation, ConversationAssigned(advisor_id=user_id, reason=reason), actor=actor, user_id=user_id)


async def let_go(work: Unit, conversations: Sequence[Conversation], *, reason: str, actor: str) -> None:
    """Ends their waiting, their offers and their ownership, whichever there is; the caller then says where they go.

    Everybody who loses something hears it on their own screen.
    """
    ids = [each.id for each in conversations]
    await queues.take(work.connection, ids)
    await withdraw(work, conversations, reason=reason, actor=actor)
    owned = [each for each in conversations if each.owner_id is not None]
    await assignments.finish(work.connection, [each.id for each in owned], reason)
    for conversation in owned:
        released_from, conversation.owner_id = conversation.owner_id, None
        if released_from is not None:
            fact = ConversationReleased(advisor_id=released_from, reason=reason)
            work.record(conversation, fact, actor=actor, user_id=released_from)
    # Somebody may have a free place now.
    work.wake(Topic.WAITING)


async def lock_free(work: Unit, ids: Sequence[int], *states: ConversationState) -> list[Conversation]:
    """Those of the conversations nobody holds just now and that are still in one of the states."""
    held = await conversations.lock_free(work.connection, ids) if ids else {}
    for conversation in held.values():
        work.adopt(conversation)
    return [each for each in held.values() if each.state in states]


async def withdraw(work: Unit, conversations: Sequence[Conversation], *, reason: str, actor: str) -> list[Offer]:
    """Takes pending offers back; returns them, for the place in the queue they keep."""
    withdrawn = await offers.withdraw(work.connection, [each.id for each in conversations], reason)
    for offer in withdrawn:
        fact = OfferWithdrawn(offer_id=offer.id, advisor_id=offer.advisor_id, reason=reason)
        work.record(work.held(offer.conversation_id), fact, actor=actor, user_id=offer.advisor_id)
    return withdrawn
