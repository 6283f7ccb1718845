"""The history of one message of ours: every attempt at sending it, and why one that waits is waiting."""

from typing import Any

from litestar import get

from server.domain.errors import NotFound
from server.domain.model import Channel, OutboxState
from server.store import attempts as kept
from server.store import inboxes, replies, views
from server.store.attempts import Tried
from server.web import failures, wire
from server.web.parameters import Asker, Ours, PathId
from server.web.present import Presenter
from server.web.snapshots import presenter


@get("/api/messages/{message_id:int}/attempts")
async def attempts(message_id: PathId, services: Ours, viewer: Asker) -> wire.Attempts:
    """Each try with its outcome: what a person sent again has several."""
    async with services.pool.acquire() as connection:
        message = await replies.own_message(connection, message_id)
        # One answer for both, so that nobody learns which numbers are taken beyond the wall.
        if message is None or not await views.readable(connection, viewer, message.conversation_id):
            raise NotFound("This message does not exist.")
        summary = (await views.summaries(connection, [message.conversation_id]))[message.conversation_id]
        tried = await kept.of_message(connection, message_id)
        paused = {each.id: each for each in await inboxes.paused(connection)}.get(summary.inbox_id)
    speak, held = presenter(services, viewer), paused.failure if paused else None
    return wire.Attempts(attempts=[_told(each, summary.channel, speak, held) for each in tried])


def _told(tried: Tried, channel: Channel, speak: Presenter, held: dict[str, Any] | None) -> wire.Attempt:
    """`held`: why nothing leaves the inbox now; it is what a waiting message waits for, tried before or not."""
    doubtful = tried.state is OutboxState.UNCERTAIN
    failure = held or tried.failure if tried.state is OutboxState.QUEUED else tried.failure
    return wire.Attempt(
        state=tried.state, calls=tried.calls, queued_at=tried.created_at, sent_at=tried.sending_at,
        ended_at=tried.finished_at,
        failure=failures.advised(channel, failure, speak.catalogue, uncertain=doubtful),
    )  # fmt: skip
