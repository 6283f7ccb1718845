"""An advisor answers, or decides about an answer that failed."""

from typing import Any

import msgspec

from server.actions import reach
from server.actions.send import send
from server.actions.unit import Services, Topic, Unit, unit
from server.domain import limits, window
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.delivery import UNDECIDED
from server.domain.errors import Conflict, Forbidden, Invalid, NotFound, StaleReply, WindowClosed
from server.domain.events import MessageMoved
from server.domain.failure_codes import DECIDED
from server.domain.inbound import Failure
from server.domain.model import Author, Channel, ConversationState, MessageStatus, OutboxState, Purpose
from server.domain.outgoing import Text
from server.store import outbox, replies, views

# What makes a draft stale when others did it, beside their messages. New customer messages do not.
STALING = (
    "MessageEchoed", "HandedOff", "ConversationQueued", "ConversationAssigned", "ConversationReleased",
    "ConversationTransferred", "ConversationSnoozed", "ConversationResolved", "ConversationReopened",
)  # fmt: skip
_SAID_BY_PEOPLE = (Purpose.REPLY, Purpose.BOT)


async def reply(
    services: Services, viewer: Viewer, conversation_id: int, *,
    command_id: str, text: str, based_on_version: int, reply_to: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Queues the owner's answer; a repeat of the command gets the first result.

    `reply_to` is our id of the message it quotes. Raises `StaleReply` with what changed, `WindowClosed`, `Invalid`,
    `Forbidden`, `NotFound`.
    """
    async with unit(services) as work:
        if (first := await reach.first_result(work, viewer, command_id, "reply", conversation_id)) is not None:
            return first
        conversation = await _own(work, viewer, conversation_id, based_on_version)
        channel = _channel(work, conversation)
        text = text.replace("\0", "")
        limits.check(channel, Text(text))
        _require_window(work, conversation, channel)
        quoted = await replies.provider_id(work.connection, reply_to, conversation.id) if reply_to else None
        message_id = await send(
            work, conversation, Text(text, quoted), author=Author.ADVISOR, author_id=viewer.user_id,
            purpose=Purpose.REPLY,
        )  # fmt: skip
        return await _done(work, viewer, command_id, "reply", conversation, message_id)


async def retry(services: Services, viewer: Viewer, message_id: int, command_id: str) -> dict[str, Any]:
    """Sends a failed or uncertain message once more: a new attempt beside the old one.

    Raises `Conflict` when nothing is to be decided, `WindowClosed`, `Forbidden`, `NotFound`.
    """
    async with unit(services) as work:
        act, conversation_id = f"retry {message_id} in", await _conversation_of(work, viewer, message_id)
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id)) is not None:
            return first
        conversation, status = await _own_message(work, viewer, conversation_id, message_id)
        attempt = await outbox.last_attempt(work.connection, message_id)
        if status not in UNDECIDED or attempt is None:
            raise Conflict("This message needs no retry any more.", status=status)
        if attempt.purpose not in _SAID_BY_PEOPLE:
            raise Conflict("Automatic notices are not sent again.", status=status)
        _require_window(work, conversation, _channel(work, conversation))
        await outbox.close(work.connection, message_id, Failure(code=DECIDED, title="Sent again"))
        conversation.outbox_seq += 1
        await outbox.try_again(work.connection, attempt.id, conversation.outbox_seq)
        await outbox.reset_message(work.connection, message_id, MessageStatus.QUEUED)
        _note(work, viewer, conversation, message_id, MessageStatus.QUEUED)
        work.wake(Topic.OUTBOX)
        return await _done(work, viewer, command_id, act, conversation, message_id)


async def discard(services: Services, viewer: Viewer, message_id: int, command_id: str) -> dict[str, Any]:
    """Lets a failed or uncertain message be, or stops one that has not left yet. Raises as `retry`.

    What is leaving, or left and is still being looked for, cannot be stopped: nobody could say that it was not sent.
    """
    async with unit(services) as work:
        act, conversation_id = f"discard {message_id} in", await _conversation_of(work, viewer, message_id)
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id)) is not None:
            return first
        conversation, status = await _own_message(work, viewer, conversation_id, message_id)
        attempt = await outbox.last_attempt(work.connection, message_id)
        waits = status is MessageStatus.QUEUED and attempt is not None and attempt.state is OutboxState.QUEUED
        if status not in UNDECIDED and not waits:
            raise Conflict("This message is on its way already.", status=status)
        await outbox.close(work.connection, message_id, Failure(code=DECIDED, title="Discarded"))
        await outbox.mark_message(work.connection, message_id, MessageStatus.DISCARDED)
        _note(work, viewer, conversation, message_id, MessageStatus.DISCARDED)
        work.wake(Topic.OUTBOX)
        return await _done(work, viewer, command_id, act, conversation, message_id)


async def _own(work: Unit, viewer: Viewer, conversation_id: int, based_on_version: int | None = None) -> Conversation:
    """The conversation, locked, if the viewer owns it and, where a version is given, nothing else was done since."""
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


async def _conversation_of(work: Unit, viewer: Viewer, message_id: int) -> int:
    found = await replies.own_message(work.connection, message_id)
    # One answer for both, so that nobody learns which numbers are taken beyond the wall.
    if found is None or not await views.readable(work.connection, viewer, found.conversation_id):
        raise NotFound("This message does not exist.")
    return found.conversation_id


async def _own_message(
    work: Unit, viewer: Viewer, conversation_id: int, message_id: int
) -> tuple[Conversation, MessageStatus]:
    conversation = await _own(work, viewer, conversation_id)
    # Read under the lock: only it keeps the status still.
    found = await replies.own_message(work.connection, message_id)
    if found is None:
        raise NotFound("This message does not exist.")
    return conversation, found.status


def _require_window(work: Unit, conversation: Conversation, channel: Channel) -> None:
    if not window.is_open(channel, conversation.last_inbound_at, work.now):
        raise WindowClosed(
            "More than 24 hours have passed since the customer last wrote.",
            closed_at=window.closes_at(channel, conversation.last_inbound_at),
        )


def _channel(work: Unit, conversation: Conversation) -> Channel:
    return work.organisation.inboxes[conversation.inbox_id].channel


def _note(work: Unit, viewer: Viewer, conversation: Conversation, message_id: int, status: MessageStatus) -> None:
    fact = MessageMoved(message_id=message_id, status=status)
    work.record(conversation, fact, actor=viewer.actor, user_id=conversation.owner_id)


async def _done(
    work: Unit, viewer: Viewer, command_id: str, act: str, conversation: Conversation, message_id: int
) -> dict[str, Any]:
    result = {"message_id": message_id, "version": conversation.version}
    await reach.keep_result(work, viewer, command_id, act, conversation.id, result)
    return result
