"""Signed deliveries become conversations, once, in order, with every neighbour unharmed."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from arriving import apply_all, deliver, inbox_of, messaging, whatsapp, whatsapp_status, whatsapp_value
from conftest import TestServices
from factories import make_conversation, make_message, make_viewer
from work_scenes import with_organisation

from server.actions.unit import Topic
from server.domain.model import Author, Channel, ConversationState, MessageStatus


async def row(services: TestServices, query: str, *values: object) -> asyncpg.Record:
    found = await services.pool.fetchrow(query, *values)
    assert found is not None
    return found


async def test_a_first_message_to_the_investment_desk_is_acknowledged_and_queued(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "What are your fees?"))

    conversation = await row(services, "select * from conversation")
    assert conversation["state"] == "queued"
    assert await services.pool.fetchval("select count(*) from waiting") == 1
    purposes = [row[0] for row in await services.pool.fetch("select purpose from outbox order by seq")]
    assert purposes[0] == "acknowledgement"
    assert "bot" not in purposes
    assert await services.pool.fetchval("select count(*) from sla_timer where target = 'first_response'") == 1
    assert services.publisher.kinds[:2] == ["ConversationOpened", "MessageReceived"]
    assert {Topic.OUTBOX, Topic.WAITING} <= set(services.waker.topics)


async def test_the_acknowledgement_comes_once_per_opening_and_in_the_customers_language(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "السلام عليكم، أريد أن أسأل عن الصناديق"))
    await deliver(services, whatsapp(inbox, "هل من أحد؟"))

    sent = await services.pool.fetch(
        "select m.text from outbox o join message m on m.id = o.message_id where purpose = 'acknowledgement'"
    )
    assert len(sent) == 1
    assert any("\u0600" <= letter <= "\u06ff" for letter in sent[0]["text"])
    assert await services.pool.fetchval("select language from conversation") == "ar"


async def test_the_bot_welcomes_and_hands_off_when_a_person_is_asked_for(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello"))
    assert await services.pool.fetchval("select state from conversation") == "bot"
    welcome = await services.pool.fetchval("select count(*) from outbox where purpose = 'bot'")
    assert welcome >= 1

    await deliver(services, whatsapp(inbox, "I want to talk to a person"))
    assert await services.pool.fetchval("select state from conversation") == "queued"
    assert "HandedOff" in services.publisher.kinds


async def test_a_burst_gets_one_answer(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "hospitality"), "Hi", "are you there", "hello?"))
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 3
    asked = await services.pool.fetchval("select count(*) from event where kind = 'MessageQueued'")

    other = whatsapp(inbox_of(services, "hospitality"), "Hi", phone="15550002222", name="Karim Aziz")
    await deliver(services, other)
    assert await services.pool.fetchval("select count(*) from event where kind = 'MessageQueued'") == 2 * asked


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


async def test_a_message_that_comes_late_is_not_answered_by_the_bot(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello", at=datetime.now(UTC) - timedelta(hours=25)))
    assert await services.pool.fetchval("select count(*) from outbox") == 0


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


async def test_a_message_to_an_owned_conversation_reaches_its_owner(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Hello"))
    salma = await make_viewer(services.pool)
    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'assigned', owner_id = $1", salma.user_id)
    services.publisher.events.clear()
    await deliver(services, whatsapp(inbox, "Are you there?"))
    received = next(event for event in services.publisher.events if event.kind == "MessageReceived")
    assert received.user_id == salma.user_id
    assert await services.pool.fetchval("select state from conversation") == "assigned"


async def test_statuses_only_move_forward_whatever_their_order(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    inbox = inbox_of(services, "financial")
    message_id = await make_message(
        services.pool, conversation.id, author=Author.SYSTEM, provider_id="wamid.ours", status=MessageStatus.ACCEPTED
    )
    await deliver(services, *(whatsapp_status(inbox, "wamid.ours", status) for status in ("read", "sent", "delivered")))
    assert await services.pool.fetchval("select status from message where id = $1", message_id) == "read"
    moves = [event.data["status"] for event in services.publisher.events if event.kind == "MessageMoved"]
    assert moves[-1] == "read"


async def test_a_status_before_its_message_is_known_waits_for_it(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp_status(inbox, "wamid.later", "delivered"))
    assert await services.pool.fetchval("select count(*) from parked_status") == 1
    assert await services.pool.fetchval("select count(*) from quarantine") == 0


async def test_a_reading_watermark_marks_everything_before_it(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    hello = {"sender": {"id": "7001"}, "recipient": {"id": inbox.external_id}}
    now = int(datetime.now(UTC).timestamp() * 1000)
    await deliver(services, messaging(inbox, {**hello, "timestamp": now, "message": {"mid": "m_1", "text": "Hello"}}))
    await services.pool.execute(
        "update message set status = 'accepted', provider_id = 'm_' || id where direction = 'outbound'"
    )
    later = now + 60_000
    await deliver(services, messaging(inbox, {**hello, "timestamp": later, "read": {"watermark": later}}))
    statuses = {row[0] for row in await services.pool.fetch("select status from message where direction = 'outbound'")}
    assert statuses == {"read"}


async def test_an_echo_typed_elsewhere_is_shown_and_pauses_the_bot(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    now = int(datetime.now(UTC).timestamp() * 1000)
    customer, page = {"id": "7001"}, {"id": inbox.external_id}
    await deliver(
        services,
        messaging(
            inbox, {"sender": customer, "recipient": page, "timestamp": now, "message": {"mid": "m_1", "text": "Hi"}}
        ),
    )
    echo = {"mid": "m_2", "is_echo": True, "app_id": 26390203743090, "text": "We are happy to help"}
    await deliver(
        services, messaging(inbox, {"sender": page, "recipient": customer, "timestamp": now + 1000, "message": echo})
    )
    found = await row(services, "select author, status from message where provider_id = 'm_2'")
    assert tuple(found) == ("business", "sent")
    assert await services.pool.fetchval("select bot_paused_at is not null from conversation")
    before = await services.pool.fetchval("select count(*) from outbox")
    await deliver(
        services,
        messaging(
            inbox,
            {"sender": customer, "recipient": page, "timestamp": now + 2000, "message": {"mid": "m_3", "text": "Hi"}},
        ),
    )
    assert await services.pool.fetchval("select count(*) from outbox") == before


async def test_an_echo_of_our_own_send_adds_no_message(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    now = int(datetime.now(UTC).timestamp() * 1000)
    customer, page = {"id": "7001"}, {"id": inbox.external_id}
    await deliver(
        services,
        messaging(
            inbox, {"sender": customer, "recipient": page, "timestamp": now, "message": {"mid": "m_1", "text": "Hi"}}
        ),
    )
    await services.pool.execute("update outbox set state = 'sending'")
    await services.pool.execute("update message set status = 'sending' where direction = 'outbound'")
    ours = await row(
        services,
        "select o.local_id::text, m.text, m.id from outbox o join message m on m.id = o.message_id order by o.seq",
    )
    before = await services.pool.fetchval("select count(*) from message")
    echo = {"mid": "m_9", "is_echo": True, "app_id": 1, "metadata": ours["local_id"], "text": ours["text"]}
    await deliver(
        services, messaging(inbox, {"sender": page, "recipient": customer, "timestamp": now + 500, "message": echo})
    )
    assert await services.pool.fetchval("select count(*) from message") == before
    found = await row(services, "select provider_id, status from message where id = $1", ours["id"])
    assert tuple(found) == ("m_9", "accepted")
    assert await services.pool.fetchval("select bot_paused_at is null from conversation")


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


async def test_an_echo_of_an_attempt_that_a_person_repeated_adds_no_message(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    now = int(datetime.now(UTC).timestamp() * 1000)
    customer, page = {"id": "7001"}, {"id": inbox.external_id}
    hello = {"sender": customer, "recipient": page, "timestamp": now, "message": {"mid": "m_1", "text": "Hi"}}
    await deliver(services, messaging(inbox, hello))
    before = await services.pool.fetchval("select count(*) from message")
    meta_id = services.organisation().apps["default"].meta_id
    assert meta_id is not None
    ours: list[dict[str, object]] = [{"metadata": str(uuid4())}, {"app_id": int(meta_id)}]
    for number, extra in enumerate(ours):
        echo = {"mid": f"m_old{number}", "is_echo": True, "text": "Said by an attempt long past", **extra}
        item = {"sender": page, "recipient": customer, "timestamp": now + 500, "message": echo}
        await deliver(services, messaging(inbox, item))
    assert await services.pool.fetchval("select count(*) from message") == before
    assert await services.pool.fetchval("select bot_paused_at is null from conversation")


async def test_who_wrote_arabic_before_is_answered_in_arabic_again(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "السلام عليكم"))
    await services.pool.execute("delete from waiting")
    await services.pool.execute("update conversation set state = 'resolved', resolved_at = now() - interval '3 days'")
    await deliver(services, whatsapp(inbox, "👍"))
    languages = [each[0] for each in await services.pool.fetch("select language from conversation order by id")]
    assert languages == ["ar", "ar"]


@pytest.mark.parametrize(
    ("sector", "text", "priority"),
    [
        ("education", "my son has a peanut allergy and is vomiting", "urgent"),
        ("education", "ابنتي مريضة وعندها حساسية", "urgent"),
        ("education", "my daughter got no lunch today", "high"),
        ("hospitality", "I got food poisoning, call an ambulance", "urgent"),
    ],
)
async def test_no_bot_answers_an_emergency_with_a_menu(
    services: TestServices, sector: str, text: str, priority: str
) -> None:
    await deliver(services, whatsapp(inbox_of(services, sector), "Hello"))
    await deliver(services, whatsapp(inbox_of(services, sector), text))
    found = await row(services, "select state, priority from conversation")
    assert tuple(found) == ("queued", priority)
    last = await services.pool.fetchval(
        "select body->>'kind' from message where author = 'bot' order by id desc limit 1"
    )
    assert last == "text"


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
