"""How much Meta takes at once (facts §5.2, §6): per number, page or account, and per pair on WhatsApp."""

import time
from collections.abc import Callable

import msgspec

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.world import World

PER_SECOND = {"whatsapp": 80, "messenger": 300, "instagram": 100}
# Audio and video on Messenger and Instagram.
HEAVY_PER_SECOND = 10
PAIR_BURST = 45
PAIR_SECONDS = 6.0
# What a second's worth may be late by: the wire is not the sender's clock.
SLACK = 1.1


class Bucket(msgspec.Struct):
    left: float
    at: float

    def take(self, most: float, per_second: float, now: float) -> bool:
        self.left = min(most, self.left + (now - self.at) * per_second)
        self.at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


class Rates:
    def __init__(self, world: World, now: Callable[[], float] = time.monotonic) -> None:
        self._world = world
        self._now = now
        self._numbers: dict[tuple[str, bool], Bucket] = {}
        self._pairs: dict[tuple[str, str], Bucket] = {}

    def check(self, inbox: SimulatedInbox, customer: str, *, heavy: bool) -> None:
        """Raises the refusal Meta would answer with."""
        now, wanted = self._now(), self._world.switches.throughput
        heavy = heavy and inbox.channel != "whatsapp"
        most = PER_SECOND[inbox.channel] if wanted is None else wanted
        if most and not self._bucket(inbox.id, most, heavy=False, now=now).take(most * SLACK, most, now):
            raise refusals.throttled(inbox.channel, 0)
        if wanted is None and heavy:
            bucket = self._bucket(inbox.id, HEAVY_PER_SECOND, heavy=True, now=now)
            if not bucket.take(HEAVY_PER_SECOND * SLACK, HEAVY_PER_SECOND, now):
                raise refusals.throttled(inbox.channel, 0)
        if inbox.channel == "whatsapp" and self._world.switches.pair_limit:
            pair = self._pairs.setdefault((inbox.id, customer), Bucket(PAIR_BURST, now))
            if not pair.take(PAIR_BURST, 1 / PAIR_SECONDS, now):
                raise refusals.throttled("whatsapp", 131056)

    def _bucket(self, inbox: str, most: float, *, heavy: bool, now: float) -> Bucket:
        return self._numbers.setdefault((inbox, heavy), Bucket(most * SLACK, now))
