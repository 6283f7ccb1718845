"""Remembers what was worked out from an immutable value.

By identity, because structs that hold dicts have no hash and a hash of the others would cost more than the rule.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

S = TypeVar("S")
C = TypeVar("C")

# An organisation has far fewer entities; older versions of it are forgotten all at once.
_MOST = 1024


class Compiled(Generic[S, C]):
    def __init__(self, work_out: Callable[[S], C]) -> None:
        self._work_out = work_out
        # The source is kept too: while it lives, no other value can have its id.
        self._known: dict[int, tuple[S, C]] = {}

    def __call__(self, source: S) -> C:
        found = self._known.get(id(source))
        if found is not None:
            return found[1]
        if len(self._known) >= _MOST:
            self._known.clear()
        result = self._work_out(source)
        self._known[id(source)] = (source, result)
        return result
