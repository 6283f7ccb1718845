"""Meta stops sending webhooks: of one account, or to our app as a whole. It is told, and mended where we can."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from arriving import deliver
from conftest import TestServices
from factories import make_viewer
from live_server import live_server
from simulator.meta_side import Meta, Receiver, eventually
from simulator.watched.standing import CAFE, DESK, KITCHEN, SCHOOL, inbox, standing, told

from server.actions.subscriptions import Checker
from server.domain.model import Role
from server.store import organisation
from server.workers import subscriptions
from server.workers.bell import Bell

ALL = ("hospitality", "education", "financial")
EDITS = {SCHOOL: "message_edits", KITCHEN: "message_edit"}


@contextlib.asynccontextmanager
async def watching(services: TestServices, checker: Checker) -> AsyncIterator[None]:
    """The worker, whose time to ask about every account has come."""
    await services.pool.execute("update inbox_health set run_at = now()")
    stop = asyncio.Event()
    task = asyncio.create_task(subscriptions.run(services, checker, Bell(), stop))
    yield
    stop.set()
    await asyncio.wait_for(task, 30)


async def page(services: TestServices, database: str, inbox_id: str) -> tuple[Any, Any]:
    """How bad it is as a whole, and what the health page says of the subscription."""
    amira = await make_viewer(services.pool, "Amira", role=Role.ADMINISTRATOR, sectors=ALL)
    async with live_server(database) as server, server.console(amira) as console:
        health = await console.get("/api/meta-health")
    [found] = [each for each in health["inboxes"] if each["id"] == inbox_id]
    return health["severity"], next(each for each in found["checks"] if each["what"] == "subscription")


@pytest.mark.parametrize("inbox_id", [CAFE, SCHOOL, DESK])
async def test_after_meta_unsubscribed_the_timer_subscribes_again_and_tells_once(
    kept: TestServices, checker: Checker, meta: Meta, receiver: Receiver, database: str, inbox_id: str
) -> None:
    known = inbox(kept, inbox_id)
    await checker.check(known)
    await meta.control("", {"unsubscribed": [inbox_id]})
    await meta.said("layla-mansour", inbox_id, "Anybody?")
    assert receiver.bodies == []
    async with watching(kept, checker):
        await eventually(lambda: meta.world.switches.unsubscribed == [])
    assert (await standing(kept, inbox_id))["subscription"]["state"] == "restored"
    severity, check = await page(kept, database, inbox_id)
    assert (severity, check["severity"]) == ("warning", "warning")
    assert check["words"] == "Meta had stopped; we subscribed again"
    assert await told(kept) == [("UNSUBSCRIBED", True)]
    [alert] = [each for each in kept.publisher.events if each.kind == "AccountAlerted"]
    assert (alert.sector_id, alert.data["severity"]) == (known.sector, "critical")

    await meta.said("layla-mansour", inbox_id, "And now?")
    await deliver(kept, *receiver.raw)
    assert [row["text"] for row in await kept.pool.fetch("select text from message where author = 'customer'")] == [
        "And now?"
    ]
    await checker.check(known)
    assert await told(kept) == [("UNSUBSCRIBED", False)]


@pytest.mark.parametrize(("inbox_id", "kind"), [(CAFE, "whatsapp_business_account"), (SCHOOL, "page")])
async def test_an_app_without_webhooks_is_told_until_its_owner_ticks_them_again(
    kept: TestServices, checker: Checker, meta: Meta, receiver: Receiver, database: str, inbox_id: str, kind: str
) -> None:
    known = inbox(kept, inbox_id)
    await meta.control("", {"webhooks_disabled": [kind]})
    await meta.said("layla-mansour", inbox_id, "Anybody?")
    assert receiver.bodies == []
    await checker.check(known)
    await checker.check(known)
    assert await told(kept) == [("APP_NOT_SUBSCRIBED", True)]
    severity, check = await page(kept, database, inbox_id)
    assert (severity, check["severity"]) == ("critical", "critical")
    assert check["words"] == f"Meta sends our app no webhooks of this kind: {kind}"
    assert check["remedy"].startswith("In Meta's app settings, Webhooks")
    # Nobody but the app's owner can: subscribing the account again is no help, and is not tried.
    assert meta.world.switches.webhooks_disabled == [kind]

    await meta.control("", {"webhooks_disabled": []})
    await checker.check(known)
    assert await told(kept) == [("APP_NOT_SUBSCRIBED", False)]
    _, check = await page(kept, database, inbox_id)
    assert (check["severity"], check["words"]) == (None, "Meta sends us its messages")


async def test_what_comes_by_a_page_is_deaf_too_where_the_app_is(
    kept: TestServices, checker: Checker, meta: Meta
) -> None:
    await meta.control("", {"webhooks_disabled": ["instagram"]})
    await checker.check(inbox(kept, DESK))
    assert (await standing(kept, DESK))["subscription"] == {"state": "silenced", "object": "instagram"}
    await meta.control("", {"webhooks_disabled": []})
    await checker.check(inbox(kept, DESK))
    assert (await standing(kept, DESK))["subscription"] == {"state": "subscribed"}


@pytest.mark.parametrize("inbox_id", [SCHOOL, KITCHEN])
async def test_a_missing_field_is_subscribed_again_and_its_events_come(
    kept: TestServices, checker: Checker, meta: Meta, receiver: Receiver, inbox_id: str
) -> None:
    known = inbox(kept, inbox_id)
    await meta.control("", {"without_fields": {inbox_id: ["standby", EDITS[inbox_id]]}})
    wrote = await meta.said("layla-mansour", inbox_id, "Tomorrow")
    await edited(meta, inbox_id, wrote, "Today")
    assert len(receiver.bodies) == 1

    await checker.check(known)
    assert meta.world.switches.without_fields == {}
    assert (await standing(kept, inbox_id))["subscription"] == {"state": "subscribed"}
    await edited(meta, inbox_id, wrote, "On Sunday")
    await deliver(kept, *receiver.raw)
    assert await kept.pool.fetchval("select text from message where author = 'customer'") == "On Sunday"
    assert await told(kept) == []


@pytest.mark.parametrize("inbox_id", [SCHOOL, KITCHEN])
async def test_a_field_that_meta_refuses_is_named_and_leaves_the_rest(
    kept: TestServices, checker: Checker, meta: Meta, database: str, inbox_id: str
) -> None:
    known = inbox(kept, inbox_id)
    await meta.control("", {"without_fields": {inbox_id: ["messages", "standby"]}})
    # The first call asks how it stands, the second would change it.
    await meta.control("/errors", {"call": "subscribed_apps", "code": 100, "inbox": inbox_id, "after": 1})
    await checker.check(known)
    assert meta.world.switches.without_fields == {inbox_id: ["standby"]}
    assert (await standing(kept, inbox_id))["subscription"] == {"state": "partial", "fields": ["standby"]}
    _, check = await page(kept, database, inbox_id)
    assert (check["severity"], check["words"]) == ("warning", "Meta does not send everything. Missing: standby")
    assert check["remedy"] == "In Meta's app settings, Webhooks, tick these fields."
    assert await told(kept) == [("FIELDS_MISSING", True)]
    await checker.check(known)
    assert await told(kept) == [("FIELDS_MISSING", False)]


@pytest.mark.parametrize(
    ("inbox_id", "kind", "field"),
    [(CAFE, "whatsapp_business_account", "smb_message_echoes"), (DESK, "instagram", "messaging_seen")],
)
async def test_fields_that_are_not_ticked_in_the_app_are_named_until_they_are(
    kept: TestServices, checker: Checker, meta: Meta, database: str, inbox_id: str, kind: str, field: str
) -> None:
    known = inbox(kept, inbox_id)
    await meta.control("", {"without_fields": {kind: [field, "standby"]}})
    await checker.check(known)
    missing = sorted([field, "standby"])
    assert (await standing(kept, inbox_id))["subscription"] == {"state": "partial", "fields": missing, "object": kind}
    assert await told(kept) == [("FIELDS_MISSING", True)]
    severity, check = await page(kept, database, inbox_id)
    assert (severity, check["severity"]) == ("warning", "warning")
    assert check["words"] == f"Meta does not send everything. Missing: {', '.join(missing)}"
    assert check["remedy"] == f"In Meta's app settings, Webhooks, {kind}, tick these fields."

    await meta.control("", {"without_fields": {}})
    await checker.check(known)
    assert await told(kept) == [("FIELDS_MISSING", False)]
    assert (await standing(kept, inbox_id))["subscription"] == {"state": "subscribed"}


async def test_an_instagram_account_of_before_pages_were_asked_for_is_told(
    kept: TestServices, checker: Checker, database: str
) -> None:
    await kept.pool.execute("update inbox set definition = definition - 'page_id' where id = $1", DESK)
    async with kept.pool.acquire() as connection:
        known = (await organisation.load(connection)).inboxes[DESK]
    await checker.check(known)
    severity, check = await page(kept, database, DESK)
    assert (severity, check["severity"]) == ("critical", "critical")
    assert check["words"] == "We do not know through which page to send"
    assert check["remedy"] == "Add the Facebook page's id (page_id) to org.toml, and run: majlis apply"


async def edited(meta: Meta, inbox_id: str, line: str, text: str) -> None:
    await meta.control("/customers/layla-mansour/send", {"inbox": inbox_id, "kind": "edit", "line": line, "text": text})
    await meta.settled()
