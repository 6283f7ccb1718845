"""Outbox rows: what waits to be sent, is being sent, or has been."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.inbound import Address, Failure
from server.domain.model import Author, MessageStatus, OutboxState, Purpose
from server.domain.outgoing import Outgoing
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("outbox")


class NewOutbox(msgspec.Struct, frozen=True, kw_only=True):
    """`seq` was taken under the conversation's lock; the recipient is read from the identity when stored."""

    conversation_id: int
    sector_id: str
    bots: bool
    inbox_id: str
    identity_id: int
    message_id: int
    seq: int
    purpose: Purpose
    opening: int
    payload: dict[str, Any]


async def add(connection: Connection, rows: Sequence[NewOutbox]) -> None:
    await connection.execute(_sql.add, *columns(rows, NewOutbox))


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A row committed as `sending` under our lease. `attempts` tells this attempt's outcome from another's."""

    id: int
    local_id: str
    conversation_id: int
    inbox_id: str
    message_id: int
    bots: bool
    purpose: Purpose
    recipient: Address
    payload: Outgoing
    attempts: int
    created_at: datetime
    claimed_at: datetime
    last_inbound_at: datetime | None
    token_set_at: datetime | None


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    message_id: int
    conversation_id: int


class SentMessage(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    status: MessageStatus
    author: Author


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    state: OutboxState
    purpose: Purpose


async def claim(connection: Connection, epochs: Mapping[str, int], most: int, lease_seconds: float) -> list[Claimed]:
    """Takes due rows, at most one of each conversation, for the inboxes whose leases we hold; oldest first."""
    rows = await connection.fetch(_sql.claim, list(epochs), list(epochs.values()), most, lease_seconds)
    return sorted((msgspec.convert(dict(row), Claimed) for row in rows), key=lambda each: each.id)


async def accept(connection: Connection, outcomes: Sequence[tuple[Claimed, str]]) -> set[int]:
    """Of (row, provider id) pairs, the rows that were still ours to move; so with those that follow."""
    claimed = [each[0] for each in outcomes]
    return _ids(await connection.fetch(_sql.accept, *_attempts(claimed), [each[1] for each in outcomes]))


async def requeue(connection: Connection, outcomes: Sequence[tuple[Claimed, float, Failure | None]]) -> set[int]:
    """Sets (row, seconds to wait, why) back: it was surely not sent."""
    waits, failures = [each[1] for each in outcomes], [_json(each[2]) for each in outcomes]
    return _ids(await connection.fetch(_sql.requeue, *_attempts([each[0] for each in outcomes]), waits, failures))


async def fail(connection: Connection, outcomes: Sequence[tuple[Claimed, Failure]]) -> set[int]:
    failures = [_json(each[1]) for each in outcomes]
    return _ids(await connection.fetch(_sql.fail, *_attempts([each[0] for each in outcomes]), failures))


async def doubt(
    connection: Connection, outcomes: Sequence[tuple[Claimed, Failure | None]], hold_seconds: float
) -> set[int]:
    failures = [_json(each[1]) for each in outcomes]
    rows = await connection.fetch(_sql.doubt, *_attempts([each[0] for each in outcomes]), failures, hold_seconds)
    return _ids(rows)


async def expire(connection: Connection, hold_seconds: float) -> int:
    """Makes uncertain what its sender left behind."""
    return len(await connection.fetch(_sql.expire, hold_seconds))


async def undecided(connection: Connection) -> list[Undecided]:
    return [Undecided(**dict(row)) for row in await connection.fetch(_sql.undecided)]


async def still_undecided(connection: Connection, ids: Sequence[int]) -> set[int]:
    """The messages of those rows that are uncertain still, read under their conversations' locks."""
    return {row["message_id"] for row in await connection.fetch(_sql.still_undecided, ids)}


async def messages_of(connection: Connection, message_ids: Sequence[int]) -> dict[int, SentMessage]:
    rows = await connection.fetch(_sql.messages_of, message_ids)
    return {row["id"]: msgspec.convert(dict(row), SentMessage) for row in rows}


async def name_messages(connection: Connection, pairs: Sequence[tuple[int, str]]) -> None:
    """Gives messages the provider's ids."""
    await connection.execute(_sql.name_messages, [each[0] for each in pairs], [each[1] for each in pairs])


async def last_attempt(connection: Connection, message_id: int) -> Attempt | None:
    """The newest attempt, locked, so that no sender claims it while a person decides about it."""
    row = await connection.fetchrow(_sql.last_attempt, message_id)
    return msgspec.convert(dict(row), Attempt) if row else None


async def close(connection: Connection, message_id: int, why: Failure) -> None:
    """Ends the message's attempts that wait or are uncertain."""
    await connection.execute(_sql.close, message_id, _json(why))


async def try_again(connection: Connection, attempt_id: int, seq: int) -> None:
    await connection.execute(_sql.try_again, attempt_id, seq)


async def reset_message(connection: Connection, message_id: int, status: MessageStatus) -> None:
    """As if it were written now: what an earlier attempt left on it is gone."""
    await connection.execute(_sql.reset_message, message_id, status)


async def mark_message(connection: Connection, message_id: int, status: MessageStatus) -> None:
    await connection.execute(_sql.mark_message, message_id, status)


def _attempts(claimed: Sequence[Claimed]) -> tuple[list[int], list[int]]:
    return [each.id for each in claimed], [each.attempts for each in claimed]


def _ids(rows: Sequence[Any]) -> set[int]:
    return {row["id"] for row in rows}


def _json(failure: Failure | None) -> dict[str, Any] | None:
    return msgspec.to_builtins(failure) if failure else None
