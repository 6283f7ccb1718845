"""Asks Meta about one inbox: its app, token, number and subscription; and subscribes where Meta has stopped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog

from server.actions.tokens import Access, Tokens
from server.actions.unit import Services
from server.channels import subscribed_fields
from server.channels.graph_nodes import GraphNodes, NotTold, Subscription
from server.domain.failure_codes import rule_of
from server.domain.failures import Course
from server.domain.model import Channel
from server.domain.organisation import Inbox

# Of a token that runs out people are told a week before.
_WARN_DAYS = 7
_GOOD_STATUSES = {"", "CONNECTED"}
_OBJECTS = {
    Channel.WHATSAPP: "whatsapp_business_account", Channel.MESSENGER: "page", Channel.INSTAGRAM: "instagram",
}  # fmt: skip

_log = structlog.get_logger()


class Findings(msgspec.Struct):
    """None where nobody could be asked. `states` by event: the data of what is wrong, None of what is well."""

    token: dict[str, Any] | None = None
    subscription: dict[str, Any] | None = None
    number: dict[str, Any] | None = None
    # Fields that are not ticked in the app's settings, where those decide.
    unticked: list[str] | None = None
    states: dict[str, dict[str, Any] | None] = msgspec.field(default_factory=dict)
    reached: bool = True


class Examiner:
    def __init__(self, services: Services, nodes: GraphNodes, tokens: Tokens) -> None:
        self._services = services
        self._nodes = nodes
        self._tokens = tokens

    async def examine(self, inbox: Inbox) -> Findings:
        found = Findings()
        access = await self._tokens.of(inbox)
        if access is None:
            found.token = {"state": "missing"}
            return found
        await self._ask_app(inbox, access, found)
        await self._ask_token(inbox, access, found)
        await self._ask_number(inbox, access, found)
        if found.token is not None and found.token["state"] != "invalid":
            await self._ask_subscription(inbox, access, found)
        if (silenced := found.states.get("APP_NOT_SUBSCRIBED")) is not None:
            # Whatever the account itself says: nothing of it reaches us.
            found.subscription = {"state": "silenced", **silenced}
        else:
            self._judge_app(inbox, found)
        return found

    async def _ask_app(self, inbox: Inbox, access: Access, found: Findings) -> None:
        """Whether the app gets webhooks of this kind at all: only a person can switch that on again, at Meta."""
        app = self._services.organisation().apps.get(inbox.app)
        if app is None or app.meta_id is None or access.app_secret is None or inbox.api != "facebook":
            return
        try:
            active = await self._nodes.app_fields(app.meta_id, access.app_secret)
        except NotTold:
            return
        kind = _OBJECTS[inbox.channel]
        found.states["APP_NOT_SUBSCRIBED"] = None if kind in active else {"object": kind}
        if kind in active and subscribed_fields.decided_by_app(inbox):
            found.unticked = subscribed_fields.missing_of_app(inbox, active[kind])

    async def _ask_token(self, inbox: Inbox, access: Access, found: Findings) -> None:
        """By the app's own token, where we may: it tells until when. What refuses a call tells the rest."""
        app = self._services.organisation().apps.get(inbox.app)
        if app is None or app.meta_id is None or access.app_secret is None or inbox.api != "facebook":
            return
        try:
            seen = await self._nodes.examine(inbox, access.token, app_id=app.meta_id, app_secret=access.app_secret)
        except NotTold:
            return
        expires = datetime.fromtimestamp(seen.expires_at, UTC) if seen.expires_at else None
        found.token = {"state": "valid" if seen.valid else "invalid", "scopes": list(seen.scopes)}
        if expires:
            found.token["expires_at"] = expires.isoformat()
        found.states["TOKEN_INVALID"] = None if seen.valid else {}
        soon = expires is not None and expires < datetime.now(UTC) + timedelta(days=_WARN_DAYS)
        found.states["TOKEN_EXPIRING"] = {"expires_at": found.token["expires_at"]} if soon and seen.valid else None

    async def _ask_number(self, inbox: Inbox, access: Access, found: Findings) -> None:
        whatsapp = inbox.channel is Channel.WHATSAPP
        ask = self._nodes.number if whatsapp else self._nodes.account
        try:
            said = await ask(inbox, access.token, app_secret=access.app_secret)
        except NotTold as error:
            if error.failure is None:
                found.reached = False
            elif rule_of(inbox.channel, error.failure).course is Course.PAUSE_INBOX:
                found.token = {"state": "invalid", "problem": error.failure.title[:200]}
                found.states["TOKEN_INVALID"] = {}
            else:
                found.number = {"problem": error.failure.title[:200], "code": error.failure.code}
            return
        found.token = found.token or {"state": "valid"}
        if found.token["state"] == "valid":
            found.states["TOKEN_INVALID"] = None
        if not whatsapp:
            found.number = {"name": str(said.get("name", ""))[:200]}
            return
        found.number = {name: value for name, value in said.items() if name != "id"}
        status, quality = str(said.get("status") or ""), str(said.get("quality_rating") or "")
        found.states["NUMBER_DOWN"] = None if status.upper() in _GOOD_STATUSES else {"status": status[:60]}
        found.states["NUMBER_QUALITY"] = {} if quality.upper() == "RED" else None

    async def _ask_subscription(self, inbox: Inbox, access: Access, found: Findings) -> None:
        if inbox.lacks_page:
            found.subscription = {"state": "unknown", "problem": "no page_id"}
            return
        if inbox.channel is Channel.WHATSAPP and inbox.account_id is None:
            found.subscription = {"state": "unknown", "problem": "no account_id"}
            return
        try:
            before = await self._nodes.subscriptions(inbox, access.token, app_secret=access.app_secret)
            ours = self._ours(inbox, before)
            if ours is not None and not subscribed_fields.missing_of_account(inbox, ours.fields):
                found.subscription = {"state": "subscribed"}
                found.states |= {"UNSUBSCRIBED": None, "NOT_SUBSCRIBED": None}
                self._tell_missing(inbox, [], found)
                return
            held = (ours.fields if ours is not None else None) or frozenset()
            await self._nodes.subscribe(inbox, access.token, held, app_secret=access.app_secret)
            after = await self._nodes.subscriptions(inbox, access.token, app_secret=access.app_secret)
        except NotTold as error:
            if error.failure is None:
                found.reached = False
                return
            found.subscription = {"state": "unknown", "problem": error.failure.title[:200]}
            return
        self._judge(inbox, ours, self._ours(inbox, after), found)

    def _judge(self, inbox: Inbox, before: Subscription | None, after: Subscription | None, found: Findings) -> None:
        """After we subscribed once more."""
        if after is None:
            found.subscription = {"state": "missing"}
            found.states["NOT_SUBSCRIBED"] = {}
            return
        found.states["NOT_SUBSCRIBED"] = None
        if before is None:
            _log.warning("subscribed_again", inbox=inbox.id)
            found.subscription = {"state": "restored", "restored_at": datetime.now(UTC).isoformat()}
            found.states["UNSUBSCRIBED"] = {}
        missing = subscribed_fields.missing_of_account(inbox, after.fields)
        self._tell_missing(inbox, missing, found)
        if missing:
            found.subscription = {"state": "partial", "fields": missing}
        elif found.subscription is None:
            found.subscription = {"state": "subscribed"}

    def _judge_app(self, inbox: Inbox, found: Findings) -> None:
        """Nobody but the app's owner can tick its fields."""
        if found.unticked is None:
            return
        kind = _OBJECTS[inbox.channel]
        found.states["FIELDS_MISSING"] = {"fields": found.unticked, "object": kind} if found.unticked else None
        if found.unticked and found.subscription == {"state": "subscribed"}:
            found.subscription = {"state": "partial", "fields": found.unticked, "object": kind}

    def _tell_missing(self, inbox: Inbox, missing: list[str], found: Findings) -> None:
        if not subscribed_fields.decided_by_app(inbox):
            found.states["FIELDS_MISSING"] = {"fields": missing} if missing else None

    def _ours(self, inbox: Inbox, subscriptions: list[Subscription]) -> Subscription | None:
        """Our app's among those that hear of the account; any, where the organisation does not name the app's id."""
        app = self._services.organisation().apps.get(inbox.app)
        meta_id = app.meta_id if app else None
        return next((each for each in subscriptions if meta_id is None or each.app_id == meta_id), None)
