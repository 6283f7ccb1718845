"""How fast an inbox may send, so that Meta has nothing to refuse. Facts §5.2, §6.

Pure: times are seconds of any steady clock, given by the caller. Exact as long as one worker sends for an inbox; who
takes over recalls what was sent just before.
"""

from collections.abc import Iterable

import msgspec

from server.domain.model import Channel

# Messages a second. WhatsApp's number is Meta's default; coexistence has 20, an upgraded number 1,000 (`throughput`).
PER_SECOND = {Channel.WHATSAPP: 80.0, Channel.MESSENGER: 300.0, Channel.INSTAGRAM: 100.0}
# Of them audio and video on a Page or account.
HEAVY_PER_SECOND = 10.0
# To one customer on WhatsApp: a burst, then one each six seconds.
PAIR_BURST = 45
PAIR_SECONDS = 6.0
# Nothing sent longer ago than this still counts.
MEMORY_SECONDS = PAIR_BURST * PAIR_SECONDS
# Of the number's pace, what may be claimed at one moment and what flows in: together never the pace within any second.
_BURST_SHARE = 0.04
_STEADY_SHARE = 0.92
# At the wire the calls leave one by one, also after something had held them up; the rest is for the way to Meta, on
# which calls that left apart may meet.
_WIRE_BURST_SHARE = 0.01
_WIRE_SHARE = 0.95
_PRUNED_AT = 10_000


class Bucket:
    """Fills steadily up to `capacity`; each send takes one. May owe, when something was sent without asking."""

    __slots__ = ("at", "capacity", "rate", "tokens")

    def __init__(self, capacity: float, rate: float, at: float) -> None:
        self.capacity, self.rate = capacity, rate
        self.tokens, self.at = capacity, at

    def has(self, now: float) -> float:
        if now > self.at:
            self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.rate)
            self.at = now
        return self.tokens

    def take(self, now: float, count: float = 1) -> None:
        self.has(now)
        self.tokens -= count

    def wait(self, now: float, count: float = 1) -> float:
        """Seconds until so many are there; 0 when they are."""
        missing = min(count, self.capacity) - self.has(now)
        # What is short by a rounding is there.
        return missing / self.rate if missing > 1e-9 else 0.0


class Pace(msgspec.Struct, frozen=True):
    """What one inbox is held to; None where nothing is."""

    number: float | None
    heavy: float | None = None
    pairs: bool = False


def pace_of(channel: Channel, throughput: int | None) -> Pace:
    """`throughput` is the organisation's own word about the inbox; 0 means that nothing is held back."""
    if throughput == 0:
        return Pace(None)
    pairs = channel is Channel.WHATSAPP
    return Pace(throughput or PER_SECOND[channel], None if pairs else HEAVY_PER_SECOND, pairs)


class Lane:
    """One inbox's buckets."""

    def __init__(self, pace: Pace, now: float) -> None:
        self.pace = pace
        self._number = _steady(pace.number, now) if pace.number else None
        self._heavy = _steady(pace.heavy, now) if pace.heavy else None
        # Asked just before each call, where what was claimed apart may stand together.
        self.wire = _wire(pace.number, now) if pace.number else None
        self._pairs: dict[str, Bucket] = {}

    def budget(self, now: float, most: int) -> int:
        """How many may go now. When it ran dry, not before a few can go together."""
        if self._number is None:
            return most
        tokens = self._number.has(now)
        return min(most, int(tokens + 1e-9)) if tokens >= self._worth_a_look else 0

    def admit(self, recipient: str, now: float, *, heavy: bool = False) -> float:
        """0: it goes and is counted. Else the seconds that this customer's, or this kind's, next one has to wait."""
        pair = self._pair(recipient, now) if self.pace.pairs else None
        wait = pair.wait(now) if pair else 0.0
        if heavy and self._heavy:
            wait = max(wait, self._heavy.wait(now))
        if wait > 0:
            return wait
        for bucket in (self._number, pair, self._heavy if heavy else None):
            if bucket:
                bucket.take(now)
        return 0.0

    def hear(self, count: int, now: float) -> None:
        """Messages that came in: on WhatsApp both directions share the number's pace."""
        if self._number and self.pace.pairs:
            self._number.take(now, min(count, self._number.capacity + self._number.rate))

    def recall(self, sent: Iterable[tuple[str, float]], now: float) -> None:
        """Begins anew with what others sent: (recipient, when), the oldest first."""
        fresh = Lane(self.pace, now - MEMORY_SECONDS)
        for recipient, at in sent:
            at = max(at, now - MEMORY_SECONDS)
            if fresh._number:
                fresh._number.take(at)
            if fresh.pace.pairs:
                fresh._pair(recipient, at).take(at)
        self._number, self._heavy, self._pairs = fresh._number, fresh._heavy, fresh._pairs

    def wait(self, now: float) -> float:
        """Seconds until there is a budget again."""
        return self._number.wait(now, self._worth_a_look) if self._number else 0.0

    @property
    def _worth_a_look(self) -> float:
        return max(self._number.capacity / 2, 1.0) if self._number else 0.0

    def _pair(self, recipient: str, now: float) -> Bucket:
        if (bucket := self._pairs.get(recipient)) is None:
            if len(self._pairs) >= _PRUNED_AT:
                self._pairs = {name: each for name, each in self._pairs.items() if each.has(now) < each.capacity}
            bucket = self._pairs[recipient] = Bucket(PAIR_BURST, 1 / PAIR_SECONDS, now)
        return bucket


class Pacer:
    """The lanes of the inboxes one worker sends for."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}

    def lane(self, inbox_id: str, pace: Pace, now: float) -> Lane:
        """A change of pace begins a new lane."""
        lane = self._lanes.get(inbox_id)
        if lane is None or lane.pace != pace:
            lane = self._lanes[inbox_id] = Lane(pace, now)
        return lane

    def soonest(self, inbox_ids: Iterable[str], now: float) -> float | None:
        """Seconds until the first of these may send again, 0 when one may by now; None for none."""
        return min((self._lanes[each].wait(now) for each in inbox_ids if each in self._lanes), default=None)


def _wire(per_second: float, now: float) -> Bucket:
    return Bucket(max(1.0, per_second * _WIRE_BURST_SHARE), per_second * _WIRE_SHARE, now)


def _steady(per_second: float, now: float) -> Bucket:
    capacity = max(1.0, per_second * _BURST_SHARE)
    return Bucket(capacity, per_second * _STEADY_SHARE, now)
