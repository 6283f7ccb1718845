"""Reactions, edits and taking back take effect on the message they are about, and on no other."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from arriving import deliver, inbox_of, messaging, whatsapp, whatsapp_value
from conftest import TestServices
from factories import make_conversation, make_message

from server.actions.unit import Topic
from server.domain.model import Author, Channel, MessageStatus
from server.store import changes, views
from server.store.rows import MessageRow

NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
SARA = "15550001111"


def about(services: TestServices, kind: str, content: dict[str, Any], *, seconds: int = 10, sender: str = SARA) -> Any:
    """One WhatsApp message that is about another one."""
    item = {
        "id": f"wamid.{kind}.{seconds}.{sender}", "timestamp": str(int(NOON.timestamp()) + seconds), "type": kind,
        kind: content, "from": sender,
    }  # fmt: skip
    return whatsapp_value(inbox_of(services, "financial"), messages=[item])


def edit(services: TestServices, text: str, *, seconds: int = 10, sender: str = SARA) -> Any:
    changed = {"original_message_id": "wamid.first", "message": {"type": "text", "text": {"body": text}}}
    return about(services, "edit", changed, seconds=seconds, sender=sender)


def reaction(services: TestServices, emoji: str, *, seconds: int = 10, sender: str = SARA) -> Any:
    return about(services, "reaction", {"message_id": "wamid.first", "emoji": emoji}, seconds=seconds, sender=sender)


def revoke(services: TestServices, *, seconds: int = 10, sender: str = SARA) -> Any:
    return about(services, "revoke", {"original_message_id": "wamid.first"}, seconds=seconds, sender=sender)


def first(services: TestServices, text: str = "Table for 4?", **extra: Any) -> Any:
    return whatsapp(inbox_of(services, "financial"), text, ids=("wamid.first",), at=NOON, **extra)


async def stored(services: TestServices) -> list[asyncpg.Record]:
    return list(await services.pool.fetch("select * from message where author in ('customer', 'business') order by id"))


async def test_a_reaction_stands_on_its_message_until_it_is_taken_away(services: TestServices) -> None:
    await deliver(services, first(services), reaction(services, "👍"))
    [message] = await stored(services)
    assert message["text"] == "Table for 4?"
    found = await services.pool.fetchrow("select by, emoji, message_id from reaction")
    assert tuple(found or ()) == ("customer", "👍", message["id"])
    assert services.publisher.kinds.count("MessageReacted") == 1
    assert await services.pool.fetchval("select unread from conversation") == 1

    await deliver(services, reaction(services, "", seconds=20))
    shown = await services.pool.fetchval("select reactions from message_detail where id = $1", message["id"])
    assert shown is None
    # Older news cannot bring it back.
    await deliver(services, reaction(services, "❤", seconds=15))
    assert await services.pool.fetchval("select emoji from reaction") == ""


async def test_a_reaction_to_our_own_message_is_the_customers(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    value: str = await services.pool.fetchval("select value from identity where id = $1", conversation.identity_id)
    ours = await make_message(
        services.pool, conversation.id, author=Author.ADVISOR, provider_id="wamid.first", status=MessageStatus.SENT
    )
    await deliver(services, reaction(services, "🙏", sender=value))
    assert await services.pool.fetchval("select emoji from reaction where message_id = $1", ours) == "🙏"


async def test_an_edit_replaces_the_words_and_keeps_the_earlier_ones(services: TestServices) -> None:
    await deliver(services, first(services), edit(services, "Table for 5?"), edit(services, "For 6?", seconds=20))
    [message] = await stored(services)
    assert message["text"] == "For 6?"
    assert message["edited_at"] == NOON + timedelta(seconds=20)
    earlier = await services.pool.fetch("select text from message_edit order by edited_at")
    assert [row["text"] for row in earlier] == ["Table for 4?", "Table for 5?"]
    assert services.publisher.kinds.count("MessageEdited") == 2

    # One that comes late changes nothing.
    await deliver(services, edit(services, "For 3?", seconds=15))
    assert (await stored(services))[0]["text"] == "For 6?"


async def test_an_edit_keeps_what_was_said_about_the_message(services: TestServices) -> None:
    answer = first(services, context={"id": "wamid.before", "forwarded": True})
    await deliver(services, answer)
    await deliver(services, edit(services, "Table for 5?"))
    [message] = await stored(services)
    assert message["body"] == {"reply_to": "wamid.before", "forwarded": "once"}


async def test_edit_and_original_of_the_same_second_in_one_delivery(services: TestServices) -> None:
    """Meta's whole seconds say nothing about which came first."""
    change = edit(services, "Table for 5?", seconds=0)["entry"][0]["changes"][0]
    both = first(services)
    both["entry"][0]["changes"].insert(0, change)
    await deliver(services, both)
    [message] = await stored(services)
    assert message["text"] == "Table for 5?"
    assert await services.pool.fetchval("select text from message_edit") == "Table for 4?"


