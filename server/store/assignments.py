"""Accepted ownership and its history."""

from collections.abc import Sequence
from datetime import datetime

from server.domain.conversation import Conversation
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("assignments")


async def add(connection: Connection, conversation: Conversation, advisor_id: int, offer_id: int | None) -> None:
    await connection.execute(_sql.add, conversation.id, conversation.sector_id, advisor_id, offer_id)


async def finish(connection: Connection, conversation_ids: Sequence[int], reason: str) -> None:
    """Ends whatever ownership of these conversations is open."""
    await connection.execute(_sql.finish, conversation_ids, reason)


async def held(connection: Connection, conversation_id: int, user_id: int) -> bool:
    """Whether the person owns it or ever did."""
    found: bool = await connection.fetchval(_sql.held, conversation_id, user_id)
    return found


async def abandoned(connection: Connection, grace_seconds: float, limit: int) -> list[int]:
    """Conversations whose owner has been gone longer than the grace. Not locked."""
    rows = await connection.fetch(_sql.abandoned, grace_seconds, limit)
    return [row["conversation_id"] for row in rows]


async def last_worked(connection: Connection, advisor_ids: Sequence[int], since: datetime) -> dict[int, datetime]:
    """When each last accepted an offer or wrote in a conversation of theirs; without those who did neither since."""
    rows = await connection.fetch(_sql.last_worked, advisor_ids, since)
    return {row["advisor_id"]: row["at"] for row in rows}
