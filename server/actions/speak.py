"""An advisor says something: any kind the channel takes, under the same guards."""

from typing import Any

import msgspec

from server.actions import attach, owned, reach, templates, windows
from server.actions.send import Sending, send_many
from server.actions.unit import Services, Unit, unit
from server.domain import limits, pointing
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
        # Not the version: what is said stays the same when a repeat has seen more.
        content = {"saying": saying, "reply_to": reply_to}
        if (first := await reach.first_result(work, viewer, command_id, "reply", conversation_id, content)) is not None:
            return first
        conversation = await owned.take(work, viewer, conversation_id, based_on_version)
        channel = work.organisation.inboxes[conversation.inbox_id].channel
        outgoing = await _outgoing(work, viewer, conversation, plain(saying))
        category = outgoing.category if isinstance(outgoing, Template) else None
        parts = _parts(channel, outgoing)
        for part in parts:
            limits.check(channel, part)
        allowed = await windows.require(work, conversation, kind=kind_of(outgoing), category=category)
        if reply_to is not None:
            if allowed.comment_id is not None:
                raise Invalid("A private reply to a comment quotes nothing.", field="reply_to")
            parts = [quoting(parts[0], await _quoted(work, conversation, reply_to)), *parts[1:]]
        ids = await send_many(work, [
            Sending(
                conversation=conversation, outgoing=part, author=Author.ADVISOR, author_id=viewer.user_id,
                purpose=Purpose.REPLY, tag=allowed.tag, category=category, comment_id=allowed.comment_id,
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


async def _quoted(work: Unit, conversation: Conversation, message_id: int) -> str | None:
    """Meta's id of the message to be quoted. Raises `Invalid`."""
    target = await replies.target(work.connection, message_id)
    # One answer for both, so that nobody learns which numbers are taken beyond the wall.
    if target is None or target.conversation_id != conversation.id:
        raise Invalid("The message to be quoted is not in this conversation.", field="reply_to")
    if (why_not := pointing.why_unquotable(target)) is not None:
        raise Invalid(why_not, field="reply_to")
    return target.provider_id


def _parts(channel: Channel, outgoing: Outgoing) -> list[Outgoing]:
    """Where a file takes no caption its words follow it."""
    if isinstance(outgoing, Media) and outgoing.caption and LIMITS[channel].caption is None:
        return [msgspec.structs.replace(outgoing, caption=""), Text(outgoing.caption)]
    return [outgoing]
