"""The history of one message of ours: every attempt at sending it."""

from litestar import get

from server.domain.errors import NotFound
from server.domain.model import Channel, OutboxState
from server.store import attempts as kept
from server.store import replies, views
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
    speak = presenter(services, viewer)
    return wire.Attempts(attempts=[_told(each, summary.channel, speak) for each in tried])


def _told(tried: Tried, channel: Channel, speak: Presenter) -> wire.Attempt:
    doubtful = tried.state is OutboxState.UNCERTAIN
    return wire.Attempt(
        state=tried.state, calls=tried.calls, queued_at=tried.created_at, sent_at=tried.sending_at,
        ended_at=tried.finished_at,
        failure=failures.advised(channel, tried.failure, speak.catalogue, uncertain=doubtful),
    )  # fmt: skip
