"""An advisor says something: any kind the channel takes, under the same guards."""

from typing import Any

import msgspec

from server.actions import attach, owned, reach, templates, windows
from server.actions.send import Sending, send_many
from server.actions.unit import Services, Unit, unit
from server.domain import limits
from server.domain.access import Viewer
from server.domain.channel_limits import LIMITS
from server.domain.conversation import Conversation
from server.domain.errors import Invalid
from server.domain.model import Author, Channel, Purpose
from server.domain.outgoing import Media, Outgoing, Reaction, Template, Text, kind_of
from server.domain.saying import FillTemplate, Saying, plain, quoting
from server.store import replies


async def speak(
    services: Services, viewer: Viewer, conversation_id: int, *,
    command_id: str, saying: Saying, based_on_version: int, reply_to: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Queues what the owner says; a repeat of the command gets the first result.

    `reply_to` is our id of the message it quotes. Returns `message_id`, the conversation's `version`, and `also`: the
    ids of further messages where the channel needs several, such as a file and its caption. Raises `StaleReply` with
    what changed, `WindowClosed`, `Invalid`, `TooLarge`, `Forbidden`, `NotFound`.
    """
    async with unit(services) as work:
        if (first := await reach.first_result(work, viewer, command_id, "reply", conversation_id)) is not None:
            return first
        conversation = await owned.take(work, viewer, conversation_id, based_on_version)
        channel = work.organisation.inboxes[conversation.inbox_id].channel
        outgoing = await _outgoing(work, viewer, conversation, plain(saying))
        category = outgoing.category if isinstance(outgoing, Template) else None
        parts = _parts(channel, outgoing)
        for part in parts:
            limits.check(channel, part)
        allowed = await windows.require(work, conversation, kind=kind_of(outgoing), category=category)
        if reply_to and (quoted := await replies.provider_id(work.connection, reply_to, conversation.id)):
            parts = [quoting(parts[0], quoted), *parts[1:]]
        ids = await send_many(work, [
            Sending(
                conversation=conversation, outgoing=part, author=Author.ADVISOR, author_id=viewer.user_id,
                purpose=Purpose.REPLY, tag=allowed.tag, category=category,
            )
            for part in parts
        ])  # fmt: skip
        await attach.attach(work, channel, ids[0], parts[0])
        return await owned.done(work, viewer, command_id, "reply", conversation, ids[0], also=ids[1:])


async def _outgoing(work: Unit, viewer: Viewer, conversation: Conversation, saying: Saying) -> Outgoing:
    """What is said, its files found and its template filled."""
    if isinstance(saying, FillTemplate):
        outgoing: Outgoing = await templates.filled(work, conversation, saying)
    elif isinstance(saying, Reaction):
        raise Invalid("A reaction is given to a message.", field="kind")
    else:
        outgoing = saying
    return await attach.found(work, viewer, conversation, outgoing)


def _parts(channel: Channel, outgoing: Outgoing) -> list[Outgoing]:
    """Where a file takes no caption its words follow it."""
    if isinstance(outgoing, Media) and outgoing.caption and LIMITS[channel].caption is None:
        return [msgspec.structs.replace(outgoing, caption=""), Text(outgoing.caption)]
    return [outgoing]
