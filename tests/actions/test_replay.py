"""What was set aside is applied after the fix: once, in its conversation, and without a word of ours."""

from datetime import UTC, datetime, timedelta

import msgspec
from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices

from server.actions.replay import replay
from server.actions.replay_steps import Fate, Step


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
    assert await services.pool.fetchval("select state from conversation") == "queued"
    assert await services.pool.fetchval("select queue_id from waiting") == "hospitality"
    assert await services.pool.fetchval("select replayed_at is not null from quarantine")
    assert (await replay(services)).applied == 0


async def test_a_customer_of_many_replayed_messages_waits_once_for_people(services: TestServices) -> None:
    cafe = inbox_of(services, "hospitality")
    for text in ("Good evening", "Is the terrace open?", "Hello?"):
        await deliver(without_hospitality(services), whatsapp(cafe, text))

    assert (await replay(services)).applied == 3

    assert await services.pool.fetchval("select count(*) from waiting") == 1
    assert services.publisher.kinds.count("HandedOff") == services.publisher.kinds.count("ConversationQueued") == 1
    assert await services.pool.fetchval("select count(*) from outbox") == 0


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


async def _everything(services: TestServices) -> list[object]:
    tables = (
        "message",
        "conversation",
        "contact",
        "identity",
        "outbox",
        "event",
        "inbound_key",
        "quarantine",
        "waiting",
    )
    return [[tuple(row) for row in await services.pool.fetch(f"select * from {each}")] for each in tables]


async def test_a_dry_run_says_what_would_happen_to_each_item_and_changes_nothing(services: TestServices) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    cafe = inbox_of(services, "hospitality")
    await deliver(without_hospitality(services), whatsapp(cafe, "Would apply"))
    await deliver(services, whatsapp(cafe, "Applied long ago"), {"object": "fax", "entry": [{"id": "1"}]})
    before = await _everything(services)
    steps: list[Step] = []
    outcome = await replay(services, since=since, dry_run=True, tell=steps.append)
    assert await _everything(services) == before
    assert (outcome.applied, outcome.known, outcome.left) == (1, 1, 1)
    assert [(each.fate, each.inbox, each.what) for each in steps] == [
        (Fate.APPLIED, cafe.id, "message text"), (Fate.REFUSED, None, "item"), (Fate.KNOWN, cafe.id, "message text"),
    ]  # fmt: skip
    assert "unknown_object" in steps[1].why
    real = await replay(services, since=since)
    assert (real.applied, real.known, real.left) == (1, 2, 1)


async def test_a_dry_run_names_what_the_database_refuses(services: TestServices) -> None:
    cafe = inbox_of(services, "hospitality")
    await deliver(without_hospitality(services), whatsapp(cafe, "Hello"))
    await services.pool.execute("alter table message add constraint never check (text <> 'Hello') not valid")
    steps: list[Step] = []
    await replay(services, dry_run=True, tell=steps.append)
    assert [(each.fate, each.why) for each in steps] == [(Fate.REFUSED, "CheckViolationError")]


async def test_with_since_the_journal_itself_is_gone_through(services: TestServices) -> None:
    """Something was lost without a trace: a row counts as applied, and its item never took effect."""
    since = datetime.now(UTC) - timedelta(hours=1)
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Once", "Twice", ids=("wamid.a", "wamid.b")))
    for table in ("outbox", "event", "waiting", "sla_timer"):
        await services.pool.execute(f"delete from {table}")
    await services.pool.execute("update conversation set last_message_id = null")
    await services.pool.execute("delete from message where text <> 'Once'")
    await services.pool.execute("delete from inbound_key where key = (select max(key) from inbound_key)")
    outcome = await replay(services, since=since)
    assert (outcome.applied, outcome.known) == (1, 1)
    inbound = await services.pool.fetch("select text from message where direction = 'inbound'")
    assert {row["text"] for row in inbound} == {"Once", "Twice"}
    assert (await replay(services, since=since)).applied == 0
