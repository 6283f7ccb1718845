"""Reading and subscribing nodes of the Graph API: accounts, numbers, people, tokens. Nothing here reaches a customer.

Facts §4–§6, §11. Errors are read as in `graph`: Meta's own error decides, a gateway's word is no word of Meta's.
"""

import asyncio
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

from server.channels import clean, signature, subscribed_fields
from server.channels.fields import Json, identifier, mapping, objects, text
from server.channels.graph_errors import read_error
from server.domain.failure_codes import NO_CODE
from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.organisation import Inbox

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,throughput,status,name_status"


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
        return subscriptions(answer)

    async def subscribe(
        self, inbox: Inbox, token: str, held: frozenset[str] = frozenset(), *, app_secret: str | None = None
    ) -> None:
        """`held`: the fields the account is subscribed to already, which a new subscription would replace."""
        wanted = subscribed_fields.asked_for(inbox)
        try:
            await self._subscribe(inbox, token, held.union(wanted), app_secret)
        except NotTold as error:
            if error.failure is None or not wanted:
                raise
            # All or nothing: one name that Meta does not know, or may not give us, must not leave the account deaf.
            await self._subscribe(inbox, token, held | subscribed_fields.essential(inbox), app_secret)

    async def _subscribe(self, inbox: Inbox, token: str, fields: frozenset[str], app_secret: str | None) -> None:
        query = {"subscribed_fields": ",".join(sorted(fields))} if fields else {}
        path = f"{subscriber(inbox)}/subscribed_apps"
        answer = await self._call("POST", inbox.api, token, path, query, app_secret)
        if answer.get("success") is not True:
            raise NotTold("not subscribed")

    async def app_fields(self, app_id: str, app_secret: str) -> dict[str, frozenset[str]]:
        """The kinds of account whose webhooks Meta sends to this app ('page', 'instagram', …), with their fields."""
        answer = await self._call("GET", "facebook", f"{app_id}|{app_secret}", f"{app_id}/subscriptions", {}, None)
        return fields_by_object(answer)

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


def subscriptions(answer: Json) -> list[Subscription]:
    return [_subscription(each) for each in objects(answer, "data")]


def fields_by_object(answer: Json) -> dict[str, frozenset[str]]:
    """Of an app's subscriptions; those that Meta has stopped are left out."""
    return {
        text(each, "object"): frozenset(_field_names(each.get("fields")))
        for each in objects(answer, "data")
        if each.get("active") is not False
    }


def subscriber(inbox: Inbox) -> str:
    """The node that subscribes: WhatsApp's business account, the page, or the account of Instagram Login."""
    return (inbox.account_id or inbox.external_id) if inbox.channel is Channel.WHATSAPP else inbox.node


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


def _field_names(given: Any) -> Iterator[str]:
    """Each an object with its name; older versions of the API gave the bare name."""
    for each in given if isinstance(given, list) else ():
        yield text(each, "name") if isinstance(each, dict) else str(each)


def _subscription(row: Json) -> Subscription:
    inner = mapping(row, "whatsapp_business_api_data")
    fields = row.get("subscribed_fields")
    known = frozenset(str(each) for each in fields) if isinstance(fields, list) else None
    return Subscription(identifier(inner, "id") or identifier(row, "id"), known)
