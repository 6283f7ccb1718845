"""What a client missed since its cursor, by the person's present rights; too much is answered with a resync."""

from typing import Any

import msgspec

from server.domain.access import Viewer, reads_every_conversation
from server.domain.organisation import Organisation
from server.realtime.feed import Present
from server.store import feed
from server.store.pool import Connection

MOST_EVENTS = 500


class CaughtUp(msgspec.Struct, frozen=True):
    """`heads`: the newest event of each sector the person reads as a whole, as beats carry them."""

    cursor: int
    events: list[Any]
    resync: bool
    heads: dict[str, int]


async def catch_up(
    connection: Connection, viewer: Viewer, cursor: int, present: Present, organisation: Organisation
) -> CaughtUp:
    missed = await feed.missed(connection, viewer, cursor, MOST_EVENTS)
    events = [
        present(row, organisation, viewer.language, whole=whole, offered=row.offer_advisor_id == viewer.user_id)
        for row, whole in missed.events
    ]
    heads = missed.heads if reads_every_conversation(viewer) else {}
    return CaughtUp(missed.cursor, events, missed.resync, heads)
