"""What Meta dates in the future counts from when it came: it silences nobody, and opens nothing for years."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arriving import deliver, inbox_of, messaging, whatsapp, whatsapp_status, whatsapp_value
from conftest import TestServices
from factories import make_conversation, make_message

from server.domain.model import Author, Channel, ConversationState, MessageStatus
from server.store import windows

AHEAD = datetime(2099, 6, 1, tzinfo=UTC)


async def moments(services: TestServices) -> dict[str, datetime]:
    """Every time that was stored of what came, by where; and the database's own."""
    row = await services.pool.fetchrow(
        "select greatest(max(c.last_inbound_at), max(c.waiting_since), max(c.last_message_at), max(c.opened_at),"
        " max(c.resolved_at), max(c.bot_paused_at)) as conversation,"
        " (select greatest(max(provider_at), max(status_at), max(edited_at), max(revoked_at)) from message) as message,"
        " (select max(at) from reaction) as reaction, (select max(edited_at) from message_edit) as edit,"
        " (select max(at) from parked_status) as parked from conversation c"
    )
    return {name: at for name, at in dict(row or {}).items() if at is not None}


async def expect_nothing_ahead(services: TestServices) -> None:
    found = await moments(services)
    now: datetime = await services.pool.fetchval("select now()")
    assert {name for name, at in found.items() if at > now + timedelta(seconds=5)} == set()


async def test_whoever_comes_after_a_message_from_the_future_is_answered(services: TestServices) -> None:
    inbox = inbox_of(services, "hospitality")
    await deliver(services, whatsapp(inbox, "Hello from 2099", at=AHEAD))
    answers = "select count(*) from outbox where purpose = 'bot'"
    before = await services.pool.fetchval(answers)
    await deliver(services, whatsapp(inbox, "A table for two, please"))
    assert await services.pool.fetchval(answers) > before
    await expect_nothing_ahead(services)


async def test_the_window_closes_a_day_after_the_message_came(services: TestServices) -> None:
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Hello from 2099", at=AHEAD))
    async with services.pool.acquire() as connection:
        id = await connection.fetchval("select id from conversation")
        standing = await windows.standing(connection, id, human_agent=False)
        assert standing.opened_at is not None
        assert abs(standing.opened_at - await connection.fetchval("select now()")) < timedelta(seconds=10)


async def test_what_was_received_long_ago_counts_from_then(services: TestServices) -> None:
    """It may have waited in the journal."""
    from_then = datetime.now(UTC) - timedelta(hours=5)
    inbox = inbox_of(services, "financial")
    await services.pool.execute("alter table journal alter received_at set default now() - interval '5 hours'")
    await deliver(services, whatsapp(inbox, "Hello from 2099", at=AHEAD))
    waiting: datetime = await services.pool.fetchval("select waiting_since from conversation")
    assert abs(waiting - from_then) < timedelta(seconds=10)


async def test_the_provider_s_clock_may_be_a_little_ahead(services: TestServices) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Just now", at=at))
    assert await services.pool.fetchval("select last_inbound_at from conversation") == at


async def test_items_from_the_future_keep_their_own_order_after_the_others(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    now = datetime.now(UTC)

    def text(words: str, at: datetime) -> dict[str, Any]:
        return {"from": "15550001111", "id": f"wamid.{words}", "timestamp": str(int(at.timestamp())), "type": "text",
                "text": {"body": words}}  # fmt: skip

    said = [text("fourth", AHEAD + timedelta(days=1)), text("third", AHEAD), text("second", now),
            text("first", now - timedelta(minutes=1))]  # fmt: skip
    await deliver(services, whatsapp_value(inbox, messages=said))
    await deliver(services, whatsapp(inbox, "fifth"))
    rows = await services.pool.fetch("select text from message where author = 'customer' order by provider_at, id")
    assert [row["text"] for row in rows] == ["first", "second", "third", "fourth", "fifth"]
    last = "select m.text from message m join conversation c on c.last_message_id = m.id"
    assert await services.pool.fetchval(last) != "fourth"
    await expect_nothing_ahead(services)


async def test_every_other_item_counts_from_when_it_came_too(services: TestServices) -> None:
    """Echoes, statuses, signs and edits."""
    inbox = inbox_of(services, "hospitality")
    second = str(int(AHEAD.timestamp()))
    await deliver(services, whatsapp(inbox, "Menu?", ids=("wamid.first",)))
    sara = {"from": "15550001111", "timestamp": second}
    words = {"original_message_id": "wamid.first", "message": {"type": "text", "text": {"body": "The menu?"}}}
    signs = [
        sara | {"id": "wamid.r", "type": "reaction", "reaction": {"message_id": "wamid.first", "emoji": "👍"}},
        sara | {"id": "wamid.e", "type": "edit", "edit": words},
    ]
    echo = whatsapp_value(inbox, message_echoes=[{"from": "1", "to": "15550001111", "id": "wamid.typed",
                          "timestamp": second, "type": "text", "text": {"body": "Here it is"}}])  # fmt: skip
    echo["entry"][0]["changes"][0]["field"] = "smb_message_echoes"
    await deliver(services, whatsapp_value(inbox, messages=signs), echo)
    await deliver(services, whatsapp_status(inbox, "wamid.typed", "delivered", at=AHEAD))
    await deliver(services, whatsapp_status(inbox, "wamid.unknown", "read", at=AHEAD))
    assert await services.pool.fetchval("select text from message where provider_id = 'wamid.first'") == "The menu?"
    assert await services.pool.fetchval("select status from message where provider_id = 'wamid.typed'") == "delivered"
    assert set(await moments(services)) >= {"conversation", "message", "reaction", "edit", "parked"}
    await expect_nothing_ahead(services)
    # What comes now is newer than all of it.
    await deliver(services, whatsapp_status(inbox, "wamid.typed", "read"))
    assert await services.pool.fetchval("select status from message where provider_id = 'wamid.typed'") == "read"


async def test_nobody_has_read_what_is_not_written_yet(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    talk = await make_conversation(
        services.pool, sector="education", channel=Channel.MESSENGER, state=ConversationState.BOT
    )
    value = await services.pool.fetchval("select value from identity where id = $1", talk.identity_id)
    await services.pool.execute("update identity set scope = $1 where id = $2", inbox.external_id, talk.identity_id)
    sent = await make_message(services.pool, talk.id, author=Author.ADVISOR, status=MessageStatus.SENT,
                              at=datetime.now(UTC) - timedelta(minutes=1))  # fmt: skip
    later = await make_message(services.pool, talk.id, author=Author.ADVISOR, status=MessageStatus.SENT,
                               at=datetime.now(UTC) + timedelta(minutes=5))  # fmt: skip
    read = {"sender": {"id": value}, "recipient": {"id": inbox.external_id},
            "timestamp": int(datetime.now(UTC).timestamp() * 1000),
            "read": {"watermark": int(AHEAD.timestamp() * 1000)}}  # fmt: skip
    await deliver(services, messaging(inbox, read))
    status = "select status from message where id = $1"
    assert await services.pool.fetchval(status, sent) == "read"
    assert await services.pool.fetchval(status, later) == "sent"
