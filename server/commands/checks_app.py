"""What `majlis doctor` asks Meta about our apps: the fields that are ticked in their settings."""

from collections.abc import AsyncIterator

import aiohttp

from server.channels import subscribed_fields
from server.channels.graph_nodes import fields_by_object
from server.commands.checks_meta import UNREACHED, ask, reason
from server.commands.findings import Finding, bad, good
from server.domain.errors import SettingsError
from server.domain.model import Channel
from server.domain.organisation import Inbox, MetaApp, Organisation
from server.settings import Settings

_OBJECTS = {Channel.WHATSAPP: "whatsapp_business_account", Channel.INSTAGRAM: "instagram"}


async def fields(
    settings: Settings, known: Organisation, http: aiohttp.ClientSession, clocks: list[float]
) -> AsyncIterator[Finding]:
    """Of WhatsApp, and of Instagram by Facebook Login: of other accounts their own subscription decides."""
    for app in known.apps_in_use:
        concerned = {
            inbox.channel: inbox
            for inbox in known.inboxes.values()
            if inbox.app == app.id and subscribed_fields.decided_by_app(inbox)
        }
        secret = secret_of(settings, app)
        if not concerned or app.meta_id is None or secret is None:
            continue
        token = f"{app.meta_id}|{secret}"
        status, said = await ask(
            settings, settings.meta_graph_url, token, http, f"{app.meta_id}/subscriptions", clocks
        )  # fmt: skip
        if status == UNREACHED:
            # The accounts have said so.
            continue
        if status != 200:
            words = f"{app.id}: {reason(status, said)}"
            trouble = "Meta itself is in trouble: try again later."
            yield bad(
                "app", words, trouble if status >= 500 else "Compare its meta_id and secret with Meta's dashboard."
            )
            continue
        given = fields_by_object(dict(said))
        for channel, inbox in concerned.items():
            yield _judge(app, _OBJECTS[channel], inbox, given)


def _judge(app: MetaApp, kind: str, inbox: Inbox, given: dict[str, frozenset[str]]) -> Finding:
    if kind not in given:
        remedy = f"In Meta's app settings, Webhooks, {kind}, enter the callback address and tick the fields."
        return bad("app", f"{app.id} gets no webhooks of {kind}", remedy)
    if missing := subscribed_fields.missing_of_app(inbox, given[kind]):
        words = f"{app.id} lacks fields of {kind}: {', '.join(missing)}"
        return bad("app", words, f"In Meta's app settings, Webhooks, {kind}, tick these fields.")
    return good("app", f"{app.id} gets every field of {kind}")


def secret_of(settings: Settings, app: MetaApp | None) -> str | None:
    """The newest; None where there is none, which the keys have said."""
    try:
        return next(iter(settings.secrets(app.secret)), None) if app else None
    except SettingsError:
        return None
