"""The event log: appended by units, read by catch-up, reports and the timeline."""

from collections.abc import Sequence
from typing import Any

import msgspec

from server.domain.events import Event
from server.store import bulk
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("events")


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event before the database gave it an id and a time."""

    stream: str
    version: int
    kind: str
    actor: str
    sector_id: str | None
    conversation_id: int | None
    user_id: int | None
    data: dict[str, Any]


async def append(connection: Connection, events: Sequence[NewEvent]) -> list[Event]:
    if len(events) < bulk.MANY:
        rows = await connection.fetch(_sql.append, *columns(events, NewEvent))
    else:
        rows = await connection.fetch(_sql.new_ids, len(events))
        records = [(id, *msgspec.structs.astuple(each)) for (id, _), each in zip(rows, events, strict=True)]
        await bulk.copy(connection, "event", ("id", *NewEvent.__struct_fields__), records)
    return [
        Event(id=id, at=at, stream=each.stream, version=each.version, kind=each.kind, actor=each.actor,
              sector_id=each.sector_id, conversation_id=each.conversation_id, user_id=each.user_id, data=each.data)
        for (id, at), each in zip(rows, events, strict=True)
    ]  # fmt: skip


async def last_versions(connection: Connection, streams: Sequence[str]) -> dict[str, int]:
    """The newest version of each stream that has any event."""
    return {row["stream"]: row["version"] for row in await connection.fetch(_sql.last_versions, streams)}
