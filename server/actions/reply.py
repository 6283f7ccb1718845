"""An advisor answers, or decides about an answer that failed."""

from typing import Any

from server.actions import marks, owned, reach, windows
from server.actions.speak import speak
from server.actions.unit import Services, Topic, Unit, unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.delivery import UNDECIDED
from server.domain.errors import Conflict
from server.domain.events import MessageMoved
from server.domain.failure_codes import DECIDED
from server.domain.inbound import Failure
from server.domain.model import MessageStatus, OutboxState, Purpose
from server.domain.outgoing import Text
from server.store import attempts, uploads

_SAID_BY_PEOPLE = (Purpose.REPLY, Purpose.BOT)


async def reply(
    services: Services, viewer: Viewer, conversation_id: int, *,
    command_id: str, text: str, based_on_version: int, reply_to: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Answers with words alone: see `speak`."""
    return await speak(
        services, viewer, conversation_id, command_id=command_id, saying=Text(text), based_on_version=based_on_version,
        reply_to=reply_to,
    )  # fmt: skip


async def retry(services: Services, viewer: Viewer, message_id: int, command_id: str) -> dict[str, Any]:
    """Sends a failed or uncertain message once more: a new attempt beside the old one.

    Raises `Conflict` when nothing is to be decided, `WindowClosed`, `Forbidden`, `NotFound`.
    """
    async with unit(services) as work:
        act, conversation_id = f"retry {message_id} in", await owned.conversation_of(work, viewer, message_id)
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id)) is not None:
            return first
        conversation, status = await owned.take_message(work, viewer, conversation_id, message_id)
        attempt = await attempts.last(work.connection, message_id)
        if status not in UNDECIDED or attempt is None:
            raise Conflict("This message needs no retry any more.", status=status)
        if attempt.purpose not in _SAID_BY_PEOPLE:
            raise Conflict("Automatic notices are not sent again.", status=status)
        allowed = await windows.require(
            work, conversation, purpose=attempt.purpose, kind=attempt.kind, category=attempt.category
        )
        await attempts.close(work.connection, message_id, Failure(code=DECIDED, title="Sent again"))
        conversation.outbox_seq += 1
        await attempts.try_again(work.connection, attempt.id, conversation.outbox_seq, allowed.tag, allowed.comment_id)
        await attempts.reset_message(work.connection, message_id, MessageStatus.QUEUED)
        # Meta may have forgotten its files, or never had them.
        await uploads.upload_again(work.connection, message_id)
        await marks.put_back(work, [message_id], actor=viewer.actor)
        _note(work, viewer, conversation, message_id, MessageStatus.QUEUED)
        work.wake(Topic.MEDIA)
        work.wake(Topic.OUTBOX)
        return await owned.done(work, viewer, command_id, act, conversation, message_id)


async def discard(services: Services, viewer: Viewer, message_id: int, command_id: str) -> dict[str, Any]:
    """Lets a failed or uncertain message be, or stops one that has not left yet. Raises as `retry`.

    What is leaving, or left and is still being looked for, cannot be stopped: nobody could say that it was not sent.
    """
    async with unit(services) as work:
        act, conversation_id = f"discard {message_id} in", await owned.conversation_of(work, viewer, message_id)
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id)) is not None:
            return first
        conversation, status = await owned.take_message(work, viewer, conversation_id, message_id)
        attempt = await attempts.last(work.connection, message_id)
        waits = status is MessageStatus.QUEUED and attempt is not None and attempt.state is OutboxState.QUEUED
        if status not in UNDECIDED and not waits:
            raise Conflict("This message is on its way already.", status=status)
        await attempts.close(work.connection, message_id, Failure(code=DECIDED, title="Discarded"))
        await attempts.mark_message(work.connection, message_id, MessageStatus.DISCARDED)
        await marks.take_off(work, [message_id], actor=viewer.actor)
        _note(work, viewer, conversation, message_id, MessageStatus.DISCARDED)
        work.wake(Topic.OUTBOX)
        return await owned.done(work, viewer, command_id, act, conversation, message_id)


def _note(work: Unit, viewer: Viewer, conversation: Conversation, message_id: int, status: MessageStatus) -> None:
    fact = MessageMoved(message_id=message_id, status=status)
    work.record(conversation, fact, actor=viewer.actor, user_id=conversation.owner_id)
