"""Keeps the response and resolution clocks of conversations, inside the transaction of what moves them.

Policy:
- The response clock starts when an unanswered customer comes into people's hands, from the customer's provider time:
  the first response, and once there was one, the next response to each unanswered message.
- Only a person's reply that Meta accepted meets it, stamped with its sent time; the failure of that reply reopens it.
- A rise of priority that the clock itself caused leaves the clocks alone: a promise broken must not break others.
  A deliberate change recomputes what is running, with the time used so far, never into the past.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from server.actions.unit import Topic, Unit
from server.domain import sla as rules
from server.domain.conversation import Conversation
from server.domain.events import SlaBreached, SlaMet, SlaPaused, SlaResumed, SlaStarted
from server.domain.model import ConversationState, SlaTarget, TimerState
from server.domain.organisation import Calendar, SlaPolicy
from server.store import sla as store
from server.store.sla import StartedTimer, Timer

# A loop that looks this often by itself needs to be woken only for what falls due sooner.
SWEEP_SECONDS = 5.0

_SYSTEM = "system"
_WITH_PEOPLE = (
    ConversationState.QUEUED,
    ConversationState.OFFERED,
    ConversationState.ASSIGNED,
    ConversationState.SNOOZED,
)


async def entered_queue_many(work: Unit, conversations: Sequence[Conversation]) -> None:
    """Starts the clocks that are not at work yet for conversations that now wait for a person."""
    await _start(work, conversations, await _timers(work, conversations))


async def customer_wrote_many(work: Unit, conversations: Sequence[Conversation]) -> None:
    """Starts the response clock of those that are with people, and lets their resolution clock go on."""
    talking = [each for each in conversations if each.state in _WITH_PEOPLE]
    if not talking:
        return
    timers = await _timers(work, talking)
    await _start(work, talking, timers)
    await _rest_or_run(work, talking, timers)


async def meet(work: Unit, conversation: Conversation, sent_at: datetime) -> None:
    """Meta accepted a person's reply: what began before it was sent is met. Harmless when repeated."""
    timers = await _timers(work, [conversation])
    mine = timers[conversation.id]
    met = [each for each in mine if each.target is not SlaTarget.RESOLUTION and each.started_at <= sent_at]
    for timer in met:
        _meet(work, conversation, timer, sent_at)
        mine.remove(timer)
    if met:
        await store.write(work.connection, met)
        # The customer wrote again after this reply was written.
        if conversation.waiting_since is not None:
            await _start(work, [conversation], timers)
        await _rest_or_run(work, [conversation], timers)


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
    timers = await _timers(work, [conversation])
    _unmeet(work, timer)
    if answered_at is not None:
        _meet(work, conversation, timer, answered_at)
        await store.write(work.connection, [timer])
        return
    # Of several unanswered messages the oldest counts.
    later = [each for each in timers[conversation.id] if each.target is not SlaTarget.RESOLUTION]
    for each in later:
        each.state = TimerState.CANCELLED
        timers[conversation.id].remove(each)
    await store.write(work.connection, [*later, timer])
    if timer.due_at is not None:
        fact = SlaResumed(timer_id=timer.id, target=timer.target, due_at=timer.due_at)
        work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)
        _wake_if_soon(work, [timer.due_at])
    conversation.waiting_since = min(conversation.waiting_since or timer.started_at, timer.started_at)
    timers[conversation.id].append(timer)
    await _rest_or_run(work, [conversation], timers)


async def resolve(work: Unit, conversation: Conversation) -> None:
    """The resolution target is met; what was never answered is no longer asked for."""
    timers = await store.at_work(work.connection, [conversation.id])
    for timer in timers:
        if timer.target is SlaTarget.RESOLUTION:
            _meet(work, conversation, timer, work.now)
        else:
            timer.state = TimerState.CANCELLED
    if timers:
        await store.write(work.connection, timers)


async def reprioritise(work: Unit, conversation: Conversation) -> None:
    """A person or a rule gave another priority: its targets count, less the time already used."""
    changed = []
    for timer in await store.at_work(work.connection, [conversation.id]):
        policy = work.organisation.sla_policies.get(timer.policy_id)
        if timer.state is not TimerState.RUNNING or timer.due_at is None or policy is None:
            continue
        calendar = _calendar(work, policy)
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
        fact = SlaResumed(timer_id=timer.id, target=timer.target, due_at=moved.due_at)
        work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)
    if changed:
        await store.write(work.connection, changed)
        work.wake(Topic.TIMERS)


_ByConversation = dict[int, list[Timer]]


async def _timers(work: Unit, conversations: Sequence[Conversation]) -> _ByConversation:
    found: _ByConversation = defaultdict(list)
    for timer in await store.at_work(work.connection, [each.id for each in conversations]):
        found[timer.conversation_id].append(timer)
    return found


