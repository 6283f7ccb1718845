"""Labels of customers."""

import msgspec
from litestar import post
from litestar.params import JSONBody

from server.actions import labels
from server.web import wire
from server.web.commands import SetLabel
from server.web.parameters import Asker, Ours, PathId


@post("/api/conversations/{conversation_id:int}/labels", status_code=200)
async def set_label(conversation_id: PathId, data: JSONBody[SetLabel], services: Ours, viewer: Asker) -> wire.Moved:
    """Gives the customer one of the sector's labels, or takes it off, for this sector alone."""
    result = await labels.label(
        services, viewer, conversation_id, label=data.label, on=data.on, command_id=data.command_id
    )
    return msgspec.convert(result, wire.Moved)
