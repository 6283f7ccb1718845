"""Keeps the response and resolution clocks of conversations, inside the transaction of what moves them.

Policy:
- The response clock starts when an unanswered customer comes into people's hands, from the customer's provider time:
  the first response, and once there was one, the next response to each unanswered message.
- Only a person's reply that Meta accepted meets it, stamped with its sent time; the failure of that reply reopens it.
- A rise of priority that the clock itself caused leaves the clocks alone: a promise broken must not break others.
  A deliberate change recomputes what is running, with the time used so far, never into the past.
"""

from collections.abc import Sequence
from datetime import datetime

from server.actions import sla_timers
from server.actions.unit import Topic, Unit
from server.domain import sla as rules
from server.domain.conversation import Conversation
from server.domain.model import ConversationState, SlaTarget, TimerState
from server.store import sla as store
from server.store.sla import Timer

_WITH_PEOPLE = (
    ConversationState.QUEUED,
    ConversationState.OFFERED,
    ConversationState.ASSIGNED,
    ConversationState.SNOOZED,
)


async def entered_queue_many(work: Unit, conversations: Sequence[Conversation]) -> None:
    """Starts the clocks that are not at work yet for conversations that now wait for a person."""
    await sla_timers.start(work, conversations, await sla_timers.at_work(work, conversations))


async def customer_wrote_many(work: Unit, conversations: Sequence[Conversation]) -> None:
    """Starts the response clock of those that are with people, and lets their resolution clock go on."""
    talking = [each for each in conversations if each.state in _WITH_PEOPLE]
    if not talking:
        return
    timers = await sla_timers.at_work(work, talking)
    await sla_timers.start(work, talking, timers)
    await sla_timers.rest_or_run(work, talking, timers)


async def meet(work: Unit, conversation: Conversation, sent_at: datetime) -> None:
    """Meta accepted a person's reply: what began before it was sent is met. Harmless when repeated."""
    await meet_many(work, [(conversation, sent_at)])


async def meet_many(work: Unit, replies: Sequence[tuple[Conversation, datetime]]) -> None:
    """`meet` for each reply, with its sent time."""
    if not replies:
        return
    timers = await sla_timers.at_work(work, [conversation for conversation, _ in replies])
    met: list[Timer] = []
    answered: dict[int, Conversation] = {}
    for conversation, sent_at in replies:
        mine = timers[conversation.id]
        for timer in [each for each in mine if _waits_for_reply(each, sent_at)]:
            sla_timers.meet(work, conversation, timer, sent_at)
            mine.remove(timer)
            met.append(timer)
            answered[conversation.id] = conversation
    if met:
        await store.write(work.connection, met)
        # The customer wrote again after this reply was written.
        await sla_timers.start(work, [each for each in answered.values() if each.waiting_since is not None], timers)
        await sla_timers.rest_or_run(work, list(answered.values()), timers)


def _waits_for_reply(timer: Timer, sent_at: datetime) -> bool:
    return timer.target is not SlaTarget.RESOLUTION and timer.started_at <= sent_at


async def reopen(work: Unit, conversation: Conversation) -> None:
    """A person's reply failed after Meta had accepted it: unless another one stands, its target is open again.

    The failed status must be written before.
    """
    timer = await store.last_met(work.connection, conversation.id)
    if timer is None or conversation.state is ConversationState.RESOLVED:
        return
    answered_at = await store.answered_at(work.connection, conversation.id, timer.started_at)
    if answered_at is not None and answered_at == timer.met_at:
        return
    timers = await sla_timers.at_work(work, [conversation])
    sla_timers.unmeet(timer)
    if answered_at is not None:
        sla_timers.meet(work, conversation, timer, answered_at)
        await store.write(work.connection, [timer])
        return
    # Of several unanswered messages the oldest counts.
    later = [each for each in timers[conversation.id] if each.target is not SlaTarget.RESOLUTION]
    for each in later:
        each.state = TimerState.CANCELLED
        timers[conversation.id].remove(each)
    await store.write(work.connection, [*later, timer])
    if timer.due_at is not None:
        sla_timers.goes_on(work, conversation, timer, timer.due_at)
        sla_timers.wake_if_soon(work, [timer.due_at])
    conversation.waiting_since = min(conversation.waiting_since or timer.started_at, timer.started_at)
    timers[conversation.id].append(timer)
    await sla_timers.rest_or_run(work, [conversation], timers)


async def resolve(work: Unit, conversation: Conversation) -> None:
    """The resolution target is met; what was never answered is no longer asked for."""
    timers = await store.at_work(work.connection, [conversation.id])
    for timer in timers:
        if timer.target is SlaTarget.RESOLUTION:
            sla_timers.meet(work, conversation, timer, work.now)
        else:
            timer.state = TimerState.CANCELLED
    if timers:
        await store.write(work.connection, timers)


async def stop(work: Unit, conversation: Conversation) -> None:
    """Nobody waits for people here any more, and nothing was kept or broken by that."""
    timers = await store.at_work(work.connection, [conversation.id])
    for timer in timers:
        timer.state = TimerState.CANCELLED
    if timers:
        await store.write(work.connection, timers)


async def waits_less(work: Unit, conversation: Conversation) -> None:
    """Part of the wait turned out to be somebody else's: a response clock that counts it begins anew, if at all."""
    timers = await sla_timers.at_work(work, [conversation])
    mine, since = timers[conversation.id], conversation.waiting_since
    wrong = [
        each for each in mine if each.target is not SlaTarget.RESOLUTION and (since is None or each.started_at < since)
    ]
    for timer in wrong:
        timer.state = TimerState.CANCELLED
        mine.remove(timer)
    if wrong:
        await store.write(work.connection, wrong)
    if conversation.state in _WITH_PEOPLE:
        await sla_timers.start(work, [conversation], timers)
        await sla_timers.rest_or_run(work, [conversation], timers)


async def reprioritise(work: Unit, conversation: Conversation) -> None:
    """A person or a rule gave another priority: its targets count, less the time already used."""
    changed = []
    for timer in await store.at_work(work.connection, [conversation.id]):
        policy = work.organisation.sla_policies.get(timer.policy_id)
        if timer.state is not TimerState.RUNNING or timer.due_at is None or policy is None:
            continue
        calendar = sla_timers.calendar_of(work, policy)
        aim = rules.start(policy, timer.target, conversation.priority, calendar, work.now)
        if aim is None:
            continue
        used = timer.target_seconds - rules.pause(timer.due_at, calendar, work.now)
        left = max(aim.target_seconds - used, 0)
        moved = rules.resume(policy, timer.target, conversation.priority, left, calendar, work.now)
        if moved is None:
            continue
        timer.priority, timer.target_seconds = conversation.priority, moved.target_seconds
        timer.due_at, timer.warn_at = moved.due_at, moved.warn_at
        changed.append(timer)
        sla_timers.goes_on(work, conversation, timer, moved.due_at)
    if changed:
        await store.write(work.connection, changed)
        work.wake(Topic.TIMERS)
