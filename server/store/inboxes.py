"""The part of an inbox that is not the organisation's: its sealed token, its pause, and who sends for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("inboxes")

_LEASE = "outbox:"


class InboxState(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    token: bytes | None
    token_set_at: datetime | None
    paused_at: datetime | None
    paused_reason: str | None


class Paused(msgspec.Struct, frozen=True, kw_only=True):
    """`paused_reason` is `CODE: TITLE` of the refusal that stopped it."""

    id: str
    paused_at: datetime
    paused_reason: str | None

    @property
    def failure(self) -> dict[str, Any]:
        code, _, title = (self.paused_reason or "").partition(":")
        return {"code": int(code), "title": title.strip()}


# (inbox, code, subcode or 0)
Alarm = tuple[str, int, int]


async def load(connection: Connection) -> dict[str, InboxState]:
    """Every active inbox."""
    return {row["id"]: InboxState(**dict(row)) for row in await connection.fetch(_sql.load)}


async def set_token(connection: Connection, inbox_id: str, sealed: bytes) -> bool:
    """Ends a pause too. False when there is no such inbox."""
    return await connection.fetchval(_sql.set_token, inbox_id, sealed) is not None


async def pause(
    connection: Connection, inbox_id: str, reason: str, token_set_at: datetime | None, seconds: float | None = None
) -> bool:
    """For so many seconds, or until somebody ends it. False when it was paused already, or when the token that failed
    is not the present one.
    """
    return await connection.fetchval(_sql.pause, inbox_id, reason, token_set_at, seconds) is not None


async def paused(connection: Connection) -> list[Paused]:
    """The active inboxes that send nothing now."""
    return [Paused(**dict(row)) for row in await connection.fetch(_sql.paused)]


async def lock(connection: Connection, inbox_ids: Iterable[str]) -> None:
    """Whoever appends to the inboxes' own streams holds their rows."""
    await connection.execute(_sql.lock, list(inbox_ids))


async def alarmed_lately(connection: Connection, alarms: Iterable[Alarm], seconds: float) -> set[Alarm]:
    """Those of the (inbox, code, subcode or 0) that were told within so many seconds."""
    known = list(alarms)
    parts = ([each[place] for each in known] for place in range(3))
    rows = await connection.fetch(_sql.alarmed_lately, *parts, seconds)
    return {(row["inbox_id"], row["code"], row["subcode"]) for row in rows}


async def resume(connection: Connection, inbox_id: str) -> bool:
    return await connection.fetchval(_sql.resume, inbox_id) is not None


async def take_leases(connection: Connection, inbox_ids: Iterable[str], holder: str, seconds: float) -> dict[str, int]:
    """The epoch of each inbox this holder alone sends for now; the others are another worker's."""
    names = sorted(f"{_LEASE}{each}" for each in inbox_ids)
    rows = await connection.fetch(_sql.take_leases, names, holder, seconds)
    return {row["name"].removeprefix(_LEASE): row["epoch"] for row in rows}


async def release_leases(connection: Connection, inbox_ids: Iterable[str], holder: str) -> None:
    await connection.execute(_sql.release_leases, [f"{_LEASE}{each}" for each in inbox_ids], holder)


async def resume_tokenless(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch(_sql.resume_tokenless)]


async def resume_due(connection: Connection) -> list[str]:
    """Ends the pauses whose time is over; returns whose."""
    return [row["id"] for row in await connection.fetch(_sql.resume_due)]
