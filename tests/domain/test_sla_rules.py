"""Due and warning times, and what stops a clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import sla
from server.domain.hours_text import WEEKDAYS, spans
from server.domain.model import Priority, SlaTarget
from server.domain.organisation import Calendar, SlaPolicy, Target

POLICY = SlaPolicy(
    id="desk",
    targets={
        Priority.URGENT: {SlaTarget.FIRST_RESPONSE: Target(seconds=120, warn_at_share=0.5)},
        Priority.NORMAL: {
            SlaTarget.FIRST_RESPONSE: Target(seconds=600),
            SlaTarget.RESOLUTION: Target(seconds=8 * 3600, warn_at_share=0.9),
        },
    },
)
DESK = Calendar(
    id="desk", time_zone="Asia/Riyadh", hours=spans(dict.fromkeys((*WEEKDAYS[:4], "sunday"), "08:00-18:00"))
)
# Sunday noon in Riyadh.
NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)


def after(minutes: float, start: datetime = NOON) -> datetime:
    return start + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("priority", "target", "calendar", "now", "due", "warn"),
    [
        (Priority.URGENT, SlaTarget.FIRST_RESPONSE, None, NOON, after(2), after(1)),
        (Priority.NORMAL, SlaTarget.FIRST_RESPONSE, None, NOON, after(10), after(7.5)),
        (Priority.NORMAL, SlaTarget.FIRST_RESPONSE, DESK, NOON, after(10), after(7.5)),
        # At 17:55 five minutes are left today, the rest is tomorrow from 8.
        (Priority.NORMAL, SlaTarget.FIRST_RESPONSE, DESK, after(355), after(20 * 60 + 5), after(20 * 60 + 2.5)),
        # Eight hours from noon: six today, two tomorrow.
        (Priority.NORMAL, SlaTarget.RESOLUTION, DESK, NOON, after(22 * 60), after(22 * 60 - 48)),
        # Friday and Saturday are off: from Thursday evening to Sunday.
        (Priority.URGENT, SlaTarget.FIRST_RESPONSE, DESK, after(4 * 1440 + 600), after(6 * 1440 + 1202), None),
    ],
)
def test_starts(
    priority: Priority,
    target: SlaTarget,
    calendar: Calendar | None,
    now: datetime,
    due: datetime,
    warn: datetime | None,
) -> None:
    timer = sla.start(POLICY, target, priority, calendar, now)
    if warn is None:
        assert timer is not None
        assert timer.due_at.astimezone(UTC).weekday() == 6
        assert timer.due_at - timer.warn_at == timedelta(seconds=60)
    else:
        assert timer == sla.NewTimer(due, warn, POLICY.targets[priority][target].seconds)


def test_no_target_no_timer() -> None:
    assert sla.start(POLICY, SlaTarget.NEXT_RESPONSE, Priority.URGENT, None, NOON) is None
    assert sla.start(POLICY, SlaTarget.FIRST_RESPONSE, Priority.LOW, None, NOON) is None
    assert sla.resume(POLICY, SlaTarget.FIRST_RESPONSE, Priority.LOW, 60, None, NOON) is None


@pytest.mark.parametrize(
    ("calendar", "due", "now", "left"),
    [
        (None, after(10), after(4), 360),
        (None, after(10), after(12), 0),
        (DESK, after(20 * 60 + 5), after(355), 600),
        (DESK, after(20 * 60 + 5), after(800), 300),  # paused at night: only tomorrow's minutes are left
    ],
)
def test_pause_keeps_the_calendars_own_seconds(
    calendar: Calendar | None, due: datetime, now: datetime, left: int
) -> None:
    assert sla.pause(due, calendar, now) == left


def test_resume_warns_at_the_same_share_of_the_whole_target() -> None:
    resumed = sla.resume(POLICY, SlaTarget.FIRST_RESPONSE, Priority.NORMAL, 300, None, NOON)
    assert resumed == sla.NewTimer(after(5), after(2.5), 600)
    late = sla.resume(POLICY, SlaTarget.FIRST_RESPONSE, Priority.NORMAL, 60, None, NOON)
    assert late == sla.NewTimer(after(1), NOON, 600)


@given(
    st.sampled_from([None, DESK]),
    st.integers(0, 7 * 1440),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3000)), max_size=5),
)
def test_resting_never_costs_or_gives_time(calendar: Calendar | None, start: int, rests: list[tuple[int, int]]) -> None:
    """However often a clock rests, the seconds it ran add up to the target."""
    now = after(start)
    timer = sla.start(POLICY, SlaTarget.RESOLUTION, Priority.NORMAL, calendar, now)
    assert timer is not None
    ran = 0
    left = timer.target_seconds
    for runs, rest in rests:
        now += timedelta(minutes=runs)
        paused = sla.pause(timer.due_at, calendar, now)
        ran += left - paused
        left = paused
        now += timedelta(minutes=rest)
        timer = sla.resume(POLICY, SlaTarget.RESOLUTION, Priority.NORMAL, left, calendar, now)
        assert timer is not None
        assert timer.warn_at <= timer.due_at
    assert ran + left == POLICY.targets[Priority.NORMAL][SlaTarget.RESOLUTION].seconds
    assert sla.pause(timer.due_at, calendar, now) == left


@pytest.mark.parametrize(
    ("target", "snoozed", "waiting_on_customer", "expected"),
    [
        (SlaTarget.FIRST_RESPONSE, False, False, False),
        (SlaTarget.FIRST_RESPONSE, True, False, True),
        (SlaTarget.NEXT_RESPONSE, False, True, False),
        (SlaTarget.RESOLUTION, False, True, True),
        (SlaTarget.RESOLUTION, False, False, False),
    ],
)
def test_rests(target: SlaTarget, snoozed: bool, waiting_on_customer: bool, expected: bool) -> None:
    assert sla.rests(POLICY, target, snoozed=snoozed, waiting_on_customer=waiting_on_customer) is expected
    never = SlaPolicy(id="never", targets={}, pause_while_snoozed=False, pause_while_waiting_on_customer=False)
    assert sla.rests(never, target, snoozed=snoozed, waiting_on_customer=waiting_on_customer) is False
