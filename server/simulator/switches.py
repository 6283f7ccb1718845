"""How Meta misbehaves on request. Shares are between 0 (never) and 1 (always)."""

import random
from typing import Annotated, Literal

import msgspec

from server.simulator.files.store import Fault

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=600_000)]


class Switches(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Every field can be set by `POST /control`; what is not named stays as it is."""

    # Webhooks. `duplicates`: the same bytes again, up to three times. `recut`: the item again, in another batch.
    # `disorder`: the item is held back while later ones pass it.
    duplicates: Share = 0.0
    recut: Share = 0.0
    disorder: Share = 0.0
    delay_ms: Milliseconds = 0
    # Most items in one POST; Meta says up to 1,000.
    batch: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 10
    # Nothing is delivered; it waits, as when Meta itself is down.
    hold_webhooks: bool = False
    # No status, delivery, read or echo is reported.
    silent_statuses: bool = False
    # Signs with a secret nobody knows.
    wrong_signature: bool = False
    # Inboxes whose account Meta has unsubscribed, until it is subscribed again.
    unsubscribed: list[str] = []
    # Kinds of account whose webhooks the app as a whole gets no more ("Webhooks Disabled"): only its owner can switch
    # them on again, in Meta's app settings.
    webhooks_disabled: list[Literal["whatsapp_business_account", "page", "instagram"]] = []
    # Fields that are not subscribed to: of an inbox's account, by its id, or of the app, by the kind of account.
    without_fields: dict[str, list[str]] = {}
    # A page or Instagram account is unsubscribed after so long without a 200.
    patience_seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 3600.0
    # No WhatsApp customer shows a phone number.
    hide_phones: bool = False

    # Graph API. `server_errors`: 500 without an error body, nothing accepted. `transient_errors`: Meta's own
    # "temporary" codes. `throttle`: refused with `throttle_code` (0: the channel's own). `timeouts`: accepted, then no
    # answer for `timeout_seconds`. `errors_after_accepting`: accepted, then 500 without an error body.
    server_errors: Share = 0.0
    transient_errors: Share = 0.0
    throttle: Share = 0.0
    throttle_code: Literal[0, 4, 613, 80007, 130429, 131056, 131048] = 0
    timeouts: Share = 0.0
    timeout_seconds: Annotated[float, msgspec.Meta(ge=0, le=600)] = 30.0
    errors_after_accepting: Share = 0.0
    # Inboxes whose present token is no longer good; a newly issued one is. "*" means all.
    expired_tokens: list[str] = []
    # What debug_token says: scopes that were taken away, and when the token ends (Unix seconds; 0: never).
    missing_scopes: list[str] = []
    token_expires_at: int = 0
    # Whether WhatsApp tells 131047 in the response or, as it usually does, by a failed status.
    closed_window: Literal["status", "response"] = "status"
    # The same for 131050, which customers who stopped marketing get.
    opt_outs: Literal["status", "response"] = "status"
    # A recipient nobody knows is created; else refused as unreachable.
    strangers: bool = True
    # Most sends a second per number, page or account: None for Meta's own limit, 0 for none.
    throughput: Annotated[int, msgspec.Meta(ge=0, le=100_000)] | None = None
    # 45 messages to one customer at once, then one in six seconds.
    pair_limit: bool = True
    # 200 template calls an hour and account.
    management_limit: bool = True
    # Marketing templates reach numbers in the United States.
    us_marketing: bool = False

    # Files: how every fetch goes wrong now, how long a WhatsApp address lives, how long a slow one takes.
    media_fault: Fault | None = None
    media_url_seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 300.0
    media_slow_seconds: Annotated[float, msgspec.Meta(ge=0, le=600)] = 20.0


def changed(switches: Switches, wanted: dict[str, object]) -> Switches:
    """The switches with some replaced. Raises `msgspec.ValidationError`, which names the field."""
    return msgspec.convert({**msgspec.to_builtins(switches), **wanted}, Switches)


class Dice:
    def __init__(self, seed: int | None) -> None:
        self.random = random.Random(seed)  # noqa: S311 (games, not secrets)

    def falls(self, share: float) -> bool:
        return share > 0 and self.random.random() < share
