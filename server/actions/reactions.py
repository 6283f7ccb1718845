"""Signs the advisor puts on a customer's messages."""

from datetime import timedelta
from typing import Any

from server.actions import marks, owned, reach, windows
from server.actions.send import send
from server.actions.unit import Services, unit
from server.domain import limits, pointing
from server.domain.access import Viewer
from server.domain.channel_limits import REACTION_DAYS
from server.domain.errors import Invalid, NotFound
from server.domain.model import Author, Channel, Purpose
from server.domain.outgoing import Reaction
from server.store import replies, views

_HEART, _RED_HEART = "❤", "❤️"


async def react(services: Services, viewer: Viewer, message_id: int, *, command_id: str, emoji: str) -> dict[str, Any]:
    """Puts the emoji on a customer's message, or takes ours off with ''. It leaves in order, like a message.

    Raises `Invalid`, `Conflict`, `WindowClosed`, `Forbidden`, `NotFound`.
    """
    async with unit(services) as work:
        target = await replies.target(work.connection, message_id)
        if target is None or not await views.readable(work.connection, viewer, target.conversation_id):
            raise NotFound("This message does not exist.")
        act, conversation_id = f"react to {message_id} in", target.conversation_id
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id, emoji)) is not None:
            return first
        conversation = await owned.take(work, viewer, conversation_id)
        channel = work.organisation.inboxes[conversation.inbox_id].channel
        # Read under the lock: the customer may have taken it back meanwhile.
        target = await replies.target(work.connection, message_id) or target
        if (why_not := pointing.why_unreactable(target)) is not None:
            raise Invalid(why_not, field="message_id")
        assert target.provider_id is not None, "what has no name takes no reaction"  # noqa: S101
        if channel is Channel.WHATSAPP and work.now - target.provider_at > timedelta(days=REACTION_DAYS):
            raise Invalid("A message older than {days} days takes no reaction.", field="message_id",
                          values={"days": REACTION_DAYS})  # fmt: skip
        emoji = _RED_HEART if emoji == _HEART else emoji
        reaction = Reaction(about=target.provider_id, emoji=emoji, message_id=message_id)
        limits.check(channel, reaction)
        allowed = await windows.require(work, conversation, kind="reaction")
        # Not as an advisor's words: it answers nobody, meets no target and makes nobody's draft stale.
        await send(
            work, conversation, reaction, author=Author.SYSTEM, author_id=viewer.user_id, purpose=Purpose.REPLY,
            tag=allowed.tag,
        )  # fmt: skip
        await marks.show(work, conversation, message_id, emoji, actor=viewer.actor, user_id=viewer.user_id)
        return await owned.done(work, viewer, command_id, act, conversation, message_id)
