"""What was called and taken, for checkers who look from outside."""

import time
from collections import Counter, deque
from collections.abc import Callable


class Tally:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._calls: Counter[str] = Counter()
        self._accepted: Counter[str] = Counter()
        self._refused: dict[str, Counter[str]] = {}
        self._local_ids: Counter[str] = Counter()
        self._recent: dict[str, deque[float]] = {}
        self._peaks: Counter[str] = Counter()

    def called(self, inbox: str) -> None:
        now = self._now()
        self._calls[inbox] += 1
        recent = self._recent.setdefault(inbox, deque())
        recent.append(now)
        while now - recent[0] >= 1.0:
            recent.popleft()
        self._peaks[inbox] = max(self._peaks[inbox], len(recent))

    def accepted(self, inbox: str, local_id: str | None) -> None:
        self._accepted[inbox] += 1
        if local_id is not None:
            self._local_ids[local_id] += 1

    def refused(self, inbox: str, code: int) -> None:
        self._refused.setdefault(inbox, Counter())[str(code)] += 1

    def view(self) -> dict[str, object]:
        """`peak_per_second` counts calls within any one second; `doubled` are local ids accepted more than once."""
        return {
            "inboxes": {
                inbox: {
                    "calls": count,
                    "accepted": self._accepted[inbox],
                    "refused": dict(self._refused.get(inbox, {})),
                    "peak_per_second": self._peaks[inbox],
                }
                for inbox, count in self._calls.items()
            },
            "doubled": sorted(local_id for local_id, count in self._local_ids.items() if count > 1),
        }
