"""Plays one scripted customer: writes, waits for the business, reads, thinks, presses or answers, leaves."""

import asyncio
from contextlib import suppress

from server.simulator.receipts import Receipts
from server.simulator.scripts.scenarios import Book, Scenario, Step
from server.simulator.speaking import Speaking
from server.simulator.threads import Line, Option, Thread
from server.simulator.world import World

# At a human pace: how long somebody waits for a first word, before a nudge, and after it.
PATIENCE_SECONDS = 180.0
SETTLED_SECONDS = 2.0
LETTERS_PER_SECOND = 9.0


class Player:
    def __init__(self, world: World, speaking: Speaking, receipts: Receipts, book: Book) -> None:
        self._world = world
        self._speaking = speaking
        self._receipts = receipts
        self._book = book

    async def play(self, thread: Thread, scenario: Scenario) -> None:
        for text in scenario.opening:
            await self._write(thread, text)
        for step in scenario.steps:
            if not await self._answered(thread, step.answers, scenario.nudge):
                return
            await self._read(thread)
            await self._take(thread, step)
        # The last answer is still read, if it comes.
        if await self._heard(thread, 1, PATIENCE_SECONDS):
            await self._read(thread)

    async def _take(self, thread: Thread, step: Step) -> None:
        asked = next((line for line in reversed(thread.from_business()) if line.options and not line.pressed), None)
        option = self._wanted(step, asked)
        if asked is not None and option is not None:
            await self._pause(0.8, 2.0)
            self._speaking.press(thread, asked, option)
        else:
            await self._write(thread, step.say)

    def _wanted(self, step: Step, asked: Line | None) -> Option | None:
        return self._book.wanted(step, [option for option in asked.options if not option.url]) if asked else None

    async def _answered(self, thread: Thread, answers: int, nudge: str) -> bool:
        if await self._heard(thread, answers, PATIENCE_SECONDS):
            return True
        if not nudge:
            return False
        await self._write(thread, nudge)
        return await self._heard(thread, 1, 2 * PATIENCE_SECONDS)

    async def _heard(self, thread: Thread, answers: int, seconds: float) -> bool:
        """Whether so many messages of the business followed the customer's last one, and then a little silence."""
        try:
            async with asyncio.timeout(max(seconds * self._world.config.pace, 1.0)):
                while _since_customer(thread) < answers:
                    await self._change(thread)
        except TimeoutError:
            return False
        count = -1
        while count != (count := _since_customer(thread)):
            await self._pause(SETTLED_SECONDS, SETTLED_SECONDS)
        return True

    async def _change(self, thread: Thread) -> None:
        thread.bell.clear()
        await thread.bell.wait()

    async def _read(self, thread: Thread) -> None:
        await self._pause(0.5, 3.0)
        # What is on its way is waited for, a little.
        with suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                while any(line.status in ("accepted", "sent") for line in thread.from_business()):
                    await self._change(thread)
        self._receipts.read(thread)

    async def _write(self, thread: Thread, text: str) -> None:
        seconds = 0.6 + len(text) / LETTERS_PER_SECOND
        await self._pause(0.7 * seconds, 1.3 * seconds)
        self._speaking.say(thread, text)

    async def _pause(self, least: float, most: float) -> None:
        await asyncio.sleep(self._world.dice.random.uniform(least, most) * self._world.config.pace)


def _since_customer(thread: Thread) -> int:
    count = 0
    for line in reversed(thread.lines):
        if line.author == "customer":
            break
        count += line.kind != "reaction"
    return count
