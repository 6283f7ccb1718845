"""What belongs together goes to one lane, in its order; the lanes are even."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.lanes import divide


def test_what_shares_a_mark_through_others_stays_together() -> None:
    assert divide([["sara"], ["omar"], ["sara", "US.1"], ["US.1"], ["omar"]], 2) == [[0, 2, 3], [1, 4]]


def test_strangers_are_spread_evenly() -> None:
    assert [len(lane) for lane in divide([[place] for place in range(100)], 2)] == [50, 50]


def test_one_group_needs_one_lane() -> None:
    assert divide([["sara"], ["sara"]], 2) == [[0, 1]]


def test_nothing_needs_none() -> None:
    assert divide([], 2) == []


@given(st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=3), max_size=40), st.integers(1, 4))
def test_no_mark_is_in_two_lanes_and_nothing_is_left_out_or_out_of_order(
    marks: list[frozenset[int]], lanes: int
) -> None:
    divided = divide(marks, lanes)
    assert sorted(place for lane in divided for place in lane) == list(range(len(marks)))
    assert all(lane == sorted(lane) for lane in divided)
    assert len(divided) <= lanes
    found = [{mark for place in lane for mark in marks[place]} for lane in divided]
    assert sum(map(len, found)) == len(set().union(*found))
