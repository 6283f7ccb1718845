"""Reading and subscribing nodes of the Graph API: accounts, numbers, people, tokens. Nothing here reaches a customer.

Facts §4–§6, §11. Errors are read as in `graph`: Meta's own error decides, a gateway's word is no word of Meta's.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

from server.channels import clean, signature
from server.channels.fields import Json, identifier, mapping, objects, text
from server.channels.graph_errors import read_error
from server.domain.failure_codes import NO_CODE
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,throughput,status,name_status"
# What we live on. Without the last three of WhatsApp what Meta's own agent or the phone app does stays unseen.
FIELDS = {
    Channel.MESSENGER: (
        "messages", "message_echoes", "message_edits", "message_reactions", "message_reads", "message_deliveries",
        "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
        "messaging_policy_enforcement",
    ),
    Channel.INSTAGRAM: (
        "messages", "message_echoes", "messaging_postbacks", "messaging_seen", "messaging_referral",
        "message_reactions",
    ),
}  # fmt: skip


class NotTold(Exception):
    """Meta refused (`failure`), or nobody could be asked (None)."""

    def __init__(self, detail: str, failure: Failure | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.failure = failure


class Subscription(msgspec.Struct, frozen=True):
    """An app that gets an account's webhooks. WhatsApp names no fields here: they are the app's own."""

    app_id: str
    fields: frozenset[str] | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    username: str | None = None
    picture_url: str | None = None


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """A token as Meta judges it. `expires_at` in Unix seconds; None is never."""

    valid: bool
    expires_at: int | None
    scopes: tuple[str, ...]


class GraphNodes:
    """An async context manager."""

    def __init__(
        self, *, graph_url: str, instagram_graph_url: str, version: str, timeout_seconds: float = 15
    ) -> None:  # fmt: skip
        self._bases = {"facebook": graph_url.rstrip("/"), "instagram": instagram_graph_url.rstrip("/")}
        self._version = version
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=10)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def subscriptions(self, inbox: Inbox, token: str, *, app_secret: str | None = None) -> list[Subscription]:
        """The apps that hear of this account. Raises `NotTold`, as all of these do."""
        answer = await self.get(inbox, token, f"{subscriber(inbox)}/subscribed_apps", app_secret=app_secret)
        return [_subscription(each) for each in objects(answer, "data")]

    async def subscribe(self, inbox: Inbox, token: str, *, app_secret: str | None = None) -> None:
        fields = FIELDS.get(inbox.channel)
        query = {"subscribed_fields": ",".join(fields)} if fields else {}
        path = f"{subscriber(inbox)}/subscribed_apps"
        answer = await self._call("POST", inbox.api, token, path, query, app_secret)
        if answer.get("success") is not True:
            raise NotTold("not subscribed")

    async def app_objects(self, app_id: str, app_secret: str) -> set[str]:
        """The kinds of account whose webhooks Meta sends to this app: 'page', 'instagram', …"""
        answer = await self._call("GET", "facebook", f"{app_id}|{app_secret}", f"{app_id}/subscriptions", {}, None)
        return {text(each, "object") for each in objects(answer, "data") if each.get("active") is not False}

    async def number(self, inbox: Inbox, token: str, *, app_secret: str | None = None) -> Json:
        """A WhatsApp number's standing, in Meta's own words."""
        return await self.get(inbox, token, inbox.external_id, app_secret=app_secret, fields=NUMBER_FIELDS)

    async def account(self, inbox: Inbox, token: str, *, app_secret: str | None = None) -> Json:
        """A page or an Instagram account: enough to know that the token opens it."""
        return await self.get(inbox, token, inbox.external_id, app_secret=app_secret, fields="id,name")

    async def person(self, inbox: Inbox, token: str, id: str, *, app_secret: str | None = None) -> Person:
        """Somebody who wrote to this page or account."""
        if inbox.channel is Channel.MESSENGER:
            said = await self.get(inbox, token, id, app_secret=app_secret, fields="first_name,last_name,profile_pic")
            name = " ".join(part for part in (text(said, "first_name"), text(said, "last_name")) if part)
            return Person(name=name.strip()[:200], picture_url=text(said, "profile_pic") or None)
        said = await self.get(inbox, token, id, app_secret=app_secret, fields="name,username,profile_pic")
        return Person(
            name=text(said, "name").strip()[:200], username=text(said, "username").strip()[:200] or None,
            picture_url=text(said, "profile_pic") or None,
        )  # fmt: skip

    async def examine(self, inbox: Inbox, token: str, *, app_id: str, app_secret: str) -> Examined:
        """Asks with the app's own token: what is examined has to stand in the address, as Meta wants it."""
        answer = await self._call(
            "GET", "facebook", f"{app_id}|{app_secret}", "debug_token", {"input_token": token}, None
        )
        data = mapping(answer, "data")
        expires = data.get("expires_at")
        scopes = data.get("scopes")
        return Examined(
            valid=data.get("is_valid") is True,
            expires_at=expires if isinstance(expires, int) and expires > 0 else None,
            scopes=tuple(str(each)[:100] for each in scopes) if isinstance(scopes, list) else (),
        )

    async def get(self, inbox: Inbox, token: str, path: str, *, app_secret: str | None = None, **query: str) -> Json:
        return await self._call("GET", inbox.api, token, path, query, app_secret)

    async def _call(
        self, method: str, api: str, token: str, path: str, query: Mapping[str, str], app_secret: str | None
    ) -> Json:
        assert self._session is not None, "use the client as a context manager"  # noqa: S101
        address = f"{self._bases[api]}/{self._version}/{quote(path)}"
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._session.request(
                method,
                address,
                params={**query, **signature.proof_of(token, app_secret)},
                headers=headers,
                allow_redirects=False,
            ) as response:
                return _read(response.status, await response.read())
        except (asyncio.CancelledError, NotTold):
            raise
        except Exception as error:  # The name only: the text may hold the address, and with it a token.
            raise NotTold(type(error).__name__) from None


def subscriber(inbox: Inbox) -> str:
    """The node that subscribes: WhatsApp's business account, the page or the Instagram account."""
    return (inbox.account_id or inbox.external_id) if inbox.channel is Channel.WHATSAPP else inbox.external_id


def _read(status: int, body: bytes) -> Json:
    if 200 <= status < 300:
        try:
            found: Any = clean.load(body)
        except clean.Unparsable:
            raise NotTold("no readable answer") from None
        if isinstance(found, dict):
            return found
        raise NotTold("no readable answer")
    failure = read_error(body)
    if failure is None and 400 <= status < 500 and status not in (408, 429):
        failure = Failure(code=NO_CODE, title=f"HTTP {status}")
    raise NotTold(f"HTTP {status}", failure)


def _subscription(row: Json) -> Subscription:
    inner = mapping(row, "whatsapp_business_api_data")
    fields = row.get("subscribed_fields")
    known = frozenset(str(each) for each in fields) if isinstance(fields, list) else None
    return Subscription(identifier(inner, "id") or identifier(row, "id"), known)
