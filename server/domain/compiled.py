"""Remembers what was worked out from immutable values.

By identity, because structs that hold dicts have no hash and a hash of the others would cost more than the rule.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

S = TypeVar("S")
C = TypeVar("C")


class Compiled(Generic[S, C]):
    """Keeps at most so many; then it forgets all at once, with them those of older organisations."""

    def __init__(self, work_out: Callable[[S], C], *, most: int = 1024) -> None:
        self._work_out, self._most = work_out, most
        # The source is kept too: while it lives, no other value can have its id.
        self._known: dict[int, tuple[S, C]] = {}

    def __call__(self, source: S) -> C:
        found = self._known.get(id(source))
        if found is not None:
            return found[1]
        if len(self._known) >= self._most:
            self._known.clear()
        result = self._work_out(source)
        self._known[id(source)] = (source, result)
        return result
