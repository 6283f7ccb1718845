"""Sends scripted customers in at a rate of new conversations per minute."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any

from server.simulator import cast
from server.simulator.receipts import Receipts
from server.simulator.scripts import scenarios
from server.simulator.scripts.player import Player
from server.simulator.scripts.scenarios import Scenario
from server.simulator.speaking import Speaking, newcomer
from server.simulator.starters import Starters
from server.simulator.threads import Thread
from server.simulator.world import World

KEPT_THREADS = 2000
AT_ONCE = 1000


class Director:
    def __init__(self, world: World, speaking: Speaking, receipts: Receipts, starters: Starters) -> None:
        self.rate = world.config.rate
        self.started = 0
        self.playing = 0
        self._world = world
        self._starters = starters
        self._cast = cast.load()
        self._book = scenarios.load()
        self._player = Player(world, speaking, receipts, self._book)
        self._over: deque[Thread] = deque()
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def set_rate(self, rate: float) -> None:
        self.rate = rate
        self._bell.set()

    def start(self) -> None:
        self._run(self._arrivals())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send_in(self, scenario: Scenario | None = None) -> Thread | None:
        """A new customer with a wish; None when no inbox serves any scripted sector."""
        dice = self._world.dice.random
        sectors = {inbox.sector for inbox in self._world.inboxes.values()}
        fitting = [each for each in self._book.scenarios if each.sector in sectors]
        if not fitting:
            return None
        chosen = scenario or dice.choices(fitting, [each.weight for each in fitting])[0]
        inboxes = [inbox for inbox in self._world.inboxes.values() if inbox.sector == chosen.sector]
        weights = [3 if inbox.channel == "whatsapp" else 1 for inbox in inboxes]
        inbox = dice.choices(inboxes, weights)[0]
        self.started += 1
        guest = newcomer(self._world, cast.passer_by(self._cast, self._world.dice, chosen.language, self.started))
        thread = self._world.thread(guest, inbox)
        self._run(self._play(thread, chosen))
        return thread

    async def _play(self, thread: Thread, scenario: Scenario) -> None:
        self.playing += 1
        try:
            if scenario.entrance:
                self._starters.start(thread, scenario.entrance)
            await self._player.play(thread, scenario)
        finally:
            self.playing -= 1
            self._over.append(thread)
            if len(self._over) > KEPT_THREADS:
                self._world.forget(self._over.popleft())

    async def _arrivals(self) -> None:
        """Independent arrivals: the gaps are exponential, so people sometimes come together."""
        while True:
            self._bell.clear()
            gap = self._world.dice.random.expovariate(self.rate / 60) if self.rate > 0 else None
            try:
                await asyncio.wait_for(self._bell.wait(), gap)
            except TimeoutError:
                if self.playing < AT_ONCE:
                    self.send_in()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
