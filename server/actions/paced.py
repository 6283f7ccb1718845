"""Keeps the pace of the inboxes one worker sends for, so that Meta has nothing to refuse."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from server.actions.unit import Services
from server.domain import pacing
from server.domain.delivery import is_heavy
from server.domain.pacing import Lane, Pacer
from server.store import outbox
from server.store.outbox import Claimed
from server.store.pool import Connection

_NOTHING_YET = 2**62


class Paced:
    """The pure buckets of `domain.pacing` on this loop's clock, told of what others sent and of what came in."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pacer = Pacer()
        self._heard_until: int | None = None
        self._gates: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._budgets: dict[str, int] = {}
        # Where the pace, not a lack of work, ended the last claim: more may be due.
        self._short: set[str] = set()

    async def tend(self, connection: Connection, inbox_ids: Collection[str], fresh: Sequence[str]) -> None:
        """`fresh`: just taken over. What the sender before us sent counts still."""
        if fresh:
            sent = await outbox.recent(connection, fresh, pacing.MEMORY_SECONDS)
            now = _now()
            for inbox_id in fresh:
                if lane := self._lane(inbox_id, now):
                    lane.recall(((recipient, now - ago) for recipient, ago in sent[inbox_id]), now)
        # On WhatsApp what comes in takes from the same number's pace.
        first, now = self._heard_until is None, _now()
        self._heard_until, counts = await outbox.inbound_since(connection, self._heard_until or _NOTHING_YET)
        for inbox_id, count in counts.items():
            if not first and count and inbox_id in inbox_ids and (lane := self._lane(inbox_id, now)):
                lane.hear(count, now)

    def lanes(self, epochs: Mapping[str, int], free: int) -> dict[str, tuple[int, int]]:
        """Of these inboxes those that may send now, each with its epoch and how many."""
        now, lanes = _now(), {}
        self._budgets, self._short = {}, set()
        for inbox_id, epoch in epochs.items():
            lane = self._lane(inbox_id, now)
            budget = lane.budget(now, free) if lane else 0
            if budget > 0:
                lanes[inbox_id] = (epoch, budget)
            if lane and budget < free:
                self._budgets[inbox_id] = budget
                if not budget:
                    self._short.add(inbox_id)
        return lanes

    def admit(self, rows: Sequence[Claimed]) -> tuple[list[Claimed], list[tuple[Claimed, float]]]:
        """Who may go, and who waits for their own customer's pace, with the seconds."""
        now = _now()
        found = Counter(each.inbox_id for each in rows)
        self._short |= {inbox_id for inbox_id, budget in self._budgets.items() if found[inbox_id] >= budget}
        going: list[Claimed] = []
        held: list[tuple[Claimed, float]] = []
        for each in rows:
            lane = self._lane(each.inbox_id, now)
            wait = lane.admit(each.recipient.value, now, heavy=is_heavy(each.payload)) if lane else 0.0
            if wait > 0:
                held.append((each, wait))
            else:
                going.append(each)
        return going, held

    async def turn(self, inbox_id: str) -> None:
        """Waits its turn just before a call: what something held up together does not leave together."""
        lane = self._lane(inbox_id, _now())
        if lane is None or lane.wire is None:
            return
        async with self._gates[inbox_id]:
            while (wait := lane.wire.wait(_now())) > 0:  # noqa: ASYNC110 - only time fills it
                await asyncio.sleep(wait)
            lane.wire.take(_now())

    def soonest(self, inbox_ids: Iterable[str]) -> float | None:
        """Seconds until one of these that used up its pace may send again; None when none has."""
        return self._pacer.soonest(self._short.intersection(inbox_ids), _now())

    def _lane(self, inbox_id: str, now: float) -> Lane | None:
        inbox = self._services.organisation().inboxes.get(inbox_id)
        return self._pacer.lane(inbox_id, pacing.pace_of(inbox.channel, inbox.throughput), now) if inbox else None


def _now() -> float:
    return asyncio.get_running_loop().time()
