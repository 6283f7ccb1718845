"""Puts conversations into queues and keeps their places: a place is `entered_at` less the priority's head start."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.actions import sla
from server.actions.unit import Topic, Unit
from server.domain.assignment import rank
from server.domain.conversation import Conversation
from server.domain.events import ConversationQueued, PriorityChanged
from server.domain.model import ConversationState, Priority
from server.domain.organisation import Queue
from server.domain.routing import Enqueue
from server.store import queues
from server.store.offers import Offer
from server.store.queues import Waiting

_SYSTEM = "system"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a conversation waits: in which queue, since when, for which skills."""

    queue_id: str | None
    entered_at: datetime
    skills: frozenset[str] = frozenset()


async def enqueue_many(work: Unit, entries: Sequence[tuple[Conversation, Enqueue]]) -> None:
    """The intake's decisions. Each waits since its customer's oldest unanswered message, by the provider's time.

    One that waits or is offered already takes the new priority, and keeps its age; an owned one stays where it is.
    """
    queued = [each.id for each, _ in entries if each.state is ConversationState.QUEUED]
    waiting = await queues.find(work.connection, queued) if queued else {}
    places: list[tuple[Conversation, Place, str]] = []
    for conversation, to in entries:
        if conversation.id in waiting or conversation.state is ConversationState.OFFERED:
            await _raise(work, conversation, to, waiting.get(conversation.id))
        elif conversation.state is not ConversationState.ASSIGNED:
            since = conversation.waiting_since or conversation.last_inbound_at or work.now
            conversation.priority, conversation.snoozed_until = to.priority, None
            place = Place(queue_id=to.queue_id, entered_at=min(since, work.now), skills=frozenset(to.skills))
            places.append((conversation, place, to.reason))
    await _put(work, places, actor=_SYSTEM)


async def put_back(
    work: Unit, places: Sequence[tuple[Conversation, Place]], *, reason: str, actor: str = _SYSTEM
) -> None:
    """Back to waiting with the age kept. Whoever had them must have let go before."""
    await _put(work, [(*each, reason) for each in places], actor=actor)


def place_of(offer: Offer) -> Place:
    return Place(queue_id=offer.queue_id, entered_at=offer.entered_at, skills=offer.skills)


async def last_places(work: Unit, conversations: Sequence[Conversation]) -> dict[int, Place]:
    """Where each waited last; one that never waited enters as its customer has been waiting."""
    known = await queues.last_places(work.connection, [each.id for each in conversations])
    found = {}
    for conversation in conversations:
        last = known.get(conversation.id)
        since = last.entered_at if last else conversation.waiting_since or work.now
        found[conversation.id] = Place(
            queue_id=last.queue_id if last else conversation.queue_id,
            entered_at=min(since, work.now),
            skills=frozenset(last.skills) if last else frozenset(),
        )
    return found


async def change_priority_many(
    work: Unit, changes: Sequence[tuple[Conversation, Priority]], *, reason: str, actor: str
) -> None:
    """The clocks keep their targets; a deliberate change calls `sla.reprioritise` after this."""
    changes = [(conversation, after) for conversation, after in changes if conversation.priority is not after]
    if not changes:
        return
    for conversation, after in changes:
        fact = PriorityChanged(before=conversation.priority, after=after, reason=reason)
        conversation.priority = after
        work.record(conversation, fact, actor=actor, user_id=conversation.owner_id)
    waiting = await queues.find(work.connection, [conversation.id for conversation, _ in changes])
    moved = []
    for conversation, after in changes:
        if row := waiting.get(conversation.id):
            queue = work.organisation.queues.get(row.queue_id)
            moved.append(msgspec.structs.replace(row, priority=after, rank=_rank(row.entered_at, after, queue)))
    if moved:
        await queues.move(work.connection, moved)
        work.wake(Topic.WAITING)


async def _raise(work: Unit, conversation: Conversation, to: Enqueue, waiting: Waiting | None) -> None:
    await change_priority_many(work, [(conversation, to.priority)], reason=to.reason, actor=_SYSTEM)
    if waiting is not None and waiting.queue_id != to.queue_id:
        place = Place(queue_id=to.queue_id, entered_at=waiting.entered_at, skills=frozenset(to.skills))
        await _put(work, [(conversation, place, to.reason)], actor=_SYSTEM)
    await sla.reprioritise(work, conversation)


async def _put(work: Unit, places: Sequence[tuple[Conversation, Place, str]], *, actor: str) -> None:
    if not places:
        return
    rows = []
    for conversation, place, reason in places:
        queue = _queue(work, conversation, place.queue_id)
        queue_id = queue.id if queue else place.queue_id or conversation.queue_id or ""
        skills = place.skills | frozenset(queue.skills if queue else ())
        conversation.state, conversation.queue_id, conversation.owner_id = ConversationState.QUEUED, queue_id, None
        conversation.flow_state = None
        rows.append(
            Waiting(
                conversation_id=conversation.id, sector_id=conversation.sector_id, queue_id=queue_id,
                priority=conversation.priority, rank=_rank(place.entered_at, conversation.priority, queue),
                entered_at=place.entered_at, skills=skills,
            )
        )  # fmt: skip
        fact = ConversationQueued(
            queue_id=queue_id, priority=conversation.priority, reason=reason, entered_at=place.entered_at,
            skills=tuple(sorted(skills)),
        )  # fmt: skip
        work.record(conversation, fact, actor=actor)
    await work.insert(queues.put, rows)
    await sla.entered_queue_many(work, [conversation for conversation, _, _ in places])
    work.wake(Topic.WAITING)


def _queue(work: Unit, conversation: Conversation, queue_id: str | None) -> Queue | None:
    """The queue meant, else the sector's own: one that was retired meanwhile must not swallow anybody."""
    known = work.organisation.queues.get(queue_id or "")
    sector = work.organisation.sectors.get(conversation.sector_id)
    return known or (work.organisation.queues.get(sector.queue) if sector else None)


def _rank(entered_at: datetime, priority: Priority, queue: Queue | None) -> datetime:
    return rank(entered_at, priority, queue) if queue else entered_at