async def test_what_comes_before_its_message_waits_for_it(services: TestServices) -> None:
    """Meta promises no order; and nobody may read for long what was taken back."""
    await deliver(services, reaction(services, "👍", seconds=20), edit(services, "Table for 5?"))
    await deliver(services, edit(services, "For 6?", seconds=30), edit(services, "A stranger's", sender="15550009999"))
    await deliver(services, first(services))
    message = next(row for row in await stored(services) if row["provider_id"] == "wamid.first")
    assert (message["text"], message["edited_at"]) == ("For 6?", NOON + timedelta(seconds=30))
    assert await services.pool.fetchval("select emoji from reaction where message_id = $1", message["id"]) == "👍"
    earlier = await services.pool.fetch("select text from message_edit order by edited_at")
    assert [row["text"] for row in earlier] == ["Table for 4?", "Table for 5?"]


async def test_what_was_taken_back_before_it_came_is_never_shown(services: TestServices) -> None:
    await deliver(services, revoke(services))
    await deliver(services, first(services))
    texts = [row["text"] for row in await stored(services)]
    assert texts == ["", ""]
    # An hour later nobody waits for it any more.
    await services.pool.execute("update early_change set kept_at = kept_at - interval '2 hours'")
    async with services.pool.acquire() as connection:
        await changes.forget_early(connection)
    assert await services.pool.fetchval("select count(*) from early_change") == 0


async def test_a_change_that_waited_is_shown_once(services: TestServices) -> None:
    """On its message: the line it was until then goes, from the thread, the console's memory and the waiting."""
    await deliver(services, edit(services, "For 5?"), reaction(services, "👍", seconds=20))
    assert [row.kind for row in await thread(services)] == ["edit", "reaction"]
    await deliver(services, first(services))
    [message] = await thread(services)
    assert (message.text, message.earlier and message.earlier[0].text) == ("For 5?", "Table for 4?")
    assert [each.emoji for each in message.reactions or ()] == ["👍"]
    assert await services.pool.fetchval("select count(*) from early_change") == 0
    settled = [each for each in services.publisher.events if each.kind == "MessageSettled"]
    lines = [row["id"] for row in await stored(services) if row["kind"] != "text"]
    assert [each.data["message_id"] for each in settled] == lines
    # Nobody writes new words onto a line that is gone.
    again = {"original_message_id": "wamid.edit.10.15550001111", "message": {"type": "text", "text": {"body": "Psst"}}}
    await deliver(services, about(services, "edit", again, seconds=30))
    assert await words(services) == ["For 5?", "Table for 4?"]


ORIGINAL, EDIT, SECOND_EDIT, REVOKE = "original", "edit", "second edit", "revoke"


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "together"])
@pytest.mark.parametrize("order", [*itertools.permutations((ORIGINAL, EDIT, SECOND_EDIT, REVOKE))], ids="-".join)
async def test_what_was_taken_back_leaves_no_words_in_whatever_order_it_came(
    services: TestServices, order: tuple[str, ...], at_once: bool
) -> None:
    deliveries = {
        ORIGINAL: first(services, "Table for 4?"), EDIT: edit(services, "For 5?"),
        SECOND_EDIT: edit(services, "For 6?", seconds=20), REVOKE: revoke(services, seconds=30),
    }  # fmt: skip
    if at_once:
        await deliver(services, *(deliveries[each] for each in order))
    else:
        for each in order:
            await deliver(services, deliveries[each])
    assert await words(services) == []
    assert [(row.kind, row.revoked_at is None) for row in await thread(services)] == [("revoke", False)]
    assert await services.pool.fetchval("select count(*) from early_change") == 0


async def test_taken_back_before_it_came_its_new_words_go_at_once(services: TestServices) -> None:
    """Perhaps it never comes."""
    await deliver(services, edit(services, "For 5?"))
    await deliver(services, revoke(services, seconds=20))
    await deliver(services, edit(services, "For 6?", seconds=15), revoke(services, seconds=40, sender="15550009999"))
    assert await words(services) == []
    assert {row.kind for row in await thread(services)} == {"revoke"}


