"""Catching up over HTTP: the same answer the socket gives."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from server.actions.unit import Services
from server.domain.access import Viewer, reads_every_conversation
from server.store import feed
from server.web import wire
from server.web.snapshots import presenter

MOST_EVENTS = 500


@get("/api/events")
async def events(
    services: NamedDependency[Services],
    viewer: NamedDependency[Viewer],
    since: Annotated[int, QueryParameter(ge=0, le=2**53)],
) -> wire.Feed:
    """What happened since the cursor that the reader may see now; `resync` when it was too much."""
    async with services.pool.acquire() as connection:
        missed = await feed.missed(connection, viewer, since, MOST_EVENTS)
    speak = presenter(services, viewer)
    return wire.Feed(
        cursor=missed.cursor, resync=missed.resync,
        heads=missed.heads if reads_every_conversation(viewer) else {},
        events=[
            speak.push(row, whole=whole, offered=row.offer_advisor_id == viewer.user_id)
            for row, whole in missed.events
        ],
    )  # fmt: skip
