"""Divides work among lanes that go on side by side: what shares a mark, if only through others, stays together."""

from collections.abc import Collection, Hashable, Sequence


def divide(marks: Sequence[Collection[Hashable]], lanes: int) -> list[list[int]]:
    """The places of the things whose marks these are, in their order, in at most so many lanes of even length."""
    above = list(range(len(marks)))
    first: dict[Hashable, int] = {}

    def head(place: int) -> int:
        while above[place] != place:
            above[place] = place = above[above[place]]
        return place

    for place, each in enumerate(marks):
        for mark in each:
            above[head(place)] = head(first.setdefault(mark, place))
    together: dict[int, list[int]] = {}
    for place in range(len(marks)):
        together.setdefault(head(place), []).append(place)
    divided: list[list[int]] = [[] for _ in range(lanes)]
    for group in sorted(together.values(), key=len, reverse=True):
        min(divided, key=len).extend(group)
    return [sorted(lane) for lane in divided if lane]
