"""The attempts at one message: outbox rows as people see them and decide about them."""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.inbound import Failure
from server.domain.model import MessageStatus, OutboxState, Purpose
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("attempts")


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    state: OutboxState
    purpose: Purpose
    kind: str
    category: str | None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt at a message, as its history shows it. `calls`: how often Meta was asked."""

    state: OutboxState
    calls: int
    created_at: datetime
    sending_at: datetime | None
    finished_at: datetime | None
    failure: dict[str, Any] | None


async def last(connection: Connection, message_id: int) -> Attempt | None:
    """The newest attempt, locked, so that no sender claims it while a person decides about it."""
    row = await connection.fetchrow(_sql.last, message_id)
    return msgspec.convert(dict(row), Attempt) if row else None


async def close(connection: Connection, message_id: int, why: Failure) -> None:
    """Ends the message's attempts that wait or are uncertain."""
    await connection.execute(_sql.close, message_id, msgspec.to_builtins(why))


async def of_message(connection: Connection, message_id: int) -> list[Tried]:
    """The history of a message, the first attempt leading."""
    return [msgspec.convert(dict(row), Tried) for row in await connection.fetch(_sql.of_message, message_id)]


async def try_again(
    connection: Connection, attempt_id: int, seq: int, tag: str | None = None, comment_id: str | None = None
) -> None:
    await connection.execute(_sql.try_again, attempt_id, seq, tag, comment_id)


async def reset_message(connection: Connection, message_id: int, status: MessageStatus) -> None:
    """As if it were written now: what an earlier attempt left on it is gone."""
    await connection.execute(_sql.reset_message, message_id, status)


async def mark_message(connection: Connection, message_id: int, status: MessageStatus) -> None:
    await connection.execute(_sql.mark_message, message_id, status)
