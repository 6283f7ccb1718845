"""One transaction of the product: lock, decide, write, record facts; after the commit, publish and wake."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, cast

import msgspec

from server.domain.conversation import Conversation
from server.domain.errors import NotFound, Unavailable
from server.domain.events import Event, Fact
from server.domain.organisation import Organisation
from server.files.keeping import FileStore, Nowhere
from server.store import bulk, clock, conversations, events, leases
from server.store.events import NewEvent
from server.store.leases import Lease
from server.store.pool import AWAY, Connection, Pool
from server.store.together import Together
from server.telemetry import BREACHES, OFFERS


class Topic(StrEnum):
    """What a committed unit can wake; a loop that is asleep in another process hears it too."""

    JOURNAL = "journal"
    OUTBOX = "outbox"
    WAITING = "waiting"
    TIMERS = "timers"
    ORGANISATION = "organisation"
    SESSIONS = "sessions"
    MEDIA = "media"
    TEMPLATES = "templates"
    SIGNALS = "signals"
    PROFILES = "profiles"
    HEALTH = "health"


class Publisher(Protocol):
    def publish(self, committed: Sequence[Event]) -> None:
        """Hands committed events on; returns at once and never raises."""


class Waker(Protocol):
    def wake(self, topic: Topic) -> None:
        """Wakes whoever waits for the topic, here and in other processes; returns at once and never raises."""


_ENDED_OFFERS = {
    "OfferAccepted": "accepted",
    "OfferDeclined": "declined",
    "OfferExpired": "expired",
    "OfferWithdrawn": "withdrawn",
}

Insert = Callable[[Connection, Sequence[Any]], Awaitable[None]]


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What every action needs; `app` builds one for each process."""

    pool: Pool
    publisher: Publisher
    waker: Waker
    # The newest organisation this process has read.
    organisation: Callable[[], Organisation]
    # Where the files of messages are; a process without one serves none.
    files: FileStore = Nowhere()


