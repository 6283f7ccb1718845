"""The supervisor's board."""

from litestar import get

from server.web import boards, wire
from server.web.parameters import Asker, Ours


@get("/api/board")
async def board(services: Ours, viewer: Asker) -> wire.Board:
    """Queues and people of the reader's sectors, as of one moment."""
    return await boards.read(services, viewer)
