"""What a client missed since its cursor, by the person's present rights; too much is answered with a resync."""

from typing import Any

import msgspec

from server.domain.access import Viewer
from server.domain.organisation import Organisation
from server.realtime.feed import Present
from server.store import feed
from server.store.pool import Connection


class CaughtUp(msgspec.Struct, frozen=True):
    cursor: int
    events: list[Any]
    resync: bool
    heads: dict[str, int]


async def catch_up(
    connection: Connection, viewer: Viewer, cursor: int, present: Present, organisation: Organisation
) -> CaughtUp:
    missed = await feed.missed(connection, viewer, cursor)
    events = [
        present(row, organisation, viewer.language, whole=whole, offered=row.offer_advisor_id == viewer.user_id)
        for row, whole in missed.events
    ]
    return CaughtUp(missed.cursor, events, missed.resync, missed.heads)
