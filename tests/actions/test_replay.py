"""What was set aside is applied after the fix: once, in its conversation, and without a word of ours."""

from datetime import UTC, datetime, timedelta

import msgspec
from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices

from server.actions.replay import replay


def without_hospitality(services: TestServices) -> TestServices:
    """Services of a process that does not know the café's inboxes yet."""
    known = services.organisation()
    inboxes = {id: inbox for id, inbox in known.inboxes.items() if inbox.sector != "hospitality"}
    fewer = msgspec.structs.replace(known, inboxes=inboxes)
    return msgspec.structs.replace(services, organisation=lambda: fewer)


async def test_an_item_of_an_account_that_became_known_is_applied_without_a_bot(services: TestServices) -> None:
    await deliver(without_hospitality(services), whatsapp(inbox_of(services, "hospitality"), "Is the terrace open?"))
    assert await services.pool.fetchval("select reason from quarantine") == "unknown_account"

    outcome = await replay(services)

    assert (outcome.applied, outcome.left) == (1, 0)
    assert await services.pool.fetchval("select text from message") == "Is the terrace open?"
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    assert await services.pool.fetchval("select replayed_at is not null from quarantine")
    assert (await replay(services)).applied == 0


async def test_what_is_still_not_understood_stays(services: TestServices) -> None:
    await deliver(services, {"object": "fax", "entry": [{"id": "1"}]})
    outcome = await replay(services)
    assert (outcome.applied, outcome.left) == (0, 1)
    assert await services.pool.fetchval("select count(*) from quarantine where replayed_at is null") == 1


async def test_only_what_came_since_is_replayed(services: TestServices) -> None:
    await deliver(without_hospitality(services), whatsapp(inbox_of(services, "hospitality"), "Good evening"))
    assert (await replay(services, since=datetime.now(UTC) + timedelta(hours=1))).applied == 0
    assert (await replay(services, since=datetime.now(UTC) - timedelta(hours=1))).applied == 1


async def test_an_item_that_took_effect_meanwhile_changes_nothing_twice(services: TestServices) -> None:
    body = whatsapp(inbox_of(services, "hospitality"), "Hello")
    await deliver(without_hospitality(services), body)
    await deliver(services, body)
    assert (await replay(services)).applied == 1
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 1
