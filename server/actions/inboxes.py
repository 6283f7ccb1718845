"""Connecting inboxes to Meta: their tokens, and the pause when Meta refuses one."""

import structlog

from server.actions.unit import Services, Topic, unit
from server.domain.errors import Invalid, NotFound
from server.store import inboxes
from server.store.vault import Vault

_log = structlog.get_logger()


async def set_token(services: Services, vault: Vault, inbox_id: str, token: str) -> None:
    """Seals the token and ends the inbox's pause: what waited leaves at once. Raises `Invalid`, `NotFound`."""
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Invalid("An access token is one line of visible characters.", field="token")
    sealed = vault.seal(token)
    async with unit(services) as work:
        if not await inboxes.set_token(work.connection, inbox_id, sealed):
            raise NotFound(f"There is no inbox {inbox_id!r}.")
        work.wake(Topic.OUTBOX)
    _log.info("inbox_token_set", inbox=inbox_id)


async def resume(services: Services, inbox_id: str) -> None:
    """Sends again for an inbox that was paused. Raises `NotFound`."""
    async with unit(services) as work:
        if not await inboxes.resume(work.connection, inbox_id):
            raise NotFound(f"There is no inbox {inbox_id!r}.")
        work.wake(Topic.OUTBOX)