async def test_a_change_with_a_file_leaves_none_when_it_is_taken_back(services: TestServices) -> None:
    image = {"type": "image", "image": {"id": "9102", "mime_type": "image/jpeg", "caption": "My contract"}}
    changed = {"original_message_id": "wamid.first", "message": image}
    await deliver(services, about(services, "edit", changed))
    await deliver(services, revoke(services, seconds=20))
    assert await words(services) == []
    assert await services.pool.fetchval("select count(*) from attachment where media_id is not null") == 0


async def thread(services: TestServices) -> list[MessageRow]:
    """What is shown of Sara's conversation."""
    async with services.pool.acquire() as connection:
        rows, _ = await views.thread(connection, await connection.fetchval("select min(id) from conversation"))
    return [row for row in rows if row.author is Author.CUSTOMER]


async def words(services: TestServices) -> list[str]:
    """Whatever is kept of what customers said, wherever."""
    rows = await services.pool.fetch(
        "select text from message where author = 'customer' union all select text from message_edit"
        " union all select text from early_change where kind = 'edit'"
    )
    return sorted(row["text"] for row in rows if row["text"])


async def test_what_was_taken_back_is_gone_for_every_reader(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    image = {"id": "9101", "mime_type": "image/jpeg", "sha256": "q1B=", "caption": "My contract"}
    item = {"from": SARA, "id": "wamid.first", "timestamp": str(int(NOON.timestamp())), "type": "image", "image": image}
    await deliver(services, whatsapp_value(inbox, messages=[item]), edit(services, "My new contract", seconds=5))
    await deliver(services, revoke(services), revoke(services, seconds=20))

    [message] = await stored(services)
    assert (message["kind"], message["text"], message["body"]) == ("revoke", "", {})
    assert message["revoked_at"] == NOON + timedelta(seconds=10)
    assert await services.pool.fetchval("select count(*) from message_edit") == 0
    file = await services.pool.fetchrow("select state, reason, media_id from attachment")
    assert tuple(file or ()) == ("failed", "taken_back", None)
    assert await services.pool.fetchval("select attachments from message_detail where id = $1", message["id"]) is None
    assert services.publisher.kinds.count("MessageRevoked") == 1
    # Nothing that comes later brings it back.
    await deliver(services, edit(services, "Again", seconds=30), reaction(services, "👍", seconds=30))
    assert (await stored(services))[0]["text"] == ""


async def test_taken_back_in_the_same_delivery_nothing_is_even_fetched(services: TestServices) -> None:
    item = {"from": SARA, "id": "wamid.first", "timestamp": str(int(NOON.timestamp())), "type": "image",
            "image": {"id": "9101", "caption": "Oh no"}}  # fmt: skip
    both = whatsapp_value(inbox_of(services, "financial"), messages=[item])
    both["entry"][0]["changes"] += revoke(services)["entry"][0]["changes"]
    await deliver(services, both)
    [message] = await stored(services)
    assert (message["kind"], message["text"]) == ("revoke", "")
    assert await services.pool.fetchval("select count(*) from attachment") == 0


async def test_nobody_changes_what_somebody_else_said(services: TestServices) -> None:
    """Another customer, another inbox, the other side of the conversation."""
    await deliver(services, first(services))
    stranger = "15550009999"
    await deliver(
        services, revoke(services, sender=stranger), reaction(services, "👎", sender=stranger),
        edit(services, "Mine", sender=stranger),
    )  # fmt: skip
    elsewhere = revoke(services)
    elsewhere["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = inbox_of(
        services, "hospitality"
    ).external_id
    elsewhere["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = "wamid.elsewhere"
    await deliver(services, elsewhere)

    [message, *lines] = await stored(services)
    assert message["text"] == "Table for 4?"
    # What the stranger took back took their own edit with it.
    assert sorted(line["kind"] for line in lines) == ["reaction", "revoke", "revoke"]
    assert await services.pool.fetchval("select count(*) from reaction") == 0
    # Such a line leaves nobody waiting.
    states = await services.pool.fetch("select state from conversation where contact_id <> (select contact_id from"
                                       " conversation where id = $1)", message["conversation_id"])  # fmt: skip
    assert {row["state"] for row in states} == {"resolved"}


async def test_a_customer_cannot_take_back_our_words(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    value: str = await services.pool.fetchval("select value from identity where id = $1", conversation.identity_id)
    ours = await make_message(
        services.pool, conversation.id, text="Your fee is 1 %", author=Author.ADVISOR, provider_id="wamid.first",
        status=MessageStatus.SENT,
    )  # fmt: skip
    await deliver(services, revoke(services, sender=value))
    assert await services.pool.fetchval("select text from message where id = $1", ours) == "Your fee is 1 %"


async def test_an_edit_whose_new_words_did_not_arrive_changes_nothing(services: TestServices) -> None:
    await deliver(services, first(services), about(services, "edit", {"original_message_id": "wamid.first"}))
    message, line = await stored(services)
    assert message["text"] == "Table for 4?"
    assert (line["kind"], line["body"]) == ("edit", {"missing": "message"})


async def test_the_business_changes_and_takes_back_its_own_words_on_the_phone(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, first(services))

    def echo(kind: str, id: str, content: dict[str, Any], seconds: int) -> dict[str, Any]:
        at = str(int(NOON.timestamp()) + seconds)
        item = {"from": "1", "to": SARA, "id": id, "timestamp": at, "type": kind, kind: content}
        body = whatsapp_value(inbox, message_echoes=[item])
        body["entry"][0]["changes"][0]["field"] = "smb_message_echoes"
        return body

    await deliver(services, echo("text", "wamid.typed", {"body": "We opne at 9"}, 20))
    changed = {"original_message_id": "wamid.typed", "message": {"type": "text", "text": {"body": "We open at 9"}}}
    await deliver(services, echo("edit", "wamid.e", changed, 30))
    await deliver(services, echo("reaction", "wamid.r", {"message_id": "wamid.first", "emoji": "👍"}, 31))
    theirs, ours = await stored(services)
    assert (ours["text"], ours["author"]) == ("We open at 9", "business")
    assert await services.pool.fetchval("select by from reaction where message_id = $1", theirs["id"]) == "business"

    await deliver(services, echo("revoke", "wamid.t", {"original_message_id": "wamid.typed"}, 40))
    # The customer's own words are not the business's to take back.
    await deliver(services, echo("revoke", "wamid.u", {"original_message_id": "wamid.first"}, 41))
    theirs, ours, line = await stored(services)
    assert (theirs["text"], ours["kind"], line["kind"]) == ("Table for 4?", "revoke", "revoke")


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
async def test_messenger_and_instagram_change_things_too(services: TestServices, channel: Channel) -> None:
    inbox = inbox_of(services, "education", channel)
    at = int(NOON.timestamp() * 1000)

    def item(seconds: int, **content: Any) -> dict[str, Any]:
        return {"sender": {"id": "7001"}, "recipient": {"id": inbox.external_id}, "timestamp": at + seconds, **content}

    await deliver(services, messaging(inbox, item(0, message={"mid": "m_1", "text": "Menu please"})))
    await deliver(services, messaging(inbox, item(1, reaction={"mid": "m_1", "action": "react", "reaction": "love"})))
    await deliver(services, messaging(inbox, item(2, message_edit={"mid": "m_1", "text": "Menu!", "num_edit": 1})))
    [message] = await stored(services)
    assert message["text"] == "Menu!"
    assert await services.pool.fetchval("select emoji from reaction") == "❤️"
    await deliver(services, messaging(inbox, item(3, reaction={"mid": "m_1", "action": "unreact"})))
    assert await services.pool.fetchval("select emoji from reaction") == ""
    await deliver(services, messaging(inbox, item(4, message={"mid": "m_1", "is_deleted": True})))
    [message] = await stored(services)
    assert (message["kind"], message["text"], message["provider_id"]) == ("revoke", "", "m_1")


async def test_files_are_announced_with_their_message(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    files = [{"type": "image", "payload": {"url": f"https://scontent.xx.fbcdn.net/{n}.jpg"}} for n in (1, 2)]
    item = {"sender": {"id": "7001"}, "recipient": {"id": inbox.external_id},
            "timestamp": int(NOON.timestamp() * 1000), "message": {"mid": "m_1", "attachments": files}}  # fmt: skip
    await deliver(services, messaging(inbox, item))
    rows = await services.pool.fetch("select a.*, m.kind as of from attachment a join message m on m.id = a.message_id"
                                     " order by place")  # fmt: skip
    assert [(row["of"], row["kind"], row["state"], row["url"][-5:]) for row in rows] == [
        ("image", "image", "waiting", "1.jpg"),
        ("image", "image", "waiting", "2.jpg"),
    ]
    assert Topic.MEDIA in services.waker.topics
