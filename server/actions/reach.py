"""Which conversations a person may read and act on, decided under the conversation's lock.

Beyond the wall everything is `NotFound`; what one may see but not do is `Forbidden`.
"""

from server.actions.unit import Unit
from server.domain import access
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.model import ConversationState
from server.store import assignments

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


async def steer(work: Unit, viewer: Viewer, conversation_id: int) -> Conversation:
    """The conversation, locked, if it is the person's own or of a sector they supervise. It is not resolved."""
    conversation = await read(work, viewer, conversation_id)
    if conversation.owner_id != viewer.user_id and not access.supervises(viewer, conversation.sector_id):
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
