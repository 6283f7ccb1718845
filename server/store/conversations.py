"""Conversation rows: locked together, written back together."""

from collections.abc import Iterable, Sequence

import msgspec

from server.domain.conversation import Conversation
from server.store import bulk
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("conversations")

_SAVED = (
    "id", "identity_id", "state", "priority", "queue_id", "owner_id", "language", "version", "outbox_seq",
    "opening", "flow_state", "bot_paused_at", "waiting_since", "last_inbound_at", "last_message_id",
    "last_message_at", "unread", "snoozed_until", "resolved_at",
)  # fmt: skip


async def lock(connection: Connection, ids: Iterable[int]) -> dict[int, Conversation]:
    """The conversations that exist, by id, their rows locked until the transaction ends."""
    rows = await connection.fetch(_sql.lock, sorted(set(ids)))
    return {row["id"]: msgspec.convert(dict(row), Conversation) for row in rows}


async def lock_free(connection: Connection, ids: Iterable[int]) -> dict[int, Conversation]:
    """As `lock`, leaving out those somebody else holds just now: for sweeps that come again."""
    rows = await connection.fetch(_sql.lock_free, sorted(set(ids)))
    return {row["id"]: msgspec.convert(dict(row), Conversation) for row in rows}


async def save(connection: Connection, conversations: Sequence[Conversation]) -> None:
    columns = ([getattr(each, name) for each in conversations] for name in _SAVED)
    await connection.execute(_sql.save, *columns)


async def lock_current(
    connection: Connection, people: Sequence[tuple[str, int]], others: Iterable[int]
) -> tuple[dict[int, Conversation], set[int]]:
    """For each (inbox, contact) the unresolved conversation, else the one resolved last; and the `others`.

    All locked; and the ids of the former.
    """
    inboxes, contacts = [each[0] for each in people], [each[1] for each in people]
    rows = await connection.fetch(_sql.lock_current, inboxes, contacts, list(others))
    locked = {row["id"]: msgspec.convert(dict(row), Conversation) for row in rows}
    return locked, {row["id"] for row in rows if row["current"]}


async def current(connection: Connection, people: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """For each (inbox, contact) that has any: the unresolved conversation, else the one resolved last."""
    rows = await connection.fetch(_sql.current, [each[0] for each in people], [each[1] for each in people])
    return {(row["inbox_id"], row["contact_id"]): row["id"] for row in rows}


async def new_ids(connection: Connection, count: int) -> list[int]:
    return [row[0] for row in await connection.fetch(_sql.new_ids, count)]


async def add(connection: Connection, conversations: Sequence[Conversation]) -> None:
    await bulk.add(connection, "conversation", Conversation, conversations, _sql.add)
