"""The moves of SLA timers, each with its fact: started, at rest, going on, met, open again. `sla` says when."""

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

ByConversation = dict[int, list[Timer]]


async def at_work(work: Unit, conversations: Sequence[Conversation]) -> ByConversation:
    found: ByConversation = defaultdict(list)
    for timer in await store.at_work(work.connection, [each.id for each in conversations]):
        found[timer.conversation_id].append(timer)
    return found


async def start(work: Unit, conversations: Sequence[Conversation], timers: ByConversation) -> None:
    """Starts each conversation's response clock, if somebody waits, and its resolution clock, if not at work."""
    # With a response and a resolution clock at work there is nothing to start.
    running = {each.id for each in conversations if len({timer.target for timer in timers[each.id]}) > 1}
    conversations = [each for each in conversations if each.id not in running]
    if not conversations:
        return
    answered = await store.answered(work.connection, [each.id for each in conversations])
    started: list[StartedTimer] = []
    for conversation in conversations:
        begun = {each.target for each in timers[conversation.id]}
        response = SlaTarget.NEXT_RESPONSE if conversation.id in answered else SlaTarget.FIRST_RESPONSE
        waits = conversation.waiting_since is not None or conversation.id not in answered
        targets = [response] if waits and not begun - {SlaTarget.RESOLUTION} else []
        if SlaTarget.RESOLUTION not in begun:
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
    wake_if_soon(work, [each.warn_at for each in started])


def _new(work: Unit, conversation: Conversation, target: SlaTarget) -> StartedTimer | None:
    sector = work.organisation.sectors.get(conversation.sector_id)
    policy = work.organisation.sla_policies.get(sector.sla_policy) if sector else None
    if policy is None:
        return None
    # A phone's clock may be ahead of ours; nobody waits since the future.
    since = min(conversation.waiting_since or conversation.last_inbound_at or work.now, work.now)
    timer = rules.start(policy, target, conversation.priority, calendar_of(work, policy), since)
    if timer is None:
        return None
    return StartedTimer(
        id=0, conversation_id=conversation.id, sector_id=conversation.sector_id, policy_id=policy.id, target=target,
        priority=conversation.priority, target_seconds=timer.target_seconds, started_at=since, due_at=timer.due_at,
        warn_at=timer.warn_at,
    )  # fmt: skip


async def rest_or_run(work: Unit, conversations: Sequence[Conversation], timers: ByConversation) -> None:
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
    timer.remaining_seconds = rules.pause(timer.due_at or work.now, calendar_of(work, policy), work.now)
    timer.state, timer.due_at, timer.warn_at = TimerState.PAUSED, None, None
    fact = SlaPaused(timer_id=timer.id, target=timer.target, remaining_seconds=timer.remaining_seconds)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)
    return timer


def _resume(work: Unit, conversation: Conversation, timer: Timer, policy: SlaPolicy) -> Timer:
    left = timer.remaining_seconds or 0
    moved = rules.resume(policy, timer.target, timer.priority, left, calendar_of(work, policy), work.now)
    # The policy lost this target meanwhile: what was promised still stands, by the wall clock.
    timer.due_at = moved.due_at if moved else work.now + timedelta(seconds=left)
    timer.warn_at = moved.warn_at if moved else timer.due_at
    timer.state, timer.remaining_seconds = TimerState.RUNNING, None
    goes_on(work, conversation, timer, timer.due_at)
    wake_if_soon(work, [timer.warn_at])
    return timer


def meet(work: Unit, conversation: Conversation, timer: Timer, at: datetime) -> None:
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


def unmeet(timer: Timer) -> None:
    timer.met_at = None
    if timer.due_at is None:
        timer.state = TimerState.PAUSED
    elif timer.breached_at is not None:
        timer.state = TimerState.BREACHED
    else:
        # If it fell due meanwhile, the clock worker breaches it with its true due time.
        timer.state = TimerState.RUNNING


def goes_on(work: Unit, conversation: Conversation, timer: Timer, due_at: datetime) -> None:
    fact = SlaResumed(timer_id=timer.id, target=timer.target, due_at=due_at)
    work.record(conversation, fact, actor=_SYSTEM, user_id=conversation.owner_id)


def calendar_of(work: Unit, policy: SlaPolicy) -> Calendar | None:
    return work.organisation.calendars.get(policy.calendar) if policy.calendar else None


def wake_if_soon(work: Unit, moments: Iterable[datetime]) -> None:
    if min(moments) <= work.now + timedelta(seconds=SWEEP_SECONDS):
        work.wake(Topic.TIMERS)
