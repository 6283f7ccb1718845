"""Items that wait to be told, each thread's in its order."""

from collections.abc import Iterable
from itertools import islice

from server.simulator.webhooks.items import Item

LOOKED_AT = 2000


class Waiting:
    def __init__(self) -> None:
        self._items: dict[int, Item] = {}
        self._numbers = 0
        # Threads of which something is on its way.
        self._busy: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: Item) -> None:
        self._numbers += 1
        self._items[self._numbers] = item

    def take(self, most: int) -> list[Item]:
        """The oldest items that may travel together and wait for nobody."""
        chosen: dict[int, Item] = {}
        passed: set[tuple[str, str]] = set()
        for number, item in islice(self._items.items(), LOOKED_AT):
            first = next(iter(chosen.values()), item)
            fits = (item.object, item.inbox.app) == (first.object, first.inbox.app)
            if fits and (item.loose or (item.thread not in self._busy and item.thread not in passed)):
                chosen[number] = item
            elif not item.loose:
                passed.add(item.thread)
            if len(chosen) == most:
                break
        for number, item in chosen.items():
            del self._items[number]
            if not item.loose:
                self._busy.add(item.thread)
        return list(chosen.values())

    def release(self, items: Iterable[Item]) -> None:
        """Their end: what waited behind them may go."""
        self._busy -= {item.thread for item in items if not item.loose}
