"""What happened to accounts at Meta, and what our detectors found about them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.inbound import Severity
from server.domain.model import Channel
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("account_events")

# (account, event) of what a detector found.
State = tuple[str, str]


class NewAccountEvent(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    channel: Channel
    account_id: str
    inbox_ids: tuple[str, ...]
    sector_ids: tuple[str, ...]
    field: str
    event: str
    severity: Severity
    data: dict[str, Any]
    at: datetime


class Added(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    inbox_ids: tuple[str, ...]
    severity: Severity


class AccountEventRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    source: str
    inbox_ids: tuple[str, ...]
    field: str
    event: str
    severity: Severity
    data: dict[str, Any]
    at: datetime
    # Of a state: when it was over.
    ended_at: datetime | None


async def add(connection: Connection, events: Sequence[NewAccountEvent]) -> list[Added]:
    """Without those a detector has told of already."""
    values = columns(events, NewAccountEvent)
    for place in (3, 4):
        # Lists in a list would be one array of two dimensions.
        values[place] = [msgspec.json.encode(each).decode() for each in values[place]]
    return [msgspec.convert(dict(row), Added) for row in await connection.fetch(_sql.add, *values)]


async def lasting(connection: Connection) -> set[State]:
    return {(row["account_id"], row["event"]) for row in await connection.fetch(_sql.lasting)}


async def finish(connection: Connection, states: Iterable[State]) -> int:
    """They are over; returns how many lasted until now."""
    known = sorted(states)
    return len(await connection.fetch(_sql.finish, [each[0] for each in known], [each[1] for each in known]))


async def renew(connection: Connection, states: Mapping[State, dict[str, Any]]) -> None:
    await connection.execute(
        _sql.renew, [each[0] for each in states], [each[1] for each in states], list(states.values())
    )


async def newest(connection: Connection, sectors: Iterable[str], limit: int) -> list[AccountEventRow]:
    rows = await connection.fetch(_sql.newest, sorted(sectors), limit)
    return [msgspec.convert(dict(row), AccountEventRow) for row in rows]


async def templates(connection: Connection, sectors: Iterable[str]) -> list[AccountEventRow]:
    """The templates that Meta last said something bad about."""
    rows = await connection.fetch(_sql.templates, sorted(sectors))
    return [msgspec.convert(dict(row), AccountEventRow) for row in rows]
