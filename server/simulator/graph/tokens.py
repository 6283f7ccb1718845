"""Who calls: bearer tokens, their expiry on request, and `appsecret_proof`."""

import hashlib
import hmac

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.world import World


class Tokens:
    """Any token is good for any inbox, unless the configuration names one.

    While an inbox's token is expired on request, any other token counts as newly issued for it, and stays good.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: dict[str, str] = {}
        self._expired: dict[str, set[str]] = {}
        self._issued: set[tuple[str, str]] = set()

    def check(self, inbox: SimulatedInbox, token: str | None, proof: str | None) -> None:
        """Raises the refusal Meta would answer with."""
        if not token:
            raise refusals.token_missing()
        self._notice_expiry(inbox, token)
        if self.expired(inbox, token):
            raise refusals.token_expired()
        if self._world.token_expired(inbox):
            self._issued.add((inbox.id, token))
        if self._world.config.access_token not in (None, token) and (inbox.id, token) not in self._issued:
            raise refusals.token_invalid()
        self._last[inbox.id] = token
        secret = self._world.config.app(inbox.app).secret
        if proof is not None and not hmac.compare_digest(proof.encode(), appsecret_proof(secret, token).encode()):
            raise refusals.proof_invalid()

    def expired(self, inbox: SimulatedInbox, token: str) -> bool:
        return self._world.token_expired(inbox) and token in self._expired.get(inbox.id, ())

    def is_valid(self, token: str) -> bool:
        known = self._world.config.access_token in (None, token) or any(token == issued for _, issued in self._issued)
        return known and not any(self.expired(inbox, token) for inbox in self._world.inboxes.values())

    def _notice_expiry(self, inbox: SimulatedInbox, token: str) -> None:
        """The switch means the token in use when it was turned; one issued later is good."""
        if not self._world.token_expired(inbox):
            self._expired.pop(inbox.id, None)
        elif inbox.id not in self._expired:
            self._expired[inbox.id] = {self._world.config.access_token or self._last.get(inbox.id, token)}


def appsecret_proof(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
