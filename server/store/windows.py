"""The columns of a conversation that Meta's window is told by, beside the customer's last words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.window import Standing
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("windows")


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    conversation_id: int
    touched_at: datetime | None = None
    ad_entry_at: datetime | None = None
    commented_at: datetime | None = None
    comment_id: str | None = None


async def touch(connection: Connection, touches: Sequence[Touch]) -> None:
    await connection.execute(_sql.touch, *columns(_merged(touches), Touch))


async def begin_free_entry(connection: Connection, entries: Sequence[tuple[int, datetime]]) -> None:
    """(conversation, until when) pairs."""
    latest: dict[int, datetime] = {}
    for conversation_id, until in entries:
        latest[conversation_id] = max(until, latest.get(conversation_id, until))
    await connection.execute(_sql.begin_free_entry, list(latest), list(latest.values()))


async def take_up_comment(connection: Connection, conversation_id: int, ended_id: int) -> None:
    """The comment of the one that ends, where it is the newer: it waits in the one that goes on."""
    await connection.execute(_sql.take_up_comment, conversation_id, ended_id)


async def own_comment(connection: Connection, conversation_id: int) -> None:
    """As if it had never taken up another's."""
    await connection.execute(_sql.own_comment, conversation_id)


async def standing(connection: Connection, conversation_id: int, *, human_agent: bool) -> Standing:
    [row] = await connection.fetch(_sql.standing, conversation_id)
    return standing_of({**row, "human_agent": human_agent})


def standing_of(fields: dict[str, Any]) -> Standing:
    return msgspec.convert(fields, Standing)


def _merged(touches: Sequence[Touch]) -> list[Touch]:
    """One row for each conversation: an update takes only one."""
    merged: dict[int, Touch] = {}
    for each in touches:
        before = merged.get(each.conversation_id, each)
        commented = max(before, each, key=lambda one: (one.commented_at is not None, one.commented_at))
        merged[each.conversation_id] = Touch(
            conversation_id=each.conversation_id,
            touched_at=_later(before.touched_at, each.touched_at),
            ad_entry_at=_later(before.ad_entry_at, each.ad_entry_at),
            commented_at=commented.commented_at,
            comment_id=commented.comment_id,
        )
    return list(merged.values())


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each), default=None)
