"""Offers: leases on a conversation for one advisor, each decided once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import OfferState, Priority
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("offers")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """`queue_id`, `entered_at` and `skills` are the place in the queue it came from and may go back to."""

    id: int
    conversation_id: int
    sector_id: str
    queue_id: str
    advisor_id: int
    state: OfferState
    priority: Priority
    entered_at: datetime
    skills: frozenset[str]
    offered_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    reason: str | None


class NewOffer(msgspec.Struct, frozen=True, kw_only=True):
    conversation_id: int
    sector_id: str
    queue_id: str
    advisor_id: int
    priority: Priority
    entered_at: datetime
    skills: frozenset[str]
    expires_at: datetime
    considered: list[dict[str, Any]]


class Refusal(msgspec.Struct, frozen=True):
    conversation_id: int
    advisor_id: int
    at: datetime


async def add(connection: Connection, offers: Sequence[NewOffer]) -> list[int]:
    """Returns their ids, in order."""
    values = columns(offers, NewOffer)
    values[6] = [msgspec.json.encode(sorted(each.skills)).decode() for each in offers]
    values[8] = [msgspec.json.encode(each.considered).decode() for each in offers]
    return [row["id"] for row in await connection.fetch(_sql.add, *values)]


async def find(connection: Connection, offer_id: int) -> Offer | None:
    return _one(await connection.fetchrow(_sql.find, offer_id))


async def accept(connection: Connection, offer_id: int) -> Offer | None:
    """None when it was decided already or its time is over."""
    return _one(await connection.fetchrow(_sql.accept, offer_id))


async def decline(connection: Connection, offer_id: int, reason: str) -> Offer | None:
    return _one(await connection.fetchrow(_sql.decline, offer_id, reason))


async def expire(connection: Connection, conversation_ids: Sequence[int]) -> list[Offer]:
    """Ends the pending offers of these conversations whose time is over, and returns them."""
    return _many(await connection.fetch(_sql.expire, conversation_ids))


async def withdraw(connection: Connection, conversation_ids: Sequence[int], reason: str) -> list[Offer]:
    return _many(await connection.fetch(_sql.withdraw, conversation_ids, reason))


async def due(connection: Connection, limit: int) -> list[int]:
    """The conversations whose offers' time is over, the longest over first. Not locked."""
    return [row["conversation_id"] for row in await connection.fetch(_sql.due, limit)]


async def seconds_to_next(connection: Connection) -> float | None:
    """Until the next expiry, by the database's clock."""
    seconds: float | None = await connection.fetchval(_sql.seconds_to_next)
    return seconds


async def untakeable(connection: Connection, limit: int) -> list[int]:
    """The conversations offered to people who are not there to take them. Not locked."""
    return [row["conversation_id"] for row in await connection.fetch(_sql.untakeable, limit)]


async def refusals(
    connection: Connection, conversation_ids: Sequence[int], advisor_ids: Sequence[int], seconds: float
) -> list[Refusal]:
    """Who let go of which conversation within the last seconds, and when."""
    rows = await connection.fetch(_sql.refusals, conversation_ids, advisor_ids, seconds)
    return [Refusal(*row) for row in rows]


def _one(row: Any) -> Offer | None:
    return None if row is None else msgspec.convert(dict(row), Offer)


def _many(rows: Sequence[Any]) -> list[Offer]:
    return [msgspec.convert(dict(row), Offer) for row in rows]
