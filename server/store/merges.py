"""Merges of contacts: everything that changes hands, kept so that it can be given back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import ConversationState
from server.store.contacts import Identity
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("merges")


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that a merge ended, as it was until then; and what the one that went on was without it."""

    conversation_id: int
    state: ConversationState
    owner_id: int | None
    # Where it waited, or would have.
    queue_id: str | None
    entered_at: datetime
    skills: frozenset[str] = frozenset()
    flow_state: dict[str, Any] | None = None
    waiting_since: datetime | None
    last_inbound_at: datetime | None
    unread: int
    goes_on_id: int
    goes_on_state: ConversationState
    goes_on_flow_state: dict[str, Any] | None = None
    goes_on_waiting_since: datetime | None
    goes_on_last_inbound_at: datetime | None
    # Of both together: fewer means that somebody has read them since.
    unread_together: int


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a merge moved, by id; labels as (sector, label), of them `new_labels` the kept one did not have."""

    identities: tuple[int, ...] = ()
    conversations: tuple[int, ...] = ()
    # Not moved: what the kept one had, so that it is known who sees both sides.
    kept_conversations: tuple[int, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    new_labels: tuple[tuple[str, str], ...] = ()
    suppressions: tuple[dict[str, Any], ...] = ()
    kept_suppressions: tuple[dict[str, Any], ...] = ()
    kept_name: str = ""
    # Of two unresolved conversations in one inbox the one that did not go on.
    ended: tuple[Ended, ...] = ()


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kept_id: int
    gone_id: int
    moved: Moved
    at: datetime
    undone_at: datetime | None


async def take_turn(connection: Connection) -> None:
    """Waits until nothing is being applied, and keeps it so until this transaction ends. Before any other lock."""
    await connection.execute(_sql.take_turn)
    await connection.execute(_sql.hold_turn)


async def identities_of(connection: Connection, contact_ids: Iterable[int]) -> list[Identity]:
    rows = await connection.fetch(_sql.identities_of, sorted(contact_ids))
    return [msgspec.convert(dict(row), Identity) for row in rows]


async def conversations_of(connection: Connection, contact_ids: Iterable[int]) -> list[int]:
    """All of them, the resolved ones too. Not locked."""
    return [row["id"] for row in await connection.fetch(_sql.conversations_of, sorted(contact_ids))]


async def lock_contacts(connection: Connection, contact_ids: Iterable[int]) -> set[int]:
    """Those of them that were not merged into somebody meanwhile."""
    return {row["id"] for row in await connection.fetch(_sql.lock_contacts, sorted(contact_ids))}


async def denied(connection: Connection, one_id: int, other_id: int) -> bool:
    return bool(await connection.fetchval(_sql.denied, one_id, other_id))


async def new_id(connection: Connection) -> int:
    id: int = await connection.fetchval(_sql.new_id)
    return id


async def move(connection: Connection, kept_id: int, gone_id: int) -> Moved:
    """The caller holds all their conversations; of one inbox at most one of them is unresolved by now."""
    return msgspec.convert(await connection.fetchval(_sql.move, kept_id, gone_id), Moved)


async def add(
    connection: Connection, id: int, kept_id: int, gone_id: int, *, by: str, user_id: int | None, moved: Moved
) -> None:
    await connection.execute(_sql.add, id, kept_id, gone_id, by, user_id, msgspec.to_builtins(moved))


async def lock(connection: Connection, merge_id: int) -> Merge | None:
    row = await connection.fetchrow(_sql.lock_merge, merge_id)
    return msgspec.convert(dict(row), Merge) if row else None


async def still_whole(connection: Connection, merge: Merge) -> bool:
    return bool(await connection.fetchval(_sql.still_whole, merge.kept_id, merge.moved.identities))


async def give_back(connection: Connection, merge: Merge, conversation_ids: Sequence[int], user_id: int) -> None:
    """The conversations are those that go with what is given back."""
    moved = msgspec.to_builtins(merge.moved)
    await connection.execute(_sql.give_back, merge.kept_id, merge.gone_id, moved, merge.at, conversation_ids)
    await connection.execute(_sql.undone, merge.id, user_id)


async def answered(connection: Connection, merge: Merge, inbox_id: str, identity_ids: Iterable[int]) -> bool:
    """Whether a person has written to one of these addresses since the merge. Before anything is given back."""
    values = merge.kept_id, inbox_id, sorted(identity_ids), merge.at
    return bool(await connection.fetchval(_sql.answered, *values))


async def heard_since(connection: Connection, conversation_id: int, at: datetime) -> list[tuple[str, datetime]]:
    """The kind and the provider's time of what customers have said in the conversation since then."""
    rows = await connection.fetch(_sql.heard_since, conversation_id, at)
    return [(row["kind"], row["provider_at"]) for row in rows]


async def move_identity(connection: Connection, identity_id: int, contact_id: int) -> None:
    await connection.execute(_sql.move_identity, identity_id, contact_id)


async def redirect(connection: Connection, replies: Sequence[tuple[int, int]]) -> None:
    """What waits to be sent follows (conversation, identity) pairs."""
    await connection.execute(_sql.redirect, [each[0] for each in replies], [each[1] for each in replies])


async def on_whatsapp(connection: Connection, contact_ids: Iterable[int]) -> list[int]:
    """The present conversation of each of them in each WhatsApp inbox. Not locked."""
    return [row["id"] for row in await connection.fetch(_sql.on_whatsapp, sorted(contact_ids))]
