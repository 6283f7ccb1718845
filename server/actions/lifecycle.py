"""What people do with a conversation besides answering it.

Each command takes effect once (`store.commands`): its `act` finds the conversation locked, and the person allowed to do
this. It returns `{conversation_id, version, state}` and raises `NotFound`, `Forbidden` or `Conflict`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from server.actions import notes, ownership, presence, queueing, reach, signals, sla
from server.actions.unit import Services, Unit, unit
from server.domain import access
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import AtCapacity, Conflict, Forbidden, Invalid
from server.domain.events import ConversationRead, ConversationResolved, ConversationTransferred
from server.domain.model import ConversationState, Presence
from server.store import advisors

Result = dict[str, Any]
Allowed = Callable[[Unit, Viewer, int], Awaitable[Conversation]]
Act = Callable[[Unit, Conversation], Awaitable[None]]


async def resolve(services: Services, viewer: Viewer, conversation_id: int, *, command_id: str) -> Result:
    async def act(work: Unit, conversation: Conversation) -> None:
        await ownership.let_go(work, [conversation], reason="resolved", actor=viewer.actor)
        conversation.state, conversation.resolved_at = ConversationState.RESOLVED, work.now
        conversation.flow_state = conversation.waiting_since = conversation.snoozed_until = None
        conversation.unread = 0
        await sla.resolve(work, conversation)
        work.record(conversation, ConversationResolved(), actor=viewer.actor)

    return await _once(services, viewer, conversation_id, command_id, "resolve", reach.steer, act)


async def hand_back(services: Services, viewer: Viewer, conversation_id: int, *, command_id: str) -> Result:
    """Back to the queue it came from, with its age."""

    async def act(work: Unit, conversation: Conversation) -> None:
        if conversation.owner_id is None:
            raise Conflict("Nobody has this conversation.", state=conversation.state)
        place = (await queueing.last_places(work, [conversation]))[conversation.id]
        await ownership.let_go(work, [conversation], reason="handed_back", actor=viewer.actor)
        await queueing.put_back(work, [(conversation, place)], reason="handed_back", actor=viewer.actor)

    return await _once(services, viewer, conversation_id, command_id, "hand back", reach.steer, act)


async def transfer_to_queue(
    services: Services, viewer: Viewer, conversation_id: int, *, queue_id: str, command_id: str, note: str = ""
) -> Result:
    """To another queue of the sector, with its age."""

    async def act(work: Unit, conversation: Conversation) -> None:
        queue = work.organisation.queues.get(queue_id)
        if queue is None or queue.sector != conversation.sector_id:
            raise Invalid("This queue does not exist in the conversation's sector.", field="queue")
        place = (await queueing.last_places(work, [conversation]))[conversation.id]
        left = work.organisation.queues.get(place.queue_id or "")
        skills = place.skills - frozenset(left.skills if left else ())
        place = msgspec.structs.replace(place, queue_id=queue_id, skills=skills)
        await _add_note(work, viewer, conversation, note)
        work.record(conversation, ConversationTransferred(to_queue_id=queue_id), actor=viewer.actor)
        await ownership.let_go(work, [conversation], reason="transferred", actor=viewer.actor)
        await queueing.put_back(work, [(conversation, place)], reason="transferred", actor=viewer.actor)

    return await _once(
        services, viewer, conversation_id, command_id, "transfer to queue", reach.steer, act, given=[queue_id, note]
    )


async def transfer_to_advisor(
    services: Services, viewer: Viewer, conversation_id: int, *, advisor_id: int, command_id: str, note: str = ""
) -> Result:
    """To a colleague who is here and has a free place. Raises `AtCapacity`."""

    async def act(work: Unit, conversation: Conversation) -> None:
        await _expect_colleague(work, viewer, conversation, advisor_id, within_capacity=True)
        await _add_note(work, viewer, conversation, note)
        work.record(conversation, ConversationTransferred(to_advisor_id=advisor_id), actor=viewer.actor)
        await _hand_over(work, conversation, advisor_id, reason="transferred", actor=viewer.actor)

    return await _once(
        services, viewer, conversation_id, command_id, "transfer to advisor", reach.steer, act, given=[advisor_id, note]
    )


async def take_over(services: Services, viewer: Viewer, conversation_id: int, *, command_id: str) -> Result:
    """A supervisor takes it, wherever it is, beyond their capacity if need be. Who was offline is online by that."""

    async def act(work: Unit, conversation: Conversation) -> None:
        if not access.takes_conversations(viewer):
            raise Forbidden("Administrators do not take conversations.")
        # Locked so that offers made meanwhile count this one.
        await _bring_online(work, viewer)
        if conversation.owner_id != viewer.user_id or conversation.state is not ConversationState.ASSIGNED:
            await _hand_over(work, conversation, viewer.user_id, reason="taken_over", actor=viewer.actor)

    return await _once(services, viewer, conversation_id, command_id, "take over", reach.supervise, act)


async def reassign(
    services: Services, viewer: Viewer, conversation_id: int, *, advisor_id: int, command_id: str
) -> Result:
    """A supervisor gives it to somebody who is here, beyond their capacity if need be."""

    async def act(work: Unit, conversation: Conversation) -> None:
        await _expect_colleague(work, viewer, conversation, advisor_id, within_capacity=False)
        await _hand_over(work, conversation, advisor_id, reason="reassigned", actor=viewer.actor)

    return await _once(
        services, viewer, conversation_id, command_id, "reassign", reach.supervise, act, given=[advisor_id]
    )


async def mark_read(services: Services, viewer: Viewer, conversation_id: int, *, command_id: str) -> Result:
    """The owner has seen it; a look by anybody else changes nothing."""

    async def act(work: Unit, conversation: Conversation) -> None:
        if conversation.owner_id == viewer.user_id and conversation.unread and conversation.last_message_id:
            conversation.unread = 0
            await signals.read(work, conversation)
            fact = ConversationRead(message_id=conversation.last_message_id)
            work.record(conversation, fact, actor=viewer.actor, user_id=viewer.user_id)

    return await _once(services, viewer, conversation_id, command_id, "read", reach.read, act)


async def _once(
    services: Services, viewer: Viewer, conversation_id: int, command_id: str, name: str, allowed: Allowed, act: Act,
    *, given: list[Any] | None = None,
) -> Result:  # fmt: skip
    async with unit(services) as work:
        if (first := await reach.first_result(work, viewer, command_id, name, conversation_id, given)) is not None:
            return first
        conversation = await allowed(work, viewer, conversation_id)
        await act(work, conversation)
        result: Result = {
            "conversation_id": conversation.id, "version": conversation.version, "state": conversation.state.value,
        }  # fmt: skip
        await reach.keep_result(work, viewer, command_id, name, conversation_id, result)
    return result


async def _expect_colleague(
    work: Unit, viewer: Viewer, conversation: Conversation, advisor_id: int, *, within_capacity: bool
) -> None:
    """Locks the person's row and raises if the conversation cannot be theirs."""
    if advisor_id == viewer.user_id:
        await _bring_online(work, viewer)
    else:
        await advisors.lock(work.connection, [advisor_id])
    colleague = await advisors.colleague(work.connection, advisor_id, conversation.sector_id)
    if colleague is None:
        raise Invalid("This person takes no conversations of this sector.", field="advisor_id")
    if conversation.owner_id == advisor_id:
        raise Conflict("This person has the conversation already.", state=conversation.state)
    if colleague.presence is Presence.OFFLINE:
        # It would wait for nobody, and come back to the queue after the grace.
        raise Conflict("This person is offline. Choose somebody who is here, or a queue.", presence=colleague.presence)
    if within_capacity and colleague.load >= colleague.capacity:
        raise AtCapacity("This person has as many conversations as they can take.", load=colleague.load)


async def _bring_online(work: Unit, viewer: Viewer) -> None:
    """Locks the person's row. Whoever takes work by hand is here: as offline they would lose it after the grace."""
    for who in (await advisors.lock(work.connection, [viewer.user_id])).values():
        if who.presence is Presence.OFFLINE:
            await presence.change(work, who, Presence.ONLINE, None, actor=viewer.actor)


async def _hand_over(work: Unit, conversation: Conversation, user_id: int, *, reason: str, actor: str) -> None:
    await ownership.let_go(work, [conversation], reason=reason, actor=actor)
    conversation.snoozed_until = None
    await ownership.give(work, conversation, user_id, reason=reason, actor=actor)


async def _add_note(work: Unit, viewer: Viewer, conversation: Conversation, note: str) -> None:
    if note.strip():
        await notes.write(work, viewer, conversation, note)