async def _start(work: Unit, conversations: Sequence[Conversation], timers: _ByConversation) -> None:
    """Starts each conversation's response clock, if somebody waits, and its resolution clock, if not at work."""
    # With a response and a resolution clock at work there is nothing to start.
    running = {each.id for each in conversations if len({timer.target for timer in timers[each.id]}) > 1}
    conversations = [each for each in conversations if each.id not in running]
    if not conversations:
        return
    answered = await store.answered(work.connection, [each.id for each in conversations])
    started: list[StartedTimer] = []
    for conversation in conversations:
        at_work = {each.target for each in timers[conversation.id]}
        response = SlaTarget.NEXT_RESPONSE if conversation.id in answered else SlaTarget.FIRST_RESPONSE
        waits = conversation.waiting_since is not None or conversation.id not in answered
        targets = [response] if waits and not at_work - {SlaTarget.RESOLUTION} else []
        if SlaTarget.RESOLUTION not in at_work:
            targets.append(SlaTarget.RESOLUTION)
        started += [timer for target in targets if (timer := _new(work, conversation, target))]
    if not started:
        return
    for id, timer in zip(await store.new_ids(work.connection, len(started)), started, strict=True):
        timer.id = id
        held = work.held(timer.conversation_id)
        fact = SlaStarted(timer_id=id, target=timer.target, due_at=timer.due_at)
        work.record(held, fact, actor=_SYSTEM, user_id=held.owner_id)
    await work.insert(store.add, started)
    _wake_if_soon(work, [each.warn_at for each in started])


def _new(work: Unit, conversation: Conversation, target: SlaTarget) -> StartedTimer | None:
    sector = work.organisation.sectors.get(conversation.sector_id)
    policy = work.organisation.sla_policies.get(sector.sla_policy) if sector else None
    if policy is None:
        return None
    # A phone's clock may be ahead of ours; nobody waits since the future.
    since = min(conversation.waiting_since or conversation.last_inbound_at or work.now, work.now)
    timer = rules.start(policy, target, conversation.priority, _calendar(work, policy), since)
    if timer is None:
        return None
    return StartedTimer(
        id=0, conversation_id=conversation.id, sector_id=conversation.sector_id, policy_id=policy.id, target=target,
        priority=conversation.priority, target_seconds=timer.target_seconds, started_at=since, due_at=timer.due_at,
        warn_at=timer.warn_at,
    )  # fmt: skip


async def _rest_or_run(work: Unit, conversations: Sequence[Conversation], timers: _ByConversation) -> None:
    """Pauses and resumes what the policy says for the state each conversation is in now."""
    changed = []
    for conversation in conversations:
        snoozed = conversation.state is ConversationState.SNOOZED
        for timer in timers[conversation.id]:
            policy = work.organisation.sla_policies.get(timer.policy_id)
            if policy is None:
                continue
            rests = rules.rests(
                policy, timer.target, snoozed=snoozed, waiting_on_customer=conversation.waiting_since is None
            )
            if rests and timer.state is TimerState.RUNNING:
                changed.append(_pause(work, conversation, timer, policy))
            elif not rests and timer.state is TimerState.PAUSED:
                changed.append(_resume(work, conversation, timer, policy))
    if changed:
        await store.write(work.connection, changed)


def _pause(work: Unit, conversation: Conversation, timer: Timer, policy: SlaPolicy) -> Timer:
    timer.remaining_seconds = rules.pause(timer.due_at or work.now, _calendar(work, policy), work.now)
    timer.state, timer.due_at, timer.warn_at = TimerState.PAUSED, None, None
    fact = SlaPaused(timer_id=timer.id, target=timer.target, remaining_seconds=timer.remaining_seconds)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)
    return timer


def _resume(work: Unit, conversation: Conversation, timer: Timer, policy: SlaPolicy) -> Timer:
    left = timer.remaining_seconds or 0
    moved = rules.resume(policy, timer.target, timer.priority, left, _calendar(work, policy), work.now)
    # The policy lost this target meanwhile: what was promised still stands, by the wall clock.
    timer.due_at = moved.due_at if moved else work.now + timedelta(seconds=left)
    timer.warn_at = moved.warn_at if moved else timer.due_at
    timer.state, timer.remaining_seconds = TimerState.RUNNING, None
    fact = SlaResumed(timer_id=timer.id, target=timer.target, due_at=timer.due_at)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)
    _wake_if_soon(work, [timer.warn_at])
    return timer


def _meet(work: Unit, conversation: Conversation, timer: Timer, at: datetime) -> None:
    """In time: met, even if a breach was noticed before the reply was known. Late: breached, with its two times."""
    if timer.due_at is None or at <= timer.due_at:
        timer.state, timer.breached_at, timer.noticed_at = TimerState.MET, None, None
    elif timer.state is not TimerState.BREACHED:
        timer.state, timer.breached_at, timer.noticed_at = TimerState.BREACHED, timer.due_at, work.now
        breach = SlaBreached(timer_id=timer.id, target=timer.target, due_at=timer.due_at, noticed_at=work.now)
        work.record(conversation, breach, actor=_SYSTEM, user_id=conversation.owner_id)
    timer.met_at = at
    fact = SlaMet(timer_id=timer.id, target=timer.target, met_at=at)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)


def _unmeet(work: Unit, timer: Timer) -> None:
    timer.met_at = None
    if timer.due_at is None:
        timer.state = TimerState.PAUSED
    elif timer.breached_at is not None:
        timer.state = TimerState.BREACHED
    else:
        # If it fell due meanwhile, the clock worker breaches it with its true due time.
        timer.state = TimerState.RUNNING


def _calendar(work: Unit, policy: SlaPolicy) -> Calendar | None:
    return work.organisation.calendars.get(policy.calendar) if policy.calendar else None


def _wake_if_soon(work: Unit, moments: Iterable[datetime]) -> None:
    if min(moments) <= work.now + timedelta(seconds=SWEEP_SECONDS):
        work.wake(Topic.TIMERS)
