"""An advisor takes an offer or leaves it to others."""

import msgspec
from litestar import post
from litestar.params import JSONBody

from server.actions import assign
from server.web import wire
from server.web.commands import Decision, Decline
from server.web.parameters import Asker, Ours, PathId


@post("/api/offers/{offer_id:int}/accept", status_code=200)
async def accept(offer_id: PathId, data: JSONBody[Decision], services: Ours, viewer: Asker) -> wire.Moved:
    """The conversation becomes the advisor's. `offer-gone` when the offer ended otherwise."""
    return msgspec.convert(await assign.accept(services, viewer, offer_id), wire.Moved)


@post("/api/offers/{offer_id:int}/decline", status_code=200)
async def decline(offer_id: PathId, data: JSONBody[Decline], services: Ours, viewer: Asker) -> wire.Moved:
    """The conversation goes on to others, with its age."""
    return msgspec.convert(await assign.decline(services, viewer, offer_id, data.reason), wire.Moved)
