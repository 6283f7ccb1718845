"""Catching up over HTTP: the same answer the socket gives."""

from litestar import get

from server.domain.errors import Invalid
from server.store import feed
from server.web import wire
from server.web.parameters import Asker, Ours, QueryId
from server.web.snapshots import presenter


@get("/api/events")
async def events(services: Ours, viewer: Asker, since: QueryId = None) -> wire.Feed:
    """What happened since the cursor that the reader may see now; `resync` when it was too much."""
    if since is None:
        raise Invalid("Say since which cursor.", field="since")
    async with services.pool.acquire() as connection:
        missed = await feed.missed(connection, viewer, since)
    speak = presenter(services, viewer)
    return wire.Feed(
        cursor=missed.cursor, resync=missed.resync, heads=missed.heads,
        events=[
            speak.push(row, whole=whole, offered=row.offer_advisor_id == viewer.user_id)
            for row, whole in missed.events
        ],
    )  # fmt: skip
