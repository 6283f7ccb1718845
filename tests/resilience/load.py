"""Customers and advisors who go on whatever breaks: they write in bursts, accept, answer, and insist until heard."""

import asyncio
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg
import msgspec
import socketio.exceptions
from live_server import Console
from resilience.people import console
from resilience.stand import Meta

from server.domain.errors import MajlisError
from server.store.pool import AWAY

_BROKEN = (*AWAY, aiohttp.ClientError, socketio.exceptions.SocketIOError, asyncpg.PostgresError, MajlisError)

_WORDS = ("hello", "مرحبا", "hours?", "and the menu", "a person please")
# A conversation, an offer or a reply as the API tells it.
Told = dict[str, Any]


async def write_in_bursts(meta: Meta, inboxes: list[str], each: int, dice: random.Random, stop: asyncio.Event) -> None:
    """So many people on every inbox, each writing numbered lines, several within one second."""
    people = [(f"burst-{inbox}-{number}", inbox) for inbox in inboxes for number in range(each)]
    for person, _ in people:
        await meta.customer(person, language=dice.choice(["en", "ar"]), hides_phone=dice.random() < 0.3)
    written = 0
    while not stop.is_set():
        person, inbox = dice.choice(people)
        for _ in range(dice.randint(1, 4)):
            written += 1
            await meta.say(person, inbox, f"Line {written}: {dice.choice(_WORDS)}")
            await asyncio.sleep(dice.uniform(0, 0.08))
        await asyncio.sleep(dice.uniform(0.05, 0.3))


class Command(msgspec.Struct):
    """A reply somebody typed. `message_ids`: what the answers to it and to its repeats said."""

    text: str
    refused: int | None = None
    message_ids: list[int] = []


class Advisor:
    """Takes offers, answers whoever waits, sometimes resolves; repeats a command until an answer came back."""

    def __init__(self, email: str, dsn: str, url: str, dice: random.Random) -> None:
        self.commands: list[Command] = []
        self.accepted = 0
        self.connections = 0
        self._email = email
        self._dsn = dsn
        self._url = url
        self._dice = dice

    async def work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with console(self._dsn, self._url, self._email) as desk:
                    await self._sit(desk, stop)
            except (*_BROKEN, AssertionError):
                await asyncio.sleep(0.3)

    async def _sit(self, desk: Console, stop: asyncio.Event) -> None:
        # Also before the first connection: nothing has ended yet, but nothing has begun either.
        desk.ended.set()
        while not stop.is_set():
            try:
                if desk.ended.is_set():
                    # While nobody answers, this fails before a socket is made.
                    await self._ask(desk, "GET", "/api/me")
                    await self._ask(desk, "POST", "/api/me/presence", {"presence": "online"})
                    # A new one: the library takes long to put away a connection that broke.
                    desk = _like(desk)
                    await _connect(desk)
                    self.connections += 1
                await self._look(desk, stop)
            except _BROKEN:
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.25)

    async def _look(self, desk: Console, stop: asyncio.Event) -> None:
        status, inbox = await self._ask(desk, "GET", "/api/inbox")
        if status != 200:
            return
        for offer in inbox["offers"]:
            status, _ = await self._insist(desk, f"/api/offers/{offer['id']}/accept", {}, stop)
            self.accepted += status == 200
        for conversation in inbox["conversations"]:
            if conversation["waiting_since"] is not None:
                await self._reply(desk, conversation, stop)
            elif self._dice.random() < 0.3:
                await self._insist(desk, f"/api/conversations/{conversation['id']}/resolve", {}, stop)

    async def _reply(self, desk: Console, conversation: Told, stop: asyncio.Event) -> None:
        command = Command(f"An advisor's answer {uuid4()}")
        self.commands.append(command)
        body = {"command_id": str(uuid4()), "text": command.text, "based_on_version": conversation["version"]}
        # One in three is pressed twice.
        for _ in range(self._dice.choice([1, 1, 2])):
            path = f"/api/conversations/{conversation['id']}/replies"
            status, answer = await self._insist(desk, path, body, stop)
            if status == 201:
                command.message_ids.append(answer["message"]["id"])
            else:
                command.refused = status

    async def _insist(self, desk: Console, path: str, body: dict[str, object], stop: asyncio.Event) -> tuple[int, Told]:
        """Until an answer came that is not "later", as a console does with what it still has to send."""
        body = {"command_id": str(uuid4()), **body}
        while not stop.is_set():
            try:
                status, answer = await self._ask(desk, "POST", path, body)
            except _BROKEN:
                status, answer = 0, {}
            if status and status != 503:
                return status, answer
            await asyncio.sleep(0.2)
        return 0, {}

    async def _ask(self, desk: Console, method: str, path: str, body: object = None) -> tuple[int, Told]:
        headers = {**desk.cookie, "Origin": desk.url, "X-CSRF-Token": desk.csrf, "Accept": "application/json"}
        timeout = aiohttp.ClientTimeout(total=10)
        async with desk.http.request(method, path, json=body, headers=headers, timeout=timeout) as response:
            text = await response.read()
            return response.status, msgspec.json.decode(text) if text else {}


def _like(desk: Console) -> Console:
    fresh = Console(desk.url, desk.http, desk.token)
    fresh.csrf = desk.csrf
    fresh.ended.set()
    return fresh


async def _connect(desk: Console) -> None:
    try:
        await desk.connect()
    except BaseException:
        desk.ended.set()
        raise


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    for _ in range(int(seconds * 20)):
        if condition():
            return True
        await asyncio.sleep(0.05)
    return condition()
