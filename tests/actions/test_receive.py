"""Signed deliveries become conversations, once, in order, with every neighbour unharmed."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import msgspec
from arriving import apply_all, deliver, inbox_of, row, whatsapp, whatsapp_value
from conftest import TestServices
from work_scenes import with_organisation

from server.actions.unit import Topic
from server.domain.model import ConversationState


async def test_a_duplicate_delivery_and_a_recut_batch_have_no_second_effect(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    first = whatsapp(inbox, "Hello", ids=("wamid.one",))
    await deliver(services, first, first)
    recut = whatsapp(inbox, "Hello", "Which cakes do you have?", ids=("wamid.one", "wamid.two"))
    counts = await row(services, "select (select count(*) from outbox) as sent, (select count(*) from event) as facts")
    await deliver(services, first)
    again = await row(services, "select (select count(*) from outbox) as sent, (select count(*) from event) as facts")
    assert tuple(again) == tuple(counts)

    await deliver(services, recut)
    texts = [
        row[0] for row in await services.pool.fetch("select text from message where direction = 'inbound' order by id")
    ]
    assert texts == ["Hello", "Which cakes do you have?"]


async def test_every_item_of_every_entry_is_applied(services: TestServices) -> None:
    financial, hospitality = inbox_of(services, "financial"), inbox_of(services, "hospitality")
    one = whatsapp(financial, "first", "second", phone="15550000001")
    two = whatsapp(hospitality, "third", phone="15550000002")
    three = whatsapp(hospitality, "fourth", phone="15550000003")
    body = {
        "object": one["object"],
        "entry": [
            {"id": "1", "changes": one["entry"][0]["changes"] + two["entry"][0]["changes"]},
            three["entry"][0],
        ],
    }
    await deliver(services, body)
    texts = {row[0] for row in await services.pool.fetch("select text from message where direction = 'inbound'")}
    assert texts == {"first", "second", "third", "fourth"}


async def test_a_bad_item_is_set_aside_and_its_neighbours_are_applied(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    good = whatsapp(inbox, "good", phone="15550000001")
    # A time that no database can hold.
    bad = whatsapp(inbox, "bad", phone="15550000002")
    bad["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = "9" * 30
    unknown = whatsapp_value(inbox, messages=[{"id": "wamid.x", "timestamp": "1790000000"}])
    elsewhere = json.loads(json.dumps(good).replace(inbox.external_id, "999999"))
    last = whatsapp(inbox, "last", phone="15550000003")
    await deliver(services, good, bad, unknown, elsewhere, last)

    texts = {row[0] for row in await services.pool.fetch("select text from message where direction = 'inbound'")}
    assert {"good", "last"} <= texts
    reasons = {row[0] for row in await services.pool.fetch("select reason from quarantine")}
    assert "unknown_account" in reasons
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0


async def test_an_item_signed_by_another_app_is_set_aside(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "hello"), app_id="another")
    assert await services.pool.fetchval("select reason from quarantine") == "wrong_app"
    assert await services.pool.fetchval("select count(*) from message") == 0


async def test_what_is_not_json_is_kept(services: TestServices) -> None:
    await deliver(services, b'{"object": "page", "entry": [', b"[" * 100_000, b"\xff\xfe")
    assert await services.pool.fetchval("select count(*) from quarantine where reason = 'unparsable'") == 3


async def test_nul_and_lone_surrogates_are_stored_as_replacement_characters(services: TestServices) -> None:
    body = json.dumps(whatsapp(inbox_of(services, "financial"), "a\x00b PLACE c")).replace("PLACE", "\\ud800")
    await deliver(services, body.encode())
    assert await services.pool.fetchval("select text from message where direction = 'inbound'") == "a\ufffdb \ufffd c"


async def test_a_customer_without_a_phone_number_is_known_by_the_business_scoped_id(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello", phone=None, user_id="EG.1001"))
    await deliver(services, whatsapp(inbox, "It is me", phone="15550009999", user_id="EG.1001"))
    assert await services.pool.fetchval("select count(*) from contact") == 1
    kinds = {row[0] for row in await services.pool.fetch("select kind from identity")}
    assert kinds == {"whatsapp_user", "phone"}
    assert await services.pool.fetchval("select count(*) from conversation") == 1


async def test_a_customer_who_shares_the_number_we_asked_for_is_known_by_it(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    own = {"phones": [{"phone": "+1 555 000 9999", "wa_id": "15550009999"}], "origin": "contact_request"}
    friend = {"phones": [{"phone": "+1 555 000 7777", "wa_id": "15550007777"}], "origin": "other"}
    for shared in (friend, own):
        told = whatsapp(inbox, "", phone=None, user_id="EG.1001", type="contacts", contacts=[shared])
        await deliver(services, told)
    phones = await services.pool.fetch("select value from identity where kind = 'phone'")
    assert [row[0] for row in phones] == ["15550009999"]
    await deliver(services, whatsapp(inbox, "It is me", phone="15550009999"))
    assert await services.pool.fetchval("select count(*) from contact") == 1


async def test_somebody_elses_number_stays_theirs_whoever_gives_it_for_their_own(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Mine", phone="15550009999", name="Salma Fathy"))
    card = {"phones": [{"phone": "+1 555 000 9999", "wa_id": "15550009999"}], "origin": "contact_request"}
    await deliver(services, whatsapp(inbox, "", phone=None, user_id="EG.1001", type="contacts", contacts=[card]))
    owners = await services.pool.fetch("select kind, contact_id from identity order by id")
    assert [row["kind"] for row in owners] == ["phone", "whatsapp_user"]
    assert owners[0]["contact_id"] != owners[1]["contact_id"]


async def test_messages_are_ordered_by_the_providers_time(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    now = datetime.now(UTC).replace(microsecond=0)
    await deliver(services, whatsapp(inbox, "second", at=now))
    await deliver(services, whatsapp(inbox, "first", at=now - timedelta(minutes=1)))
    rows = await services.pool.fetch("select text from message where direction = 'inbound' order by provider_at, id")
    assert [row[0] for row in rows] == ["first", "second"]
    conversation = await row(services, "select last_inbound_at, waiting_since from conversation")
    assert conversation["last_inbound_at"] == now
    assert conversation["waiting_since"] == now - timedelta(minutes=1)


async def test_a_message_soon_after_resolution_reopens_and_a_later_one_opens_anew(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Thanks"))
    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'resolved', resolved_at = now() - interval '1 hour'")
    await deliver(services, whatsapp(inbox, "One more thing"))
    assert await services.pool.fetchval("select count(*) from conversation") == 1
    assert await services.pool.fetchval("select opening from conversation") == 2
    assert "ConversationReopened" in services.publisher.kinds
    assert await services.pool.fetchval("select count(*) from outbox where purpose = 'acknowledgement'") == 2

    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'resolved', resolved_at = now() - interval '3 days'")
    await deliver(services, whatsapp(inbox, "Good morning"))
    assert await services.pool.fetchval("select count(*) from conversation") == 2


async def test_two_appliers_never_apply_one_row_twice(services: TestServices) -> None:
    from server.actions import applying
    from server.store import leases

    inbox = inbox_of(services, "financial")
    async with services.pool.acquire() as connection:
        first = await leases.take(connection, "applier", "first", 60)
        assert first is not None
        assert await leases.take(connection, "applier", "second", 60) is None
        await connection.execute("update lease set expires_at = '-infinity'")
        second = await leases.take(connection, "applier", "second", 60)
    assert second is not None
    assert second.epoch == first.epoch + 1
    from server.actions.journal import Journal

    await Journal(services.pool, services.waker).append("default", {}, json.dumps(whatsapp(inbox, "Hello")).encode())
    outcomes = await asyncio.gather(
        applying.apply_next(services, first, 60), applying.apply_next(services, second, 60), return_exceptions=True
    )
    assert sum(outcome == 1 for outcome in outcomes) == 1
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 1
    assert await services.pool.fetchval("select state from conversation") == ConversationState.QUEUED


async def test_an_account_that_was_applied_a_moment_ago_is_waited_for(services: TestServices) -> None:
    known = services.organisation()
    inbox = inbox_of(services, "financial")
    before = msgspec.structs.replace(
        known, inboxes={id: each for id, each in known.inboxes.items() if id != inbox.id}, version=known.version - 1
    )
    await services.pool.execute("update organisation set applied_at = now()")
    await deliver(with_organisation(services, before), whatsapp(inbox, "Good morning"))
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 1
    assert Topic.ORGANISATION in services.waker.topics
    await apply_all(services)
    assert await services.pool.fetchval("select count(*) from message where author = 'customer'") == 1
    assert await services.pool.fetchval("select count(*) from quarantine") == 0

    # Whoever has not read it for so long will not soon: the others do not wait for that.
    await services.pool.execute("update organisation set applied_at = now() - interval '1 minute'")
    await deliver(with_organisation(services, before), whatsapp(inbox, "Good evening"))
    assert await services.pool.fetchval("select reason from quarantine") == "unknown_account"
