"""Connecting inboxes to Meta: their tokens, and the pause when Meta refuses one."""

import structlog

from server.actions import consequences
from server.actions.unit import Services, Topic, unit
from server.domain.errors import Invalid, NotFound
from server.store import attachments, inboxes
from server.store.vault import Vault

_log = structlog.get_logger()


async def set_token(services: Services, vault: Vault, inbox_id: str, token: str) -> None:
    """Seals the token and ends the inbox's pause: what waited leaves at once. Raises `Invalid`, `NotFound`."""
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Invalid("An access token is one line of visible characters.", field="token")
    sealed = vault.seal(token)
    async with unit(services) as work:
        await inboxes.lock(work.connection, [inbox_id])
        paused = {each.id for each in await inboxes.paused(work.connection)}
        if not await inboxes.set_token(work.connection, inbox_id, sealed):
            raise NotFound(f"There is no inbox {inbox_id!r}.")
        await consequences.resumed(work, paused & {inbox_id})
        await attachments.hasten(work.connection, inbox_id)
        work.wake(Topic.OUTBOX)
        work.wake(Topic.MEDIA)
    _log.info("inbox_token_set", inbox=inbox_id)


async def resume(services: Services, inbox_id: str) -> None:
    """Sends again for an inbox that was paused. Raises `NotFound`."""
    async with unit(services) as work:
        await inboxes.lock(work.connection, [inbox_id])
        paused = {each.id for each in await inboxes.paused(work.connection)}
        if not await inboxes.resume(work.connection, inbox_id):
            raise NotFound(f"There is no inbox {inbox_id!r}.")
        await consequences.resumed(work, paused & {inbox_id})
        work.wake(Topic.OUTBOX)
