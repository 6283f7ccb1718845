"""The organisation as this process knows it, read again whenever its version moves."""

from typing import Protocol

import structlog

from server.actions.unit import Topic
from server.domain.organisation import Organisation
from server.store import organisation
from server.store.pool import AWAY, Pool

SWEEP_SECONDS = 5.0

_log = structlog.get_logger()


class Bell(Protocol):
    async def wait(self, topic: Topic, timeout: float | None, listener: str = "") -> bool: ...


class CurrentOrganisation:
    """Called, it gives the newest version this process has read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._current = Organisation()

    def __call__(self) -> Organisation:
        return self._current

    async def refresh(self) -> None:
        async with self._pool.acquire() as connection:
            if await organisation.version(connection) != self._current.version:
                self._current = await organisation.load(connection)

    async def follow(self, bell: Bell) -> None:
        while True:
            await bell.wait(Topic.ORGANISATION, SWEEP_SECONDS, "current")
            try:
                await self.refresh()
            except Exception as error:
                # The version already read still serves, and whoever repairs it is heard at the next look.
                log = _log.warning if isinstance(error, AWAY) else _log.error
                log("organisation_not_read", cause=type(error).__name__)
