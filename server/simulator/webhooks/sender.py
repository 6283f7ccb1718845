"""Delivers webhook items as Meta does: signed, batched, at least once, retried until 200.

Items of one thread keep their order – a batch with an earlier item is answered before a later one leaves – unless
`disorder` asks otherwise. Different threads go in parallel, in bounded number.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

import aiohttp
import msgspec

from server.channels.signature import sign
from server.simulator.config import SimulatorConfig
from server.simulator.log import Log
from server.simulator.switches import Dice, Switches
from server.simulator.webhooks.audience import Audience
from server.simulator.webhooks.items import Item, envelope, serialise
from server.simulator.webhooks.waiting import Waiting

FIRST_PAUSE_SECONDS = 0.2


class Post(msgspec.Struct, kw_only=True, eq=False):
    number: int
    body: bytes
    app: str
    items: list[Item] = []
    repeat: bool = False


class Sender:
    def __init__(
        self, config: SimulatorConfig, switches: Callable[[], Switches], audience: Audience, dice: Dice, log: Log
    ) -> None:
        self.acknowledged = 0
        self._config = config
        self._switches = switches
        self._audience = audience
        self._dice = dice
        self._log = log
        self._waiting = Waiting()
        self._ready: deque[Post] = deque()
        self._numbers = 0
        self._in_flight = 0
        self._held = 0
        self._bell = asyncio.Event()
        self._quiet = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=10)
        session = aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "facebookexternalua"})
        self._session = await self._resources.enter_async_context(session)
        self._run(self._cut_and_send())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._resources.aclose()

    @property
    def outstanding(self) -> int:
        """Items and repeats that have not been answered with 200 yet."""
        return len(self._waiting) + len(self._ready) + self._in_flight + self._held

    async def drained(self, timeout: float) -> bool:
        """Whether everything told so far was acknowledged within the time."""
        try:
            async with asyncio.timeout(timeout):
                while self.outstanding:
                    self._quiet.clear()
                    await self._quiet.wait()
        except TimeoutError:
            return False
        return True

    def put(self, *items: Item) -> None:
        for item in items:
            if (reason := self._audience.deaf(item)) is not None:
                self._log.write("item_dropped", key=item.key, inbox=item.inbox.id, reason=reason)
                continue
            self._log.write("item_queued", key=item.key, kind=item.kind, inbox=item.inbox.id, customer=item.customer)
            if self._dice.falls(self._switches().disorder):
                item.loose = True
                self._later(self._dice.random.uniform(0.2, 1.5), item)
            else:
                self._add(item)

    def put_raw(self, body: object, app: str) -> None:
        """A body as it is, signed: for what the simulator itself would never say."""
        self._ready.append(Post(number=self._number(), body=serialise(body), app=app))
        self._bell.set()

    async def handshake(self) -> tuple[int, bool]:
        """Meta's check when somebody edits the callback: the answer's status, and whether it was the bare challenge."""
        challenge = secrets.token_urlsafe(12)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self._config.verify_token}
        try:
            async with self._session.get(self._config.callback, params=query, allow_redirects=False) as response:
                return response.status, response.status == 200 and await response.text() == challenge
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, False

    def wake(self) -> None:
        """After a switch was turned."""
        self._bell.set()

    async def _cut_and_send(self) -> None:
        slots = asyncio.Semaphore(self._config.concurrency)
        while True:
            await slots.acquire()
            while (post := self._next()) is None:
                self._bell.clear()
                await self._bell.wait()
            self._in_flight += 1
            task = self._run(self._deliver(post))
            task.add_done_callback(lambda _: slots.release())

    def _next(self) -> Post | None:
        if self._switches().hold_webhooks:
            return None
        if self._ready:
            return self._ready.popleft()
        items = self._waiting.take(self._dice.random.randint(1, self._switches().batch))
        if not items:
            return None
        return Post(number=self._number(), body=serialise(envelope(items)), app=items[0].inbox.app, items=items)

    async def _deliver(self, post: Post) -> None:
        attempt, began = 0, time.monotonic()
        while not await self._attempt(post, attempt := attempt + 1):
            if post.items and self._audience.lost_patience(post.items[0].inbox.channel, time.monotonic() - began):
                self._give_up(post)
                return
            pause = min(FIRST_PAUSE_SECONDS * 2 ** min(attempt - 1, 10), self._config.retry_ceiling_seconds)
            await asyncio.sleep(pause * self._dice.random.uniform(0.7, 1.0))
        self._finish(post)

    def _give_up(self, post: Post) -> None:
        self._audience.unsubscribe({item.inbox.id for item in post.items})
        for item in post.items:
            self._log.write("item_dropped", key=item.key, inbox=item.inbox.id, reason="no answer for too long")
        self._release(post)

    async def _attempt(self, post: Post, attempt: int) -> bool:
        if delay := self._switches().delay_ms:
            await asyncio.sleep(self._dice.random.uniform(0.5, 1.0) * delay / 1000)
        keys = [item.key for item in post.items]
        self._log.write("post_sent", post=post.number, attempt=attempt, repeat=post.repeat, keys=keys)
        answer: int | str
        try:
            headers = self._headers(post)
            async with self._session.post(
                self._config.callback, data=post.body, headers=headers, allow_redirects=False
            ) as response:
                await response.read()
                answer = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            answer = type(error).__name__
        self._log.write("post_answered", post=post.number, attempt=attempt, answer=answer)
        return answer == 200

    def _headers(self, post: Post) -> dict[str, str]:
        secret = "nobody-knows-this" if self._switches().wrong_signature else self._config.app(post.app).secret
        legacy = hmac.new(secret.encode(), post.body, hashlib.sha1).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Hub-Signature": f"sha1={legacy}",
            "X-Hub-Signature-256": sign(post.body, secret),
        }

    def _finish(self, post: Post) -> None:
        for item in post.items:
            if item.again:
                continue
            self.acknowledged += 1
            self._log.write("item_acknowledged", key=item.key, post=post.number)
            if item.acknowledged is not None:
                item.acknowledged()
        if not post.repeat:
            self._repeat(post)
            self._recut(post.items)
        self._release(post)

    def _release(self, post: Post) -> None:
        """What waited behind its items may go now."""
        self._in_flight -= 1
        self._waiting.release(post.items)
        self._bell.set()
        if not self.outstanding:
            self._quiet.set()

    def _repeat(self, post: Post) -> None:
        if not self._dice.falls(self._switches().duplicates):
            return
        for _ in range(self._dice.random.randint(1, 3)):
            again = Post(number=self._number(), body=post.body, app=post.app, repeat=True)
            self._later(self._dice.random.uniform(0.0, 1.0), again)

    def _recut(self, items: Sequence[Item]) -> None:
        for item in items:
            if not item.again and self._dice.falls(self._switches().recut):
                again = msgspec.structs.replace(item, again=True, loose=True, acknowledged=None)
                self._later(self._dice.random.uniform(0.1, 1.0), again)

    def _later(self, seconds: float, what: Item | Post) -> None:
        self._held += 1

        async def release() -> None:
            await asyncio.sleep(seconds)
            self._held -= 1
            self._add(what)

        self._run(release())

    def _add(self, what: Item | Post) -> None:
        if isinstance(what, Post):
            self._ready.append(what)
        else:
            self._waiting.add(what)
        self._bell.set()

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
