"""What `majlis doctor` asks over the network: our own callback address, then Meta about tokens and subscriptions."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from server.actions.tokens import Access
from server.channels.graph_nodes import Subscription, subscriber, subscriptions
from server.channels.signature import proof_of
from server.channels.subscribed_fields import missing_of_account
from server.commands.findings import Finding, bad, good
from server.domain.errors import SettingsError
from server.domain.model import Channel
from server.domain.organisation import Inbox, MetaApp
from server.settings import Settings

_PATH = "/webhooks/meta"
_CHALLENGE = "1158201444"
_WELL = (200, _CHALLENGE)
# The answer of nobody.
UNREACHED = 0


async def callback(
    settings: Settings, apps: Iterable[MetaApp], http: aiohttp.ClientSession, *, https: bool = True
) -> AsyncIterator[Finding]:
    """With each app's own verify token. `https`: Meta itself is to call the address, not a simulator beside it."""
    address = f"{settings.public_url}{_PATH}"
    if https and urlsplit(address).scheme != "https":
        yield bad("callback", f"{address} is not https", "Meta calls https only: put a proxy in front.")
    refused = True
    for app in apps:
        token = _verify_token(settings, app)
        try:
            answered = await _handshake(http, address, token)
            # Not an unsigned delivery: its refusal would be logged and counted as a stranger's.
            refused = refused and await _handshake(http, address, f"not {token}") != _WELL
        except (aiohttp.ClientError, TimeoutError) as error:
            words = f"{address} cannot be reached ({type(error).__name__})"
            yield bad("callback", words, "Run majlis serve; check PUBLIC_URL.")
            return
        if answered == _WELL:
            yield good("callback", f"{address} answers the handshake of app '{app.id}'")
        else:
            words = f"{address} answers {answered[0]} to the handshake of app '{app.id}'"
            name = app.verify_token.removeprefix("env:")
            yield bad("callback", words, f"Another program answers there, or it runs with another {name}.")
    if not refused:
        yield bad("callback", f"{address} takes any verify token", "That is not Majlis: check PUBLIC_URL.")


async def _handshake(http: aiohttp.ClientSession, address: str, token: str) -> tuple[int, str]:
    question = {"hub.mode": "subscribe", "hub.challenge": _CHALLENGE, "hub.verify_token": token}
    async with http.get(address, params=question) as answer:
        return answer.status, await answer.text()


def _verify_token(settings: Settings, app: MetaApp) -> str:
    try:
        return next(iter(settings.secrets(app.verify_token)), "")
    except SettingsError:
        return ""


async def account(
    settings: Settings, inbox: Inbox, app: MetaApp | None, access: Access, http: aiohttp.ClientSession,
    clocks: list[float],
) -> AsyncIterator[Finding]:  # fmt: skip
    """The token, then the subscription of our own app. Puts how far our clock is from Meta's into `clocks`."""
    token, proof = access.token, proof_of(access.token, access.app_secret)
    base = settings.meta_instagram_graph_url if inbox.api == "instagram" else settings.meta_graph_url
    status, said = await ask(settings, base, token, http, inbox.external_id, clocks, fields="id", **proof)
    if status != 200:
        words = f"{inbox.id}: {reason(status, said)}"
        if status == UNREACHED:
            yield bad("network", words, "Check this machine's DNS, proxy and firewall. The token was not asked about.")
        elif status >= 500:
            yield bad("network", words, "Meta itself is in trouble: try again later.")
        else:
            yield bad("token", words, f"Make a new one and run: majlis inbox token {inbox.id}")
        return
    yield good("token", f"{inbox.id} is accepted")
    if inbox.channel is Channel.WHATSAPP and inbox.account_id is None:
        yield bad("subscription", f"{inbox.id} has no account_id", "Add the WhatsApp business account id to org.toml.")
        return
    if inbox.lacks_page:
        words = f"{inbox.id} has no page_id: nothing can be sent or subscribed for it"
        yield bad("subscription", words, "Add the Facebook page's id (page_id) to org.toml, and run: majlis apply")
        return
    node = subscriber(inbox)
    status, said = await ask(settings, base, token, http, f"{node}/subscribed_apps", clocks, **proof)
    if status == 200 and (found := _ours(app, subscriptions(dict(said)))):
        missing = min((missing_of_account(inbox, each.fields) for each in found), key=len)
        if missing:
            remedy = "majlis serve subscribes to them by itself; what is missing then, tick in Meta's app settings."
            yield bad("subscription", f"{inbox.id} lacks fields: {', '.join(missing)}", remedy)
        else:
            yield good("subscription", f"{inbox.id} is subscribed")
    else:
        why = "our app is not subscribed" if status == 200 else reason(status, said)
        remedy = f"Call POST /{node}/subscribed_apps, or subscribe in Meta's app dashboard."
        if status == UNREACHED:
            remedy = "Check this machine's DNS, proxy and firewall."
        yield bad("subscription", f"{inbox.id}: {why}", remedy)


def _ours(app: MetaApp | None, found: list[Subscription]) -> list[Subscription]:
    """Any app's where the organisation does not name our app's id."""
    return [each for each in found if app is None or app.meta_id is None or each.app_id == app.meta_id]


async def ask(
    settings: Settings, base: str, token: str, http: aiohttp.ClientSession, path: str, clocks: list[float],
    **query: str,
) -> tuple[int, Mapping[str, Any]]:  # fmt: skip
    """The status, `UNREACHED` where there was no answer, and what was said."""
    address = f"{base}/{settings.meta_graph_version}/{path}"
    try:
        # In a header: a token in the address would end up in logs.
        async with http.get(address, params=query, headers={"Authorization": f"Bearer {token}"}) as answer:
            if date := answer.headers.get("Date"):
                clocks.append((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
            said = await answer.json(content_type=None)
            return answer.status, said if isinstance(said, dict) else {}
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return UNREACHED, {"error": {"message": f"{base} cannot be reached ({type(error).__name__})"}}


def reason(status: int, said: Mapping[str, Any]) -> str:
    error = said.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    return str(message or f"the Graph API answers {status}")
