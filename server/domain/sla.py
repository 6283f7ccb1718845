"""When a target falls due, when people are warned, and what stops the clock."""

from datetime import datetime, timedelta

import msgspec

from server.domain import calendar as hours
from server.domain.model import Priority, SlaTarget
from server.domain.organisation import Calendar, SlaPolicy, Target


class NewTimer(msgspec.Struct, frozen=True):
    due_at: datetime
    warn_at: datetime
    target_seconds: int


def start(
    policy: SlaPolicy, target: SlaTarget, priority: Priority, calendar: Calendar | None, now: datetime
) -> NewTimer | None:
    """The timer that starts now; None when the policy sets no such target. Without a calendar the wall clock counts."""
    aim = _aim(policy, target, priority)
    return _timer(aim, aim.seconds, calendar, now) if aim else None


def pause(due_at: datetime, calendar: Calendar | None, now: datetime) -> int:
    """The seconds that are left, in the calendar's own time; 0 once it is due."""
    left = (due_at - now).total_seconds() if calendar is None else hours.between(calendar, now, due_at)
    return max(round(left), 0)


def resume(
    policy: SlaPolicy,
    target: SlaTarget,
    priority: Priority,
    remaining_seconds: int,
    calendar: Calendar | None,
    now: datetime,
) -> NewTimer | None:
    """The timer that goes on from now with what was left; warned at the same share of the whole target."""
    aim = _aim(policy, target, priority)
    return _timer(aim, remaining_seconds, calendar, now) if aim else None


def rests(policy: SlaPolicy, target: SlaTarget, *, snoozed: bool, waiting_on_customer: bool) -> bool:
    """Whether the policy stops this target's clock in this situation."""
    if snoozed and policy.pause_while_snoozed:
        return True
    return target is SlaTarget.RESOLUTION and waiting_on_customer and policy.pause_while_waiting_on_customer


def _aim(policy: SlaPolicy, target: SlaTarget, priority: Priority) -> Target | None:
    return policy.targets.get(priority, {}).get(target)


def _timer(aim: Target, left: int, calendar: Calendar | None, now: datetime) -> NewTimer | None:
    due_at = _after(calendar, now, left)
    warn_at = _after(calendar, now, max(left - aim.seconds * (1 - aim.warn_at_share), 0))
    if due_at is None or warn_at is None:
        return None
    return NewTimer(due_at, warn_at, aim.seconds)


def _after(calendar: Calendar | None, now: datetime, seconds: float) -> datetime | None:
    return now + timedelta(seconds=seconds) if calendar is None else hours.add(calendar, now, seconds)
