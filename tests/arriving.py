"""Webhooks as Meta sends them, put through the real journal and applier."""

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import asyncpg

from server.actions import applying
from server.actions.journal import Journal
from server.actions.unit import Services
from server.domain.model import Channel
from server.domain.organisation import Inbox
from server.store import leases
from server.store.leases import Lease

_numbers = itertools.count(1)


def inbox_of(services: Services, sector: str, channel: Channel = Channel.WHATSAPP) -> Inbox:
    every = services.organisation().inboxes.values()
    return next(each for each in every if each.sector == sector and each.channel is channel)


def whatsapp(
    inbox: Inbox,
    *texts: str,
    phone: str | None = "15550001111",
    user_id: str | None = None,
    name: str = "Sara Haddad",
    at: datetime | None = None,
    ids: tuple[str, ...] = (),
    **extra: Any,
) -> dict[str, Any]:
    """One delivery with a text message for each text."""
    at = at or datetime.now(UTC)
    contact: dict[str, Any] = {"profile": {"name": name}}
    sender: dict[str, Any] = {}
    if phone:
        contact["wa_id"], sender["from"] = phone, phone
    if user_id:
        contact["user_id"], sender["from_user_id"] = user_id, user_id
    messages = [
        {
            **sender,
            "id": ids[place] if ids else f"wamid.{next(_numbers)}",
            "timestamp": str(int(at.timestamp()) + place),
            "type": "text",
            "text": {"body": text},
            **extra,
        }
        for place, text in enumerate(texts)
    ]
    return whatsapp_value(inbox, contacts=[contact], messages=messages)


def whatsapp_status(
    inbox: Inbox, provider_id: str, status: str, *, at: datetime | None = None, **extra: Any
) -> dict[str, Any]:
    at = at or datetime.now(UTC)
    item = {"id": provider_id, "status": status, "timestamp": str(int(at.timestamp())), **extra}
    return whatsapp_value(inbox, statuses=[item])


def whatsapp_value(inbox: Inbox, **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": inbox.display, "phone_number_id": inbox.external_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": inbox.account_id or "1", "changes": [change]}]}


def messaging(inbox: Inbox, *items: dict[str, Any]) -> dict[str, Any]:
    """A Messenger or Instagram delivery of ready-made items of `messaging`."""
    kind = "page" if inbox.channel is Channel.MESSENGER else "instagram"
    entry = {"id": inbox.external_id, "time": int(datetime.now(UTC).timestamp() * 1000), "messaging": list(items)}
    return {"object": kind, "entry": [entry]}


async def lead(services: Services, holder: str = "applier-of-the-test") -> Lease:
    async with services.pool.acquire() as connection:
        lease = await leases.take(connection, "applier", holder, 60)
    assert lease is not None
    return lease


async def deliver(services: Services, *bodies: dict[str, Any] | bytes, app_id: str = "default") -> None:
    """Stores the bodies and applies everything that waits."""
    journal = Journal(services.pool, services.waker)
    for body in bodies:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        await journal.append(app_id, {}, raw)
    await apply_all(services)


async def apply_all(services: Services) -> None:
    lease = await lead(services)
    while await applying.apply_next(services, lease, 60):
        pass


async def row(services: Services, query: str, *values: object) -> asyncpg.Record:
    """The one row there is of what they became."""
    found = await services.pool.fetchrow(query, *values)
    assert found is not None
    return found
