"""The parts of a simulator, put together."""

import asyncio
from contextlib import AsyncExitStack
from typing import Self

from server.simulator import cast
from server.simulator.accounts.telling import Accounts
from server.simulator.acts import Acts
from server.simulator.business import BusinessPerson
from server.simulator.config import SimulatorConfig
from server.simulator.graph.routes import Graph
from server.simulator.graph.templates.reviews import Reviews
from server.simulator.kinds.telling import Telling
from server.simulator.memory import Memory
from server.simulator.receipts import Receipts
from server.simulator.scripts.director import Director
from server.simulator.speaking import Speaking
from server.simulator.starters import Starters
from server.simulator.world import World


class Simulator:
    def __init__(self, config: SimulatorConfig) -> None:
        self.world = World(config)
        for person in cast.load().people:
            self.world.customers.add(person)
        self.receipts = Receipts(self.world)
        self.speaking = Speaking(self.world, self.receipts)
        self.starters = Starters(self.speaking, config.ads)
        self.director = Director(self.world, self.speaking, self.receipts, self.starters)
        self.graph = Graph(self.world, self.receipts)
        self.reviews = Reviews(self.world)
        self.accounts = Accounts(self.world)
        self.acts = Acts(
            self.world,
            speaking=self.speaking,
            telling=Telling(self.world),
            business=BusinessPerson(self.world),
            receipts=self.receipts,
            starters=self.starters,
            director=self.director,
        )
        self._memory = Memory(self.world, config.memory)
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._running.callback(self.world.log.close)
        self._memory.recall()
        self._running.callback(self._memory.write)
        keeping = asyncio.create_task(self._memory.keep())
        self._running.callback(keeping.cancel)
        await self._running.enter_async_context(self.world.sender)
        self._running.push_async_callback(self.receipts.stop)
        self._running.push_async_callback(self.reviews.stop)
        self._running.push_async_callback(self.director.stop)
        self.director.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.world.feed.close()
        await self._running.aclose()
