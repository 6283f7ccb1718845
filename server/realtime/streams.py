"""How far each stream was shown here, so that a late word from another process leaves no hole."""

from collections import OrderedDict
from collections.abc import Iterable

from server.store.feed import Committed, Gap

# A client that was shown version 6 ignores version 5: what came first must be shown first.
_REMEMBERED = 20_000
_LOOK_BACK = 20


class Streams:
    def __init__(self) -> None:
        self._shown: OrderedDict[str, int] = OrderedDict()

    def gaps(self, batch: Iterable[Committed]) -> list[Gap]:
        """The versions before these events that may not have been shown yet."""
        first: dict[str, int] = {}
        for each in batch:
            first[each.stream] = min(each.version, first.get(each.stream, each.version))
        found = []
        for stream, version in first.items():
            shown = self._shown.get(stream, max(0, version - _LOOK_BACK))
            if shown < version - 1:
                found.append(Gap(stream, shown, version))
        return found

    def note(self, stream: str, version: int) -> None:
        self._shown[stream] = max(version, self._shown.get(stream, 0))
        self._shown.move_to_end(stream)
        while len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)
