"""Writes what we want to say: a message and its outbox row, in the transaction that decided it."""

from collections.abc import Sequence

import msgspec

from server.actions.unit import Topic, Unit
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden
from server.domain.events import Acknowledged, MessageQueued
from server.domain.model import Author, MessageStatus, Purpose
from server.domain.outgoing import Outgoing, answers, kind_of, words
from server.store import messages, outbox
from server.store.messages import NewMessage
from server.store.outbox import NewOutbox


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    conversation: Conversation
    outgoing: Outgoing
    author: Author
    author_id: int | None = None
    purpose: Purpose
    # What the call has to carry, as the window's verdict said (`windows.require`).
    tag: str | None = None
    # Of a template, as Meta sorted it.
    category: str | None = None
    # What it answers in private, as the verdict said.
    comment_id: str | None = None


async def send(
    work: Unit, conversation: Conversation, outgoing: Outgoing, *,
    author: Author, author_id: int | None = None, purpose: Purpose, tag: str | None = None, category: str | None = None,
) -> int:  # fmt: skip
    """Queues one message and returns its id. Raises `Forbidden` where a bot would speak in a sector without bots."""
    sending = Sending(
        conversation=conversation, outgoing=outgoing, author=author, author_id=author_id, purpose=purpose, tag=tag,
        category=category,
    )  # fmt: skip
    return (await send_many(work, [sending]))[0]


async def send_many(work: Unit, sendings: Sequence[Sending]) -> list[int]:
    """Queues messages in the order given, which is the order of each conversation."""
    if any(each.purpose is Purpose.BOT and not each.conversation.bots for each in sendings):
        raise Forbidden("No bot speaks in this sector.")
    if any((each.purpose is Purpose.BOT) is not (each.author is Author.BOT) for each in sendings):
        raise Forbidden("A bot speaks as a bot, and nobody else does.")
    ids = await messages.new_ids(work.connection, len(sendings))
    rows = [_message(work, each, id) for each, id in zip(sendings, ids, strict=True)]
    await work.insert(messages.add, rows)
    await work.insert(outbox.add, [_outbox(each, id) for each, id in zip(sendings, ids, strict=True)])
    for each, row in zip(sendings, rows, strict=True):
        _note(work, each, row)
    work.wake(Topic.OUTBOX)
    return ids


def _message(work: Unit, sending: Sending, id: int) -> NewMessage:
    conversation, outgoing = sending.conversation, sending.outgoing
    return NewMessage(
        id=id, conversation_id=conversation.id, sector_id=conversation.sector_id, inbox_id=conversation.inbox_id,
        direction="outbound", author=sending.author, author_id=sending.author_id,
        kind=kind_of(outgoing), text=words(outgoing), body=msgspec.to_builtins(outgoing),
        provider_at=work.now, status=MessageStatus.QUEUED, status_at=work.now,
    )  # fmt: skip


def _outbox(sending: Sending, message_id: int) -> NewOutbox:
    conversation = sending.conversation
    conversation.outbox_seq += 1
    return NewOutbox(
        conversation_id=conversation.id, sector_id=conversation.sector_id, bots=conversation.bots,
        inbox_id=conversation.inbox_id, identity_id=conversation.identity_id, message_id=message_id,
        seq=conversation.outbox_seq, purpose=sending.purpose, opening=conversation.opening,
        payload=msgspec.to_builtins(sending.outgoing), tag=sending.tag, category=sending.category,
        comment_id=sending.comment_id,
    )  # fmt: skip


def _note(work: Unit, sending: Sending, row: NewMessage) -> None:
    conversation = sending.conversation
    if answers(sending.outgoing):
        conversation.last_message_id, conversation.last_message_at = row.id, work.now
        if sending.author in (Author.ADVISOR, Author.BOT):
            conversation.waiting_since = None
    actor = f"user:{sending.author_id}" if sending.author_id else str(sending.author)
    work.record(conversation, MessageQueued(message_id=row.id), actor=actor, user_id=conversation.owner_id)
    if sending.purpose is Purpose.ACKNOWLEDGEMENT:
        work.record(conversation, Acknowledged(message_id=row.id), actor=actor)
