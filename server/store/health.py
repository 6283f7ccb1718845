"""How inboxes stand at Meta, as last asked, and the figures detectors and the health page read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import Channel
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("health")


class InboxStanding(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    sector_id: str
    channel: Channel
    external_id: str
    account_id: str | None
    has_token: bool
    token_set_at: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    resumes_at: datetime | None
    checked_at: datetime | None
    heard_at: datetime | None
    subscription: dict[str, Any]
    token_state: dict[str, Any]
    number: dict[str, Any]
    quarantined: int
    uncertain: int
    queued: int


class SendingNews(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of an inbox's own stream."""

    id: int
    inbox_id: str
    kind: str
    at: datetime
    data: dict[str, Any]


async def heard(connection: Connection, inbox_ids: Sequence[str]) -> None:
    """Something came from Meta for these, just now."""
    await connection.execute(_sql.heard, sorted(set(inbox_ids)))


async def claim(connection: Connection, most: int, seconds: float) -> list[str]:
    """The inboxes to ask about; nobody else gets these for so many seconds."""
    return [row["inbox_id"] for row in await connection.fetch(_sql.claim, most, seconds)]


async def seconds_to_next(connection: Connection) -> float | None:
    seconds: float | None = await connection.fetchval(_sql.next_due)
    return seconds


async def keep(
    connection: Connection, inbox_id: str, seconds: float, *, subscription: dict[str, Any] | None,
    token: dict[str, Any] | None, number: dict[str, Any] | None,
) -> None:  # fmt: skip
    """What was found, None where nobody could be asked; the next check in so many seconds."""
    await connection.execute(_sql.keep, inbox_id, seconds, subscription, token, number)


async def hasten(connection: Connection, inbox_id: str) -> bool:
    return await connection.fetchval(_sql.hasten, inbox_id) is not None


async def look_soon(connection: Connection, inbox_ids: Sequence[str]) -> None:
    """Something was said about these; a minute after the last look at the earliest."""
    await connection.execute(_sql.look_soon, sorted(set(inbox_ids)))


async def strays(connection: Connection, seconds: float) -> dict[str, int]:
    """Statuses of the last day that belong to no message we know, by inbox."""
    return {row["inbox_id"]: row["count"] for row in await connection.fetch(_sql.strays, seconds)}


async def unconfirmed(connection: Connection, seconds: float) -> dict[str, int]:
    """WhatsApp messages of the last day that Meta accepted and never reported on, by inbox."""
    return {row["inbox_id"]: row["count"] for row in await connection.fetch(_sql.unconfirmed, seconds)}


async def last_heard(connection: Connection) -> dict[str, datetime | None]:
    return {row["inbox_id"]: row["heard_at"] for row in await connection.fetch(_sql.last_heard)}


async def standing(connection: Connection, sectors: Iterable[str]) -> list[InboxStanding]:
    return [msgspec.convert(dict(row), InboxStanding) for row in await connection.fetch(_sql.standing, sorted(sectors))]


async def quarantined_nowhere(connection: Connection) -> int:
    count: int = await connection.fetchval(_sql.quarantined_nowhere)
    return count


async def sending_news(connection: Connection, inbox_ids: Iterable[str]) -> list[SendingNews]:
    """The newest first."""
    rows = await connection.fetch(_sql.sending_news, sorted(inbox_ids))
    return [msgspec.convert(dict(row), SendingNews) for row in rows]
