"""Tells the other processes which events were committed here, over Redis pub/sub.

Only ids travel; every process loads and words the events itself, for the people connected to it. So Redis never sees
a message, rights are decided where the socket is, and a lost word costs a second: each hub also sweeps the event table.
(python-socketio's own Redis manager would carry whole payloads to rooms named by the sender, and lose them silently.)
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.store.feed import Committed

# We hear our own words back: that is how we know the line works in both directions.
_PING_SECONDS = 1.0
_SILENCE_SECONDS = 3.0
_RETRY_SECONDS = 0.5
_MOST_AT_ONCE = 500
_MOST_UNSENT = 20_000

_log = structlog.get_logger()


class Typing(msgspec.Struct, frozen=True):
    conversation_id: int
    user_id: int


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one process tells the others; without events and typing it is a ping."""

    sender: str
    events: tuple[Committed, ...] = ()
    typing: Typing | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Word).decode


class Relay:
    def __init__(self, url: str) -> None:
        self._url = url
        self._name = token_hex(8)
        self._unsent: deque[Committed] = deque(maxlen=_MOST_UNSENT)
        self._typing: deque[Typing] = deque(maxlen=100)
        self._something = asyncio.Event()
        self._heard_at = float("-inf")
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def live(self) -> bool:
        """What others commit arrives here at once."""
        return asyncio.get_running_loop().time() - self._heard_at < _SILENCE_SECONDS

    def tell(self, events: list[Committed]) -> None:
        self._unsent.extend(events)
        self._something.set()

    def tell_typing(self, typing: Typing) -> None:
        self._typing.append(typing)
        self._something.set()

    async def start(
        self, place: str, hear: Callable[[list[Committed]], None], hear_typing: Callable[[Typing], None]
    ) -> None:
        """`place` names the database: only processes of the same one talk."""
        self._channel = f"majlis:events:{place}"
        self._redis = Redis.from_url(self._url, socket_connect_timeout=2)
        self._tasks = [
            asyncio.create_task(self._listen(hear, hear_typing), name="relay-listen"),
            asyncio.create_task(self._send(), name="relay-send"),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._tasks:
            with suppress(RedisError, OSError):
                await self._redis.aclose()
        self._tasks = []

    async def _listen(self, hear: Callable[[list[Committed]], None], hear_typing: Callable[[Typing], None]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as line:
                    await line.subscribe(self._channel)
                    subscribed_at = loop.time()
                    # Older versions of the library could go deaf without a word: silence is an end too.
                    while loop.time() - max(self._heard_at, subscribed_at) < _SILENCE_SECONDS:
                        message = await line.get_message(timeout=_PING_SECONDS)
                        if message is not None:
                            self._take(message["data"], hear, hear_typing)
                _log.warning("relay_silent")
            except (RedisError, OSError) as error:
                self._heard_at = float("-inf")
                _log.warning("relay_lost", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    def _take(
        self, data: bytes, hear: Callable[[list[Committed]], None], hear_typing: Callable[[Typing], None]
    ) -> None:
        try:
            word = _decode(data)
        except msgspec.MsgspecError:
            _log.warning("relay_word_not_understood")
            return
        if word.sender == self._name:
            self._heard_at = asyncio.get_running_loop().time()
            return
        if word.events:
            hear(list(word.events))
        if word.typing is not None:
            hear_typing(word.typing)

    async def _send(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PING_SECONDS):
                    await self._something.wait()
            self._something.clear()
            batch = [self._unsent.popleft() for _ in range(min(len(self._unsent), _MOST_AT_ONCE))]
            typing = self._typing.popleft() if self._typing else None
            if self._unsent or self._typing:
                self._something.set()
            try:
                await self._redis.publish(self._channel, _encode(Word(self._name, tuple(batch), typing)))
            except (RedisError, OSError):
                # What was to be told is found by the others' sweeps.
                await asyncio.sleep(_RETRY_SECONDS)
