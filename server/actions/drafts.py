"""Keeps a draft for the person who writes it; nobody else ever sees it."""

from server.actions.unit import Services, unit
from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound
from server.store import drafts, views

LONGEST = 10_000


async def keep(services: Services, viewer: Viewer, conversation_id: int, text: str) -> None:
    """Raises `NotFound` where the person may not read, `Invalid` when the text is too long."""
    if len(text) > LONGEST or "\x00" in text:
        raise Invalid(f"A draft has at most {LONGEST} characters.", field="text")
    async with unit(services) as work:
        if not await views.readable(work.connection, viewer, conversation_id):
            raise NotFound("This conversation does not exist.")
        await drafts.keep(work.connection, viewer.user_id, conversation_id, text)
