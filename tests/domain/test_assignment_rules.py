"""The order of a queue, and who is chosen for its head."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.assignment import Advisor, Candidate, choose, rank
from server.domain.model import Presence, Priority
from server.domain.organisation import Queue

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DESK = Queue(id="financial", sector="financial", names={"en": "Client desk"})
LAYLA, OMAR, SOPHIE = 1, 2, 3


def advisor(id: int, **fields: Any) -> Advisor:
    defaults = {"sectors": frozenset({"financial"}), "skills": frozenset({"arabic", "english"})}
    return Advisor(id=id, **defaults | fields)


def waiting(*skills: str, declined: tuple[int, ...] = ()) -> Candidate:
    return Candidate(conversation_id=7, sector_id="financial", skills=frozenset(skills), declined=frozenset(declined))


def ledger(candidate: Candidate, *advisors: Advisor) -> dict[int, str]:
    return {entry["advisor"]: entry["why"] for entry in choose(candidate, advisors).considered}


@pytest.mark.parametrize(
    ("candidate", "advisors", "expected"),
    [
        (waiting(), [advisor(LAYLA, load=2), advisor(OMAR, load=1)], {LAYLA: "busier", OMAR: "chosen"}),
        (waiting("arabic"), [advisor(LAYLA, skills=frozenset({"english"}))], {LAYLA: "lacks:arabic"}),
        (waiting(), [advisor(LAYLA, load=4), advisor(OMAR, load=5, capacity=4)], {LAYLA: "full", OMAR: "full"}),
        (waiting(), [advisor(LAYLA, capacity=0)], {LAYLA: "full"}),
        (waiting(declined=(LAYLA,)), [advisor(LAYLA), advisor(OMAR, load=3)], {LAYLA: "declined", OMAR: "chosen"}),
        (
            waiting(),
            [advisor(LAYLA, presence=Presence.AWAY), advisor(OMAR, presence=Presence.OFFLINE),
             advisor(SOPHIE, presence=Presence.WRAP_UP)],
            {LAYLA: "away", OMAR: "offline", SOPHIE: "wrap_up"},
        ),
        (
            waiting(),
            [advisor(LAYLA, idle_since=NOON), advisor(OMAR, idle_since=NOON - timedelta(minutes=5))],
            {LAYLA: "idle_less_long", OMAR: "chosen"},
        ),
        (waiting(), [advisor(LAYLA, idle_since=NOON), advisor(OMAR)], {LAYLA: "idle_less_long", OMAR: "chosen"}),
        # A person of another sector is not even named.
        (waiting(), [advisor(LAYLA, sectors=frozenset({"education"})), advisor(OMAR)], {OMAR: "chosen"}),
        (waiting(), [], {}),
    ],
)  # fmt: skip
def test_the_ledger_says_why(candidate: Candidate, advisors: list[Advisor], expected: dict[int, str]) -> None:
    assert ledger(candidate, *advisors) == expected


advisors = st.lists(
    st.builds(
        advisor,
        st.integers(1, 50),
        sectors=st.sampled_from(
            [frozenset({"financial"}), frozenset({"education"}), frozenset({"financial", "education"})]
        ),
        skills=st.frozensets(st.sampled_from(["arabic", "english", "portfolio"])),
        presence=st.sampled_from(Presence),
        capacity=st.integers(0, 4),
        load=st.integers(0, 5),
        idle_since=st.one_of(st.none(), st.integers(0, 9).map(lambda minutes: NOON - timedelta(minutes=minutes))),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)
candidates = st.builds(
    lambda skills, declined: Candidate(conversation_id=7, sector_id="financial", skills=skills, declined=declined),
    st.frozensets(st.sampled_from(["arabic", "english", "portfolio"]), max_size=2),
    st.frozensets(st.integers(1, 50), max_size=3),
)


@given(candidates, advisors)
def test_the_chosen_may_take_it_and_nobody_who_may_has_less(candidate: Candidate, people: list[Advisor]) -> None:
    choice = choose(candidate, people)
    able = [
        each
        for each in people
        if "financial" in each.sectors
        and candidate.skills <= each.skills
        and each.presence is Presence.ONLINE
        and each.load < each.capacity
        and each.id not in candidate.declined
    ]
    assert (choice.advisor in able) if able else choice.advisor is None
    if choice.advisor is not None:
        assert choice.advisor.load == min(each.load for each in able)
    whys = [entry["why"] for entry in choice.considered]
    assert whys.count("chosen") == bool(able)
    assert len(whys) == sum("financial" in each.sectors for each in people)
    assert choose(candidate, people[::-1]).advisor == choice.advisor


# Minutes after noon at which somebody entered, and how urgent it is.
entries = st.lists(st.tuples(st.integers(0, 180), st.sampled_from(Priority)), min_size=1, max_size=30)


def place(id: int, entered: int, priority: Priority) -> tuple[datetime, int]:
    return rank(NOON + timedelta(minutes=entered), priority, DESK), id


@given(entries)
def test_the_order_is_that_of_waited_time_plus_head_start_at_every_moment(
    people: list[tuple[int, Priority]],
) -> None:
    """The stored rank never changes, yet at any moment it sorts as priority with ageing would."""
    stored = sorted(range(len(people)), key=lambda id: place(id, *people[id]))
    for now in (180, 200, 10_000):
        aged = sorted(
            range(len(people)),
            key=lambda id: (-((now - people[id][0]) * 60 + DESK.head_start_seconds[people[id][1]]), id),
        )
        assert stored == aged


@given(entries, st.integers(0, 180), st.sampled_from(Priority))
def test_nothing_starves(newer: list[tuple[int, Priority]], entered: int, priority: Priority) -> None:
    """Whoever comes more than the largest head start later is always behind, however urgent."""
    mine = place(0, entered, priority)
    most = max(DESK.head_start_seconds.values()) // 60
    for id, (later, urgency) in enumerate(newer, 1):
        assert mine < place(id, entered + most + 1 + later, urgency)


@given(entries, st.data())
def test_a_requeued_conversation_keeps_its_place(people: list[tuple[int, Priority]], data: st.DataObject) -> None:
    queue = sorted(place(id, *each) for id, each in enumerate(people))
    taken = data.draw(st.sampled_from(queue))
    without = [each for each in queue if each != taken]
    back = place(taken[1], *people[taken[1]])
    assert sorted([*without, back]) == queue


@given(st.integers(0, 180), st.sampled_from(Priority))
def test_of_the_same_age_the_more_urgent_is_first(entered: int, priority: Priority) -> None:
    more_urgent = list(Priority)[: list(Priority).index(priority)]
    assert all(place(9, entered, other) < place(1, entered, priority) for other in more_urgent)
