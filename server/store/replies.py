"""What a reply is checked against: what changed since it was begun, and the message it quotes or repeats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import MessageStatus
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("replies")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    at: datetime
    actor: str
    actor_name: str | None
    # Whom the fact is about, where it is about a person.
    subject_name: str | None
    data: dict[str, Any]


class OwnMessage(msgspec.Struct, frozen=True, kw_only=True):
    conversation_id: int
    status: MessageStatus


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A message somebody wants to quote or react to; see `domain.pointing`."""

    conversation_id: int
    direction: str
    kind: str
    provider_id: str | None
    provider_at: datetime
    revoked_at: datetime | None


class OwnReaction(msgspec.Struct, frozen=True, kw_only=True):
    """`about`: the message it was put on; `shown`: what stands there of ours now."""

    conversation_id: int
    about: int
    emoji: str
    shown: str


async def changes_since(
    connection: Connection, conversation_id: int, version: int, *, by_others_than: str, kinds: Sequence[str]
) -> list[Change]:
    """Facts of these kinds, and messages of advisors and bots, in order."""
    rows = await connection.fetch(_sql.changes_since, f"conversation:{conversation_id}", version, by_others_than, kinds)
    return [Change(**dict(row)) for row in rows]


async def own_message(connection: Connection, message_id: int) -> OwnMessage | None:
    """A message of ours; where it is may change until its conversation is locked."""
    row = await connection.fetchrow(_sql.own_message, message_id)
    return msgspec.convert(dict(row), OwnMessage) if row else None


async def target(connection: Connection, message_id: int) -> Target | None:
    row = await connection.fetchrow(_sql.target, message_id)
    return Target(**dict(row)) if row else None


async def reactions_among(connection: Connection, message_ids: Sequence[int]) -> list[OwnReaction]:
    """Those of our messages that are reactions."""
    return [OwnReaction(**dict(row)) for row in await connection.fetch(_sql.reactions_among, message_ids)]
