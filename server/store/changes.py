"""Messages that somebody changed or took back after saying them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("changes")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A stored message that something may take effect on."""

    id: int
    conversation_id: int
    inbox_id: str
    provider_id: str
    contact_id: int
    direction: str
    text: str
    edited_at: datetime | None
    revoked: bool


class Early(msgspec.Struct, frozen=True, kw_only=True):
    """A change that came before what it is about; `message_id` is the line it is shown as."""

    message_id: int
    inbox_id: str
    about: str
    contact_id: int
    by: Literal["customer", "business"]
    kind: str
    text: str
    body: dict[str, Any]
    at: datetime


class WaitingChange(Early, frozen=True, kw_only=True):
    """One that was kept, with where its line is. `contact_id` is whose it is by now."""

    conversation_id: int


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """The line of a change that needs none any more."""

    id: int
    at: datetime


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    text: str
    body: dict[str, Any]
    edited_at: datetime


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said before it was changed at that time."""

    message_id: int
    edited_at: datetime
    text: str


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: datetime


async def targets(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[Target]:
    """The messages known under these (inbox, provider id) pairs."""
    rows = await connection.fetch(_sql.targets, [key[0] for key in keys], [key[1] for key in keys])
    return [msgspec.convert(dict(row), Target) for row in rows]


async def edit(connection: Connection, edits: Sequence[Edit]) -> None:
    """The last edit of each message."""
    await connection.execute(_sql.edit, *columns(edits, Edit))


async def keep_earlier(connection: Connection, earlier: Sequence[Earlier]) -> None:
    await connection.execute(_sql.keep_earlier, *columns(earlier, Earlier))


async def revoke(connection: Connection, revocations: Sequence[Revocation]) -> None:
    """Nothing of what they said stays, nor of what they said before that."""
    await connection.execute(_sql.revoke, *columns(revocations, Revocation))
    await connection.execute(_sql.forget_earlier, [each.id for each in revocations])


async def keep_early(connection: Connection, early: Sequence[Early]) -> None:
    await connection.execute(_sql.keep_early, *columns(early, Early))


async def early(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[WaitingChange]:
    """What waits for messages under these (inbox, provider id) pairs, the oldest first."""
    rows = await connection.fetch(_sql.early, [key[0] for key in keys], [key[1] for key in keys])
    return [msgspec.convert(dict(row), WaitingChange) for row in rows]


async def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Nothing of what they said stays, and nobody is shown them."""
    ids = [each.id for each in settled]
    await connection.execute(_sql.settle, *columns(settled, Settled))
    await connection.execute(_sql.forget_earlier, ids)
    await connection.execute(_sql.end_waiting, ids)


async def end_waiting(connection: Connection, message_ids: Sequence[int]) -> None:
    await connection.execute(_sql.end_waiting, message_ids)


async def forget_early(connection: Connection) -> None:
    await connection.execute(_sql.forget_early)
