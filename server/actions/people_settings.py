"""What a person sets for themselves: language and preferences."""

from typing import Any

from server.actions.unit import Services, unit
from server.domain.access import Viewer
from server.store import users


async def change(services: Services, viewer: Viewer, *, language: str | None, preferences: dict[str, Any]) -> None:
    """Only what is given changes."""
    if language is None and not preferences:
        return
    async with unit(services) as work:
        await users.set_preferences(work.connection, viewer.user_id, language=language, preferences=preferences)
