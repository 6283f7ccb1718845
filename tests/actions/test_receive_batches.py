"""Large batches take another way into the database than single messages: what they leave must be the same."""

from datetime import UTC, datetime

from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices

from server.domain.model import Channel

CUSTOMERS = 40
TABLES = ("contact", "identity", "conversation", "message", "outbox", "waiting", "sla_timer", "event", "inbound_key")


async def rows(services: TestServices) -> dict[str, int]:
    return {table: await services.pool.fetchval(f"select count(*) from {table}") for table in TABLES}


async def test_many_first_messages_leave_what_one_leaves_for_each_of_them(services: TestServices) -> None:
    inbox, noon = inbox_of(services, "financial"), datetime.now(UTC)
    await deliver(services, whatsapp(inbox, "What are your fees?", phone="15550100000", user_id="US.100000", at=noon))
    one = await rows(services)
    await deliver(
        services,
        *(
            whatsapp(inbox, "What are your fees?", phone=f"155502{place:05}", user_id=f"US.2{place:05}", at=noon)
            for place in range(CUSTOMERS)
        ),
    )
    many = await rows(services)
    assert {table: count // one[table] for table, count in many.items()} == dict.fromkeys(TABLES, CUSTOMERS + 1)
    assert await services.pool.fetchval("select count(*) from quarantine") == 0

    conversations = await services.pool.fetch(
        "select id, state, version, outbox_seq, unread, last_message_id, queue_id from conversation order by id"
    )
    assert {tuple(each)[1:5] for each in conversations} == {tuple(conversations[0])[1:5]}
    assert all(each["queue_id"] for each in conversations)
    for each in conversations:
        facts = await services.pool.fetch(
            "select version, kind from event where conversation_id = $1 order by id", each["id"]
        )
        assert [fact["version"] for fact in facts] == list(range(1, each["version"] + 1))
    published = [(event.stream, event.version, event.id) for event in services.publisher.events]
    stored = await services.pool.fetch("select stream, version, id from event order by id")
    assert published == [tuple(each) for each in stored]


async def test_a_large_batch_moves_known_conversations_too(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality", Channel.WHATSAPP)
    phones = [f"155503{place:05}" for place in range(CUSTOMERS)]
    await deliver(services, *(whatsapp(inbox, "Hello", phone=phone) for phone in phones))
    await deliver(services, *(whatsapp(inbox, "When do you open?", phone=phone) for phone in phones))

    assert await services.pool.fetchval("select count(*) from conversation") == CUSTOMERS
    assert await services.pool.fetchval("select count(*) from message where direction = 'inbound'") == 2 * CUSTOMERS
    assert await services.pool.fetchval("select count(distinct unread) from conversation") == 1
