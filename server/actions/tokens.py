"""An inbox's access to Meta, opened when it is needed."""

from collections.abc import Callable

import msgspec
import structlog

from server.actions.unit import Services
from server.domain.errors import SettingsError
from server.domain.organisation import Inbox
from server.store import inboxes
from server.store.inboxes import InboxState
from server.store.vault import Vault

_log = structlog.get_logger()


class Access(msgspec.Struct, frozen=True):
    """`app_secret` where calls carry `appsecret_proof`."""

    token: str
    app_secret: str | None

    def __repr__(self) -> str:
        return "Access(…)"


class Tokens:
    def __init__(
        self, services: Services, vault: Vault, *, default_token: str | None = None,
        app_secret: Callable[[str], str | None] | None = None,
    ) -> None:  # fmt: skip
        self._services = services
        self._vault = vault
        self._default_token = default_token
        self._app_secret = app_secret or (lambda app_id: None)

    async def of(self, inbox: Inbox) -> Access | None:
        """None when the inbox has no token, or one that no key opens, and there is none for all."""
        async with self._services.pool.acquire() as connection:
            state = (await inboxes.load(connection)).get(inbox.id)
        token = (opened(self._vault, state) if state else None) or self._default_token
        return Access(token, self._app_secret(inbox.app)) if token else None


def opened(vault: Vault, state: InboxState) -> str | None:
    """The inbox's own token; None when it has none, or one that no key opens."""
    if state.token is None:
        return None
    try:
        return vault.open(state.token)
    except SettingsError:
        _log.error("token_not_opened", inbox=state.id)
        return None
