"""Outbox rows: what waits to be sent, is being sent, or has been."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.inbound import Address, Failure
from server.domain.model import Author, MessageStatus, Purpose
from server.domain.outgoing import Outgoing
from server.domain.window import Comment, Suppression
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
    # What the call carries outside the day, as decided when it was queued.
    tag: str | None = None
    # Of a template, as Meta sorted it.
    category: str | None = None
    # The comment it answers in private; no other row can hold it, until this one surely was not sent.
    comment_id: str | None = None


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
    category: str | None
    attempts: int
    created_at: datetime
    claimed_at: datetime
    contact_id: int
    window_opened_at: datetime | None
    free_entry_until: datetime | None
    ad_entry_at: datetime | None
    suppressions: tuple[Suppression, ...]
    # The one this row holds, so that no other text takes its place.
    comment: Comment | None
    token_set_at: datetime | None


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    message_id: int
    conversation_id: int


class SentMessage(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    status: MessageStatus
    author: Author


async def claim(
    connection: Connection, lanes: Mapping[str, tuple[int, int]], most: int, lease_seconds: float
) -> list[Claimed]:
    """Takes due rows, at most one of each conversation, for the inboxes whose leases we hold; oldest first.

    `lanes`: each inbox's epoch and how many may go for it now.
    """
    epochs, allowed = [each[0] for each in lanes.values()], [each[1] for each in lanes.values()]
    rows = await connection.fetch(_sql.claim, list(lanes), epochs, allowed, most, lease_seconds)
    return sorted((msgspec.convert(dict(row), Claimed) for row in rows), key=lambda each: each.id)


async def hold_back(connection: Connection, rows: Sequence[tuple[Claimed, float]]) -> None:
    """Gives (row, seconds to wait) back untouched: its call was not made."""
    await connection.execute(_sql.hold_back, *_attempts([each[0] for each in rows]), [each[1] for each in rows])


async def recent(
    connection: Connection, inbox_ids: Sequence[str], seconds: float
) -> dict[str, list[tuple[str, float]]]:
    """What was sent lately for each inbox, whoever sent it: (recipient, seconds ago), the oldest first."""
    found: dict[str, list[tuple[str, float]]] = {each: [] for each in inbox_ids}
    for row in await connection.fetch(_sql.recent, inbox_ids, seconds):
        found[row["inbox_id"]].append((row["recipient"], row["ago"]))
    return found


async def inbound_since(connection: Connection, message_id: int) -> tuple[int, dict[str, int]]:
    """The newest message id, and how many messages came in for each inbox after the given one."""
    found = {row["inbox_id"]: row["count"] for row in await connection.fetch(_sql.inbound_since, message_id)}
    return found.pop(""), found


async def accept(connection: Connection, outcomes: Sequence[tuple[Claimed, str | None]]) -> set[int]:
    """Of (row, provider id) pairs, the rows that were still ours to move; so with those that follow.

    Some reactions get no id.
    """
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


def _attempts(claimed: Sequence[Claimed]) -> tuple[list[int], list[int]]:
    return [each.id for each in claimed], [each.attempts for each in claimed]


def _ids(rows: Sequence[Any]) -> set[int]:
    return {row["id"] for row in rows}


def _json(failure: Failure | None) -> dict[str, Any] | None:
    return msgspec.to_builtins(failure) if failure else None
