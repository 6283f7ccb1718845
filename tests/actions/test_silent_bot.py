"""Where a bot says nothing, or its words never arrive, people take over: nobody waits unseen (P3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from arriving import deliver, inbox_of, messaging, row, whatsapp, whatsapp_status, whatsapp_value
from conftest import TestServices
from delivering import pass_time
from playing_meta import Meta, accept, drop, refuses, says

from server.actions.deliver import Deliverer
from server.domain.model import Channel


def earlier(**span: float) -> datetime:
    return (datetime.now(UTC) - timedelta(**span)).replace(microsecond=0)


async def conversation(services: TestServices) -> asyncpg.Record:
    return await row(services, "select * from conversation")


def handed_off(services: TestServices) -> list[str]:
    return [each.data["reason"] for each in services.publisher.events if each.kind == "HandedOff"]


def comment(services: TestServices, at: datetime) -> dict[str, Any]:
    inbox = inbox_of(services, "hospitality", Channel.INSTAGRAM)
    value = {"id": "1801", "text": "How much?", "from": {"id": "8001", "username": "omar"}, "media": {"id": "m1"}}
    entry = {"id": inbox.external_id, "time": int(at.timestamp()), "field": "comments", "value": value}
    return {"object": "instagram", "entry": [entry]}


async def test_what_comes_too_late_for_the_bot_waits_for_people_since_it_was_written(services: TestServices) -> None:
    at = earlier(hours=25)
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello", at=at))

    assert (await conversation(services))["state"] == "queued"
    waiting = await row(services, "select entered_at, queue_id from waiting")
    assert tuple(waiting) == (at, "hospitality")
    assert handed_off(services) == ["late"]
    queued = next(each for each in services.publisher.events if each.kind == "ConversationQueued")
    assert queued.data["reason"] == "late"
    assert await services.pool.fetchval("select count(*) from sla_timer where state = 'running'") >= 1
    assert await services.pool.fetchval("select count(*) from outbox") == 0


async def test_an_emergency_among_what_came_late_is_urgent(services: TestServices) -> None:
    inbox = inbox_of(services, "education")
    texts = ("my son has a peanut allergy and is vomiting", "hello?")
    await deliver(services, whatsapp(inbox, *texts, at=earlier(hours=25)))
    assert await services.pool.fetchval("select priority from waiting") == "urgent"


async def test_a_late_message_that_was_answered_after_it_leaves_the_bot_at_work(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello"))
    said = await services.pool.fetchval("select count(*) from outbox")
    await deliver(services, whatsapp(inbox, "Anybody there?", at=earlier(minutes=5)))

    found = await conversation(services)
    assert (found["state"], found["waiting_since"]) == ("bot", None)
    assert await services.pool.fetchval("select count(*) from waiting") == 0
    assert await services.pool.fetchval("select count(*) from outbox") == said


async def test_what_the_business_phone_answered_in_the_same_delivery_asks_for_nobody(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality", Channel.MESSENGER)
    at = int(earlier(hours=30).timestamp() * 1000)
    asked = {"sender": {"id": "9001"}, "recipient": {"id": inbox.external_id}, "timestamp": at,
             "message": {"mid": "m_1", "text": "A table for two?"}}  # fmt: skip
    told = {"sender": {"id": inbox.external_id}, "recipient": {"id": "9001"}, "timestamp": at + 60_000,
            "message": {"mid": "m_2", "text": "With pleasure", "is_echo": True}}  # fmt: skip
    await deliver(services, messaging(inbox, asked, told))
    assert (await conversation(services))["state"] == "bot"
    assert await services.pool.fetchval("select count(*) from waiting") == 0


async def test_a_late_public_comment_goes_to_people_as_one_in_time_does(services: TestServices) -> None:
    await deliver(services, comment(services, earlier(hours=30)))
    assert (await conversation(services))["state"] == "queued"
    queued = next(each for each in services.publisher.events if each.kind == "ConversationQueued")
    assert queued.data["reason"] == "comment"


async def test_a_late_reaction_asks_for_nobody(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    reaction = {
        "from": "15550001111", "id": "wamid.r", "timestamp": str(int(earlier(hours=25).timestamp())),
        "type": "reaction", "reaction": {"message_id": "wamid.gone", "emoji": "👍"},
    }  # fmt: skip
    contact = {"profile": {"name": "Sara Haddad"}, "wa_id": "15550001111"}
    await deliver(services, whatsapp_value(inbox, contacts=[contact], messages=[reaction]))
    assert await services.pool.fetchval("select count(*) from waiting") == 0
    assert handed_off(services) == []


async def fail_all(services: TestServices, deliverer: Deliverer) -> None:
    while await deliverer.deliver_due():
        await pass_time(services, 60)


async def test_a_bot_whose_answer_meta_refuses_for_good_hands_off(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = refuses(131051)
    at = earlier(seconds=2)
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello", "Are you there?", at=at))
    assert (await conversation(services))["waiting_since"] is None
    await fail_all(services, deliverer)

    assert await services.pool.fetchval("select count(*) from outbox where state <> 'failed'") == 0
    found = await conversation(services)
    assert (found["state"], found["waiting_since"]) == ("queued", at)
    assert await services.pool.fetchval("select entered_at from waiting") == at
    assert handed_off(services) == ["not_sent"]


async def test_a_bot_whose_answer_may_not_have_arrived_hands_off(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = drop
    at = earlier(seconds=2)
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello", at=at))
    while await services.pool.fetchval("select count(*) from outbox where state = 'queued'"):
        await deliverer.deliver_due()
        await pass_time(services, 120)
        await deliverer.tend()
    await deliverer.tend()

    assert await services.pool.fetchval("select count(*) from outbox where state <> 'uncertain'") == 0
    found = await conversation(services)
    assert (found["state"], found["waiting_since"]) == ("queued", at)
    assert handed_off(services) == ["not_sent"]


async def test_a_bot_goes_on_when_what_it_said_last_arrives(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hello", "What is on the menu?"))
    assert await services.pool.fetchval("select count(*) from outbox") > 1, "the bot says more than one thing"
    meta.script, meta.answer = [refuses(131051)], accept
    await fail_all(services, deliverer)
    assert await services.pool.fetchval("select count(*) from outbox where state = 'failed'") == 1
    assert (await conversation(services))["state"] == "bot"
    assert handed_off(services) == []


@pytest.mark.parametrize("known_first", [True, False])
async def test_an_accepted_answer_that_meta_reports_as_failed_hands_off(
    services: TestServices, deliverer: Deliverer, meta: Meta, *, known_first: bool
) -> None:
    """By a status after our own record of the call, and by one that overtook it."""
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello"))
    last = await services.pool.fetchval("select max(message_id) from outbox")
    failure = [{"code": 131026, "title": "Message undeliverable"}]
    if not known_first:
        provider_ids = [f"wamid.{place}" for place in range(5)]
        meta.script = [_accepts(each) for each in provider_ids]
        for each in provider_ids:
            await deliver(services, whatsapp_status(inbox, each, "failed", errors=failure))
    while await deliverer.deliver_due():
        pass
    if known_first:
        assert (await conversation(services))["state"] == "bot"
        provider_id = await services.pool.fetchval("select provider_id from message where id = $1", last)
        await deliver(services, whatsapp_status(inbox, provider_id, "failed", errors=failure))

    assert await services.pool.fetchval("select status from message where id = $1", last) == "failed"
    assert (await conversation(services))["state"] == "queued"
    assert handed_off(services) == ["not_sent"]


async def test_the_late_failure_of_an_earlier_opening_takes_nothing_from_the_bot(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello"))
    while await deliverer.deliver_due():
        pass
    provider_id = await services.pool.fetchval("select provider_id from message where author = 'bot' order by id desc")
    await services.pool.execute("update conversation set state = 'resolved', resolved_at = now()")
    again, failed = whatsapp(inbox, "Hello again"), whatsapp_status(
        inbox, provider_id, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}]
    )  # fmt: skip
    again["entry"][0]["changes"] += failed["entry"][0]["changes"]
    await deliver(services, again)
    assert (await conversation(services))["state"] == "bot"
    assert await services.pool.fetchval("select count(*) from outbox where state = 'queued'") >= 1


def _accepts(provider_id: str) -> Any:
    return says(200, {"messaging_product": "whatsapp", "messages": [{"id": provider_id}]})
