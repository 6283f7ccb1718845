"""What a person sets for themselves: language and preferences."""

from typing import Any

import msgspec

from server.actions.unit import Services, unit
from server.domain.access import Viewer
from server.store import users


async def change(services: Services, viewer: Viewer, *, language: str | None, preferences: dict[str, Any]) -> Viewer:
    """Only what is given changes. Returns the person as they are now."""
    if language is not None or preferences:
        async with unit(services) as work:
            await users.set_preferences(work.connection, viewer.user_id, language=language, preferences=preferences)
    return msgspec.structs.replace(viewer, language=language or viewer.language)