class Unit:
    """The open transaction. `now` is the transaction's own time on the database's clock."""

    def __init__(self, connection: Connection, now: datetime, organisation: Organisation) -> None:
        self.connection = connection
        self.now = now
        self.organisation = organisation
        self.topics: set[Topic] = set()
        self._conversations: dict[int, Conversation] = {}
        self._as_locked: dict[int, bytes] = {}
        self._added: list[Conversation] = []
        self._later: dict[Insert, list[Any]] = {}
        self._last: dict[Insert, list[Any]] = {}
        self._gathers = False
        self._events: list[NewEvent] = []
        self._versions: dict[str, int] = {}

    async def lock(self, conversation_id: int) -> Conversation:
        """The conversation, locked. Its changed fields are written when the unit ends. Raises `NotFound`.

        Lock conversations before advisors, always.
        """
        return (await self.lock_many([conversation_id]))[conversation_id]

    async def lock_many(self, ids: Sequence[int]) -> dict[int, Conversation]:
        missing = [each for each in ids if each not in self._conversations]
        if missing:
            locked = await conversations.lock(self.connection, missing)
            self._conversations |= locked
            self._as_locked |= {id: _fields(each) for id, each in locked.items()}
        if any(each not in self._conversations for each in ids):
            raise NotFound("This conversation does not exist.")
        return {each: self._conversations[each] for each in ids}

    def held(self, conversation_id: int) -> Conversation:
        """A conversation this unit has locked already."""
        return self._conversations[conversation_id]

    def adopt(self, conversation: Conversation) -> None:
        """Takes in a conversation this transaction has just inserted or locked by its own statement."""
        self._conversations[conversation.id] = conversation

    def add(self, conversation: Conversation) -> None:
        """Takes in a conversation that does not exist yet; it is inserted once, as it is when the unit ends.

        Rows that refer to it must come by `insert_later`.
        """
        self._conversations[conversation.id] = conversation
        self._added.append(conversation)

    def gather(self) -> None:
        """From now on `insert` waits as well: rows of one kind become one statement, and none is written twice.

        Nothing in the unit may read afterwards what it inserted.
        """
        self._gathers = True

    async def insert(self, insert: Insert, rows: Sequence[Any]) -> None:
        if self._gathers:
            self.insert_later(insert, rows)
        else:
            await insert(self.connection, rows)

    def insert_later(self, insert: Insert, rows: Sequence[Any]) -> None:
        """When the unit ends, after new conversations, the kinds in the order in which they first came."""
        if rows:
            self._later.setdefault(insert, []).extend(rows)

    def write_last(self, write: Insert, rows: Sequence[Any]) -> None:
        """After everything else, on rows that are written by then: columns that only this statement knows."""
        if rows:
            self._last.setdefault(write, []).extend(rows)

    def record(self, conversation: Conversation, fact: Fact, *, actor: str, user_id: int | None = None) -> None:
        """Appends a fact to the conversation's stream and moves its version."""
        conversation.version += 1
        self._append(f"conversation:{conversation.id}", conversation.version, fact, actor, user_id=user_id,
                     sector_id=conversation.sector_id, conversation_id=conversation.id)  # fmt: skip

    async def record_of_user(self, user_id: int, fact: Fact, *, actor: str) -> None:
        """Appends a fact to the person's own stream. The caller holds the lock of the person's row."""
        stream = f"user:{user_id}"
        self._append(stream, await self._next_version(stream), fact, actor, user_id=user_id)

    async def record_of_inbox(self, inbox_id: str, sector_id: str, fact: Fact, *, actor: str = "system") -> None:
        """Appends a fact to the inbox's own stream. The caller holds the lock of the inbox's row."""
        stream = f"inbox:{inbox_id}"
        self._append(stream, await self._next_version(stream), fact, actor, sector_id=sector_id)

    def wake(self, topic: Topic) -> None:
        """Wakes the topic once the transaction is committed."""
        self.topics.add(topic)

    async def finish(self) -> list[Event]:
        """Writes what was changed and recorded; the last thing before the commit."""
        # Of a few rows what counts is the way to the database and back; of many, each row.
        few = len(self._events) + sum(map(len, self._later.values())) < bulk.MANY
        connection = cast(Connection, Together(self.connection)) if few else self.connection
        if self._added:
            await conversations.add(connection, self._added)
        for insert, rows in self._later.items():
            await insert(connection, rows)
        held = self._conversations.keys() - {each.id for each in self._added}
        changed = [id for id in sorted(held) if self._as_locked.get(id) != _fields(self._conversations[id])]
        if changed:
            await conversations.save(connection, [self._conversations[id] for id in changed])
        committed = await events.append(connection, self._events) if self._events else []
        if isinstance(connection, Together):
            await connection.finish()
        for write, rows in self._last.items():
            await write(self.connection, rows)
        return committed

    async def _next_version(self, stream: str) -> int:
        if stream not in self._versions:
            known = await events.last_versions(self.connection, [stream])
            self._versions[stream] = known.get(stream, 0)
        self._versions[stream] += 1
        return self._versions[stream]

    def _append(
        self, stream: str, version: int, fact: Fact, actor: str, *,
        user_id: int | None = None, sector_id: str | None = None, conversation_id: int | None = None,
    ) -> None:  # fmt: skip
        data: dict[str, Any] = msgspec.to_builtins(fact)
        kind = data.pop("kind")
        self._events.append(
            NewEvent(stream=stream, version=version, kind=kind, actor=actor, sector_id=sector_id,
                     conversation_id=conversation_id, user_id=user_id, data=data)
        )  # fmt: skip


@asynccontextmanager
async def unit(services: Services, lease: Lease | None = None) -> AsyncIterator[Unit]:
    """Opens a unit, fenced by a lease where one is given.

    Raises `Unavailable` when the database is away and `LeaseLost` when another process took the lease over;
    in both cases nothing was changed.
    """
    try:
        async with services.pool.acquire() as connection, connection.transaction():
            now = await (leases.fence(connection, lease) if lease else clock.now(connection))
            work = Unit(connection, now, services.organisation())
            yield work
            committed = await work.finish()
    except AWAY as error:
        raise Unavailable("The database is out of reach for a moment.", retry_after_seconds=2) from error
    if committed:
        services.publisher.publish(committed)
        _count(committed)
    for topic in work.topics:
        services.waker.wake(topic)


def _fields(conversation: Conversation) -> bytes:
    return msgspec.msgpack.encode(conversation)


def _count(committed: Sequence[Event]) -> None:
    for event in committed:
        if ended := _ENDED_OFFERS.get(event.kind):
            OFFERS.labels(ended).inc()
        elif event.kind == "SlaBreached":
            BREACHES.labels(event.data["target"]).inc()
