"""Never faster than Meta takes it, in any second, whoever sends; and no slower than need be."""

from collections import defaultdict, deque
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.model import Channel
from server.domain.pacing import MEMORY_SECONDS, Bucket, Lane, Pace, Pacer, pace_of

STEP = 0.004


def most_within(times: list[float], seconds: float) -> int:
    """The most of them within any stretch of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for at in sorted(times):
        window.append(at)
        while window[0] <= at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


def send_all_out(lane: Lane, seconds: float, began: float = 0.0) -> list[float]:
    """Somebody who always has more to send, to people without end, and asks every few milliseconds."""
    sent, now, person = [], began, 0
    while now < began + seconds:
        for _ in range(lane.budget(now, 64)):
            person += 1
            if lane.admit(f"person {person}", now) == 0:
                sent.append(now)
        now += STEP
    return sent


@pytest.mark.parametrize("per_second", [20, 80, 300, 1000])
def test_never_more_than_the_number_takes_in_any_second(per_second: int) -> None:
    sent = send_all_out(Lane(Pace(float(per_second)), 0.0), 5)
    assert most_within(sent, 1.0) <= per_second
    assert len(sent) >= 5 * per_second * 0.9, "and not much slower"


@pytest.mark.parametrize("channel", list(Channel))
def test_each_channel_has_its_own_pace(channel: Channel) -> None:
    assert pace_of(channel, None).number == {"whatsapp": 80, "messenger": 300, "instagram": 100}[channel]
    assert pace_of(channel, 20).number == 20
    assert pace_of(channel, 0) == Pace(None)
    assert pace_of(channel, None).pairs is (channel is Channel.WHATSAPP)


def test_one_customer_gets_a_burst_and_then_one_each_six_seconds() -> None:
    lane = Lane(Pace(1000.0, None, True), 0.0)
    sent = [at for at in (place / 50 for place in range(6000)) if lane.admit("sara", at) == 0]
    assert len([at for at in sent if at < 1]) == 45
    later = [at for at in sent if at > 1]
    assert all(b - a >= 5.99 for a, b in pairwise(later))
    assert len(later) == 19


def test_who_waits_is_told_how_long_and_holds_nobody_else() -> None:
    lane = Lane(Pace(1000.0, None, True), 0.0)
    for _ in range(45):
        assert lane.admit("sara", 0.0) == 0
    assert lane.admit("sara", 0.0) == pytest.approx(6.0)
    assert lane.admit("omar", 0.0) == 0
    assert lane.admit("sara", 6.0) == 0
    assert lane.admit("sara", 6.0) > 0


def test_sound_and_video_have_a_pace_of_their_own_on_pages() -> None:
    lane = Lane(pace_of(Channel.MESSENGER, None), 0.0)
    now, sent = 0.0, []
    while now < 10:
        if lane.admit("sara", now, heavy=True) == 0:
            sent.append(now)
        assert lane.admit("sara", now) == 0
        now += 0.01
    assert most_within(sent, 1.0) <= 10
    assert len(sent) > 80


def test_what_comes_in_takes_from_a_whatsapp_numbers_pace() -> None:
    lane = Lane(pace_of(Channel.WHATSAPP, None), 0.0)
    quiet = len(send_all_out(lane, 5))
    busy = Lane(pace_of(Channel.WHATSAPP, None), 0.0)
    sent: list[float] = []
    for second in range(5):
        busy.hear(40, float(second))
        sent += send_all_out(busy, 1, float(second))
    assert len(sent) <= quiet - 150
    page = Lane(pace_of(Channel.MESSENGER, None), 0.0)
    page.hear(1000, 0.0)
    assert page.budget(0.0, 5) == 5


def test_who_takes_over_goes_on_where_the_other_stopped() -> None:
    first = Lane(pace_of(Channel.WHATSAPP, None), 0.0)
    sent = send_all_out(first, 3)
    heir = Lane(pace_of(Channel.WHATSAPP, None), 3.0)
    heir.recall([("somebody", at) for at in sent], 3.0)
    sent += send_all_out(heir, 3, 3.0)
    assert most_within(sent, 1.0) <= 80


def test_a_customer_is_remembered_across_a_take_over() -> None:
    heir = Lane(pace_of(Channel.WHATSAPP, None), 500.0)
    heir.recall([("sara", 480.0 + place / 10) for place in range(45)], 500.0)
    assert heir.admit("sara", 500.0) == 0, "three came back since"
    assert [heir.admit("sara", 500.0) == 0 for _ in range(3)] == [True, True, False]
    heir.recall([("sara", 500.0 - MEMORY_SECONDS - 1)] * 45, 500.0)
    assert heir.admit("sara", 500.0) == 0


def test_an_upgrade_takes_effect_at_once() -> None:
    pacer = Pacer()
    before = pacer.lane("number", pace_of(Channel.WHATSAPP, 20), 0.0)
    assert pacer.lane("number", pace_of(Channel.WHATSAPP, 20), 1.0) is before
    assert pacer.lane("number", pace_of(Channel.WHATSAPP, 1000), 1.0) is not before


def test_the_next_moment_worth_a_look_is_known() -> None:
    pacer = Pacer()
    lane = pacer.lane("number", pace_of(Channel.WHATSAPP, None), 0.0)
    assert pacer.soonest(["unknown"], 0.0) is None
    assert pacer.soonest(["number", "unknown"], 0.0) == 0, "by now"
    while lane.budget(0.0, 64):
        lane.admit("somebody", 0.0)
    wait = pacer.soonest(["number"], 0.0)
    assert wait is not None
    assert 0 < wait < 0.1
    assert lane.budget(wait, 64) > 0


def test_nothing_is_held_back_where_the_organisation_says_so() -> None:
    lane = Lane(pace_of(Channel.WHATSAPP, 0), 0.0)
    assert lane.budget(0.0, 500) == 500
    assert all(lane.admit("sara", 0.0) == 0 for _ in range(500))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, 5)), max_size=300))
def test_no_pattern_of_asking_gets_more(asked: list[tuple[float, int]]) -> None:
    lane, now = Lane(Pace(40.0, None, True), 0.0), 0.0
    sent: list[float] = []
    of: dict[int, list[float]] = defaultdict(list)
    for pause, person in asked:
        now += pause / 100
        for _ in range(lane.budget(now, 10)):
            if lane.admit(str(person), now) == 0:
                sent.append(now)
                of[person].append(now)
    assert most_within(sent, 1.0) <= 40
    assert all(most_within(times, 6.0) <= 46 for times in of.values())


@pytest.mark.parametrize("per_second", [20, 80, 1000])
def test_what_was_held_up_together_leaves_one_by_one(per_second: int) -> None:
    lane, now, sent = Lane(Pace(float(per_second)), 0.0), 5.0, []
    assert lane.wire is not None
    for _ in range(3 * per_second):
        now += lane.wire.wait(now)
        lane.wire.take(now)
        sent.append(now)
    assert most_within(sent, 1.0) <= per_second


def test_a_bucket_never_holds_more_than_it_can() -> None:
    bucket = Bucket(5, 1, 0.0)
    assert bucket.has(1000.0) == 5
    bucket.take(1000.0, 5)
    assert bucket.wait(1000.0) == pytest.approx(1)
    assert bucket.has(999.0) == 0, "a clock never goes back here"
