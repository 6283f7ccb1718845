"""The event log: appended by units, read by catch-up, reports and the timeline."""

from collections.abc import Sequence
from typing import Any

import msgspec

from server.domain.events import Event
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
    rows = await connection.fetch(_sql.append, *columns(events, NewEvent))
    return [
        Event(id=row["id"], at=row["at"], **msgspec.structs.asdict(each))
        for row, each in zip(rows, events, strict=True)
    ]


async def last_versions(connection: Connection, streams: Sequence[str]) -> dict[str, int]:
    """The newest version of each stream that has any event."""
    return {row["stream"]: row["version"] for row in await connection.fetch(_sql.last_versions, streams)}
