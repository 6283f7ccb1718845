"""Message rows: added, moved forward and recognised in sets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.delivery import PLACES
from server.domain.model import Author, MessageStatus
from server.domain.outgoing import Outgoing
from server.store import bulk
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("messages")


class NewMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`provider_at` is Meta's time for inbound messages, ours for outbound ones; UTC."""

    id: int
    conversation_id: int
    sector_id: str
    inbox_id: str
    direction: str
    author: Author
    author_id: int | None = None
    kind: str
    text: str
    body: dict[str, Any]
    provider_id: str | None = None
    provider_at: datetime
    status: MessageStatus | None = None
    status_at: datetime | None = None
    # Changed or taken back before it was even stored.
    edited_at: datetime | None = None
    revoked_at: datetime | None = None


class KnownMessage(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a stored message as deciding about its status takes."""

    id: int
    conversation_id: int
    inbox_id: str
    provider_id: str | None
    status: MessageStatus | None
    provider_at: datetime
    author: Author
    contact_id: int | None = None
    local_id: str | None = None
    # Of a twin: what is being said, and when the call began.
    said: Outgoing | None = None
    sending_at: datetime | None = None


class Seen(KnownMessage, frozen=True, kw_only=True):
    """A message that was read with the one under `by`."""

    by: str


class Move(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    status: MessageStatus
    at: datetime
    failure: dict[str, Any] | None = None


class ParkedStatus(msgspec.Struct, frozen=True, kw_only=True):
    inbox_id: str
    provider_id: str
    status: MessageStatus
    at: datetime
    failure: dict[str, Any] | None = None
    # What it says about the cost (`actions.prices`).
    body: dict[str, Any] = {}


class ParkedMatch(msgspec.Struct, frozen=True, kw_only=True):
    inbox_id: str
    provider_id: str
    conversation_id: int


class ParkedWatermark(msgspec.Struct, frozen=True, kw_only=True):
    """`conversation_id`: one of those to be locked. `still_out`: what it may be about is still not decided."""

    id: int
    inbox_id: str
    contact_id: int
    conversation_id: int
    status: MessageStatus
    at: datetime
    still_out: bool


class NewReferral(msgspec.Struct, frozen=True, kw_only=True):
    message_id: int
    conversation_id: int
    sector_id: str
    source: str
    source_id: str | None
    click_id: str | None
    headline: str | None
    body: dict[str, Any]
    at: datetime


async def new_ids(connection: Connection, count: int) -> list[int]:
    """Ids for messages about to be added, ascending."""
    return [row[0] for row in await connection.fetch(_sql.new_ids, count)]


async def add(connection: Connection, messages: Sequence[NewMessage]) -> None:
    await bulk.add(connection, "message", NewMessage, messages, _sql.add)


async def add_referrals(connection: Connection, referrals: Sequence[NewReferral]) -> None:
    await connection.execute(_sql.add_referrals, *columns(referrals, NewReferral))


async def by_provider_ids(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[KnownMessage]:
    """The messages known under these (inbox, provider id) pairs."""
    rows = await connection.fetch(_sql.by_provider_ids, [key[0] for key in keys], [key[1] for key in keys])
    return [msgspec.convert(dict(row), KnownMessage) for row in rows]


async def unread_of_contacts(connection: Connection, people: Sequence[tuple[str, int]]) -> list[KnownMessage]:
    """Our messages to these (inbox, contact) pairs that a watermark may still move."""
    rows = await connection.fetch(_sql.unread_of_contacts, [key[0] for key in people], [key[1] for key in people])
    return [msgspec.convert(dict(row), KnownMessage) for row in rows]


async def seen_with(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[Seen]:
    """What its reader had read when they read the messages under these (inbox, provider id) pairs: all before them."""
    rows = await connection.fetch(_sql.seen_with, [key[0] for key in keys], [key[1] for key in keys])
    return [msgspec.convert(dict(row), Seen) for row in rows]


async def by_local_ids(connection: Connection, local_ids: Sequence[str]) -> list[KnownMessage]:
    """Our messages under the local ids that Meta carried back."""
    return [msgspec.convert(dict(row), KnownMessage) for row in await connection.fetch(_sql.by_local_ids, local_ids)]


async def twins(connection: Connection, people: Sequence[tuple[str, int]]) -> list[KnownMessage]:
    """What is being sent to these (inbox, contact) pairs and has no provider id yet: an echo may be one of them."""
    rows = await connection.fetch(_sql.twins, [each[0] for each in people], [each[1] for each in people])
    return [msgspec.convert(dict(row), KnownMessage) for row in rows]


async def move(connection: Connection, moves: Sequence[Move]) -> None:
    """Writes new statuses. That they are forward was decided by `domain.delivery` under the conversation's lock."""
    await connection.execute(_sql.move, *columns(moves, Move), list(PLACES), list(PLACES.values()))


async def recognise(connection: Connection, pairs: Sequence[tuple[int, str]]) -> None:
    """Gives messages their provider ids, once."""
    await connection.execute(_sql.recognise, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


async def settle(connection: Connection, pairs: Sequence[tuple[str, str]]) -> None:
    """Ends the uncertainty of (local id, provider id) pairs in the outbox."""
    await connection.execute(_sql.settle, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


async def park_statuses(connection: Connection, statuses: Sequence[ParkedStatus]) -> None:
    await connection.execute(_sql.park_statuses, *columns(statuses, ParkedStatus))


async def parked_and_known(connection: Connection) -> list[ParkedMatch]:
    """Parked statuses whose message has its provider id by now; at most 500."""
    return [msgspec.convert(dict(row), ParkedMatch) for row in await connection.fetch(_sql.parked_and_known)]


async def take_parked(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[ParkedStatus]:
    """Removes and returns the statuses that waited for these (inbox, provider id) pairs."""
    rows = await connection.fetch(_sql.take_parked, [key[0] for key in keys], [key[1] for key in keys])
    return [msgspec.convert(dict(row), ParkedStatus) for row in rows]


def of_person(contact_id: int) -> str:
    """Where a watermark is parked: it names no message, only the person."""
    return f"contact:{contact_id}"


async def parked_watermarks(connection: Connection) -> list[ParkedWatermark]:
    """Parked watermarks with the conversations they may move; at most 500."""
    return [msgspec.convert(dict(row), ParkedWatermark) for row in await connection.fetch(_sql.parked_watermarks)]


async def forget_watermarks(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute(_sql.forget_watermarks, ids)
