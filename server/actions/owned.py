"""What only the owner of a conversation does: the guards of answering, under the conversation's lock."""

from typing import Any

import msgspec

from server.actions import reach
from server.actions.unit import Unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden, Invalid, NotFound, StaleReply
from server.domain.model import ConversationState, MessageStatus
from server.store import replies, views

# What makes a draft stale when others did it, beside their messages. New customer messages do not.
STALING = (
    "MessageEchoed", "HandedOff", "ConversationQueued", "ConversationAssigned", "ConversationReleased",
    "ConversationTransferred", "ConversationSnoozed", "ConversationResolved", "ConversationReopened",
)  # fmt: skip


async def take(work: Unit, viewer: Viewer, conversation_id: int, based_on_version: int | None = None) -> Conversation:
    """The conversation, locked, if the viewer owns it and, where a version is given, nothing else was done since.

    Raises `NotFound`, `Invalid`, `StaleReply`, `Forbidden`.
    """
    if not await views.readable(work.connection, viewer, conversation_id):
        raise NotFound("This conversation does not exist.")
    conversation = await work.lock(conversation_id)
    if based_on_version is not None:
        if based_on_version > conversation.version:
            raise Invalid("This version does not exist yet.", field="based_on_version")
        changes = await replies.changes_since(
            work.connection, conversation_id, based_on_version, by_others_than=viewer.actor, kinds=STALING
        )
        if changes:
            raise StaleReply(
                "Something changed since you began to write.", changes=[msgspec.to_builtins(each) for each in changes],
                version=conversation.version,
            )  # fmt: skip
    if conversation.owner_id != viewer.user_id or conversation.state is ConversationState.RESOLVED:
        raise Forbidden("Only its owner answers here: take the conversation over first.")
    return conversation


async def conversation_of(work: Unit, viewer: Viewer, message_id: int) -> int:
    """Where one of our messages is. Raises `NotFound`."""
    found = await replies.own_message(work.connection, message_id)
    # One answer for both, so that nobody learns which numbers are taken beyond the wall.
    if found is None or not await views.readable(work.connection, viewer, found.conversation_id):
        raise NotFound("This message does not exist.")
    return found.conversation_id


async def take_message(
    work: Unit, viewer: Viewer, conversation_id: int, message_id: int
) -> tuple[Conversation, MessageStatus]:
    """One of our messages in an own conversation, locked."""
    conversation = await take(work, viewer, conversation_id)
    # Read under the lock: only it keeps the status still.
    found = await replies.own_message(work.connection, message_id)
    if found is None:
        raise NotFound("This message does not exist.")
    return conversation, found.status


async def done(
    work: Unit, viewer: Viewer, command_id: str, act: str, conversation: Conversation, message_id: int, **more: Any
) -> dict[str, Any]:
    """Keeps what a repeat of the command will get, and returns it."""
    result = {"message_id": message_id, "version": conversation.version, **more}
    await reach.keep_result(work, viewer, command_id, act, conversation.id, result)
    return result
