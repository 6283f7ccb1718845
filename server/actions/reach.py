"""Which conversations a person may read and act on, decided under the conversation's lock.

Beyond the wall everything is `NotFound`; what one may see but not do is `Forbidden`.
"""

from typing import Any

from server.actions.unit import Unit
from server.domain import access
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.model import ConversationState
from server.store import assignments, commands, views

_GONE = "This conversation does not exist."


async def read(work: Unit, viewer: Viewer, conversation_id: int) -> Conversation:
    """The conversation, locked, if the person may read it: theirs now or once, or any for those who read all."""
    conversation = await work.lock(conversation_id)
    if conversation.sector_id not in viewer.sectors or not viewer.reads_messages:
        raise NotFound(_GONE)
    if conversation.owner_id == viewer.user_id or access.reads_every_conversation(viewer):
        return conversation
    if not await assignments.held(work.connection, conversation_id, viewer.user_id):
        raise NotFound(_GONE)
    return conversation


async def first_result(
    work: Unit, viewer: Viewer, command_id: str, act: str, conversation_id: int, content: Any = None
) -> dict[str, Any] | None:
    """What the first run of this command gave; None when this is the first. `content`: what was given beside the act.

    A repeat gets it only while the person may still read the conversation. Raises `NotFound`, `Conflict`.
    """
    act = f"{act} {conversation_id}"
    first = await commands.first_result(work.connection, viewer.user_id, command_id, act, content)
    if first is not None and not await views.readable(work.connection, viewer, conversation_id):
        raise NotFound(_GONE)
    return first


async def keep_result(
    work: Unit, viewer: Viewer, command_id: str, act: str, conversation_id: int, result: dict[str, Any]
) -> None:
    """What a repeat will get; in the transaction of the effects."""
    await commands.keep_result(work.connection, viewer.user_id, command_id, f"{act} {conversation_id}", result)


async def steer(work: Unit, viewer: Viewer, conversation_id: int) -> Conversation:
    """The conversation, locked, if it is the person's own or of a sector they supervise. It is not resolved."""
    conversation = await read(work, viewer, conversation_id)
    if not access.steers(viewer, conversation.sector_id, conversation.owner_id):
        raise Forbidden("Only the person who has this conversation, or a supervisor, can do this.")
    return _open(conversation)


async def supervise(work: Unit, viewer: Viewer, conversation_id: int) -> Conversation:
    """The conversation, locked, if the person supervises its sector. It is not resolved."""
    conversation = await read(work, viewer, conversation_id)
    if not access.supervises(viewer, conversation.sector_id):
        raise Forbidden("Only a supervisor can do this.")
    return _open(conversation)


def _open(conversation: Conversation) -> Conversation:
    if conversation.state is ConversationState.RESOLVED:
        raise Conflict("This conversation is resolved already.", state=conversation.state)
    return conversation
