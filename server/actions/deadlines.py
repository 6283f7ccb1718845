"""Warnings and breaches become facts, each once, whoever looks first; a breach may raise the priority."""

from server.actions import queueing
from server.actions.unit import Services, Unit, unit
from server.domain.conversation import Conversation
from server.domain.events import SlaBreached, SlaWarned
from server.domain.model import Priority
from server.store import conversations
from server.store import sla as store
from server.store.sla import Timer

_BATCH = 500
_SYSTEM = "system"
_HIGHEST_FIRST = list(Priority)


async def fire_due(services: Services) -> float | None:
    """Fires whatever is due and returns the seconds to the next deadline by the database's clock; None without any.

    A conversation that somebody holds just now is left for the next call.
    """
    while True:
        async with unit(services) as work:
            fired = await _fire(work)
            if not fired:
                return await store.seconds_to_next(work.connection)


async def _fire(work: Unit) -> int:
    found = await store.due(work.connection, _BATCH)
    held = await conversations.lock_free(work.connection, found) if found else {}
    if not held:
        return 0
    for conversation in held.values():
        work.adopt(conversation)
    breached = await store.breach(work.connection, list(held))
    warned = await store.warn(work.connection, list(held))
    for timer in breached:
        _note_breach(work, held[timer.conversation_id], timer)
    for timer in warned:
        _note_warning(work, held[timer.conversation_id], timer)
    await _escalate(work, held, breached)
    return len(breached) + len(warned)


def _note_breach(work: Unit, conversation: Conversation, timer: Timer) -> None:
    due_at = timer.due_at or work.now
    fact = SlaBreached(timer_id=timer.id, target=timer.target, due_at=due_at, noticed_at=timer.noticed_at or work.now)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)


def _note_warning(work: Unit, conversation: Conversation, timer: Timer) -> None:
    fact = SlaWarned(timer_id=timer.id, target=timer.target, due_at=timer.due_at or work.now)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)


async def _escalate(work: Unit, held: dict[int, Conversation], breached: list[Timer]) -> None:
    """The clocks keep their targets: a broken promise must not break others."""
    raised: dict[int, Priority] = {}
    for timer in breached:
        policy = work.organisation.sla_policies.get(timer.policy_id)
        wanted = policy.raise_priority_on_breach if policy else None
        before = held[timer.conversation_id].priority
        if wanted is not None and _HIGHEST_FIRST.index(wanted) < _HIGHEST_FIRST.index(before):
            raised[timer.conversation_id] = wanted
    changes = [(held[id], priority) for id, priority in raised.items()]
    await queueing.change_priority_many(work, changes, reason="sla_breached", actor=_SYSTEM)
