"""The signs of the business on customers' messages as people see them, whatever Meta made of their sending."""

from collections.abc import Sequence

from server.actions.unit import Unit
from server.domain.conversation import Conversation
from server.domain.events import MessageReacted
from server.store import reactions, replies
from server.store.reactions import Reaction


async def show(
    work: Unit, conversation: Conversation, message_id: int, emoji: str, *, actor: str, user_id: int | None = None
) -> None:
    """Puts the emoji on the message, or takes ours off with ''."""
    row = Reaction(message_id=message_id, by="business", emoji=emoji, user_id=user_id, at=work.now)
    await reactions.put(work.connection, [row])
    fact = MessageReacted(message_id=message_id, by="business", emoji=emoji)
    work.record(conversation, fact, actor=actor, user_id=conversation.owner_id)


async def take_off(work: Unit, message_ids: Sequence[int], *, actor: str = "system") -> None:
    """Of these messages of ours, those that are reactions did not arrive. Their conversations are locked."""
    for each in await replies.reactions_among(work.connection, message_ids) if message_ids else ():
        if each.emoji and each.shown == each.emoji:
            await show(work, work.held(each.conversation_id), each.about, "", actor=actor)


async def put_back(work: Unit, message_ids: Sequence[int], *, actor: str) -> None:
    """They are sent once more."""
    for each in await replies.reactions_among(work.connection, message_ids):
        await show(work, work.held(each.conversation_id), each.about, each.emoji, actor=actor)
