"""The clocks of one conversation."""

from litestar import get

from server.store import timers
from server.web import present, wire
from server.web.parameters import Asker, Ours, PathId
from server.web.snapshots import expect_readable


@get("/api/conversations/{conversation_id:int}/timers")
async def conversation_timers(conversation_id: PathId, services: Ours, viewer: Asker) -> wire.Timers:
    """Everything of the conversation that has a deadline by its SLA policy, the next one leading."""
    async with services.pool.acquire() as connection:
        await expect_readable(connection, viewer, conversation_id)
        rows = await timers.at_work(connection, conversation_id)
    return wire.Timers(timers=[present.timer(row) for row in rows])
