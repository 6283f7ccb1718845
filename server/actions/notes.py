"""Internal notes: for colleagues, never for the customer."""

from typing import Any

from server.actions import reach
from server.actions.unit import Services, Unit, unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid
from server.domain.events import NoteAdded
from server.store import notes

LONGEST = 4000


async def add(
    services: Services, viewer: Viewer, conversation_id: int, *, text: str, command_id: str
) -> dict[str, Any]:
    """Returns `{note_id, version}`. Raises `NotFound`, `Invalid`."""
    async with unit(services) as work:
        if (first := await reach.first_result(work, viewer, command_id, "note", conversation_id, text)) is not None:
            return first
        conversation = await reach.read(work, viewer, conversation_id)
        note_id = await write(work, viewer, conversation, text)
        result = {"note_id": note_id, "version": conversation.version}
        await reach.keep_result(work, viewer, command_id, "note", conversation_id, result)
    return result


async def write(work: Unit, viewer: Viewer, conversation: Conversation, text: str) -> int:
    """Writes a note in the transaction of something else, such as a transfer."""
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise Invalid(f"A note has 1 to {LONGEST} characters.", field="text")
    note_id = await notes.add(work.connection, conversation, viewer.user_id, text)
    work.record(conversation, NoteAdded(note_id=note_id), actor=viewer.actor, user_id=conversation.owner_id)
    return note_id
