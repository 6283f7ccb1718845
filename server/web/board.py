"""The supervisor's board."""

from litestar import get
from litestar.di import NamedDependency

from server.actions.unit import Services
from server.domain.access import Viewer
from server.web import boards, wire


@get("/api/board")
async def board(services: NamedDependency[Services], viewer: NamedDependency[Viewer]) -> wire.Board:
    """Queues and people of the reader's sectors, as of one moment."""
    return await boards.read(services, viewer)
