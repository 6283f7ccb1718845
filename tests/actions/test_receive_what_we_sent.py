"""Statuses, watermarks and echoes: what Meta says of messages that the business sent."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from arriving import deliver, inbox_of, messaging, row, whatsapp_status
from conftest import TestServices
from factories import make_conversation, make_message

from server.domain.model import Author, Channel, MessageStatus
from server.domain.organisation import Inbox


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


async def greeted(services: TestServices) -> tuple[Inbox, dict[str, Any], int]:
    """A customer of Messenger wrote, and Meta has the bot's answers: the inbox, who to whom, when in milliseconds."""
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    hello = {"sender": {"id": "7001"}, "recipient": {"id": inbox.external_id}}
    now = int(datetime.now(UTC).timestamp() * 1000)
    await deliver(services, messaging(inbox, {**hello, "timestamp": now, "message": {"mid": "m_1", "text": "Hello"}}))
    await services.pool.execute(
        "update message set status = 'accepted', provider_id = 'm_' || id where direction = 'outbound'"
    )
    return inbox, hello, now


async def test_a_reading_watermark_marks_everything_before_it(services: TestServices) -> None:
    inbox, hello, now = await greeted(services)
    later = now + 3_000
    await deliver(services, messaging(inbox, {**hello, "timestamp": later, "read": {"watermark": later}}))
    statuses = {row[0] for row in await services.pool.fetch("select status from message where direction = 'outbound'")}
    assert statuses == {"read"}


async def test_a_delivery_that_names_a_message_needs_no_clock(services: TestServices) -> None:
    inbox, hello, now = await greeted(services)
    first, *others = await services.pool.fetch("select id from message where direction = 'outbound' order by id")
    assert others
    # Our clock is a minute ahead of Meta's: by the watermark alone nothing would have been delivered.
    told = {"mids": [f"m_{first['id']}", "m_unknown", None], "watermark": now - 60_000}
    await deliver(services, messaging(inbox, {**hello, "timestamp": now + 1, "delivery": told}))
    found = await services.pool.fetch("select status from message where direction = 'outbound' order by id")
    assert [row["status"] for row in found] == ["delivered", *["accepted"] * len(others)]


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
