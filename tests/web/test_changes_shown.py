"""Signs, edits and what was taken back, as the console is sent them: by the thread and by the push alike."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from arriving import deliver, inbox_of, messaging, whatsapp, whatsapp_value
from conftest import TestServices
from factories import make_viewer
from live_server import LiveServer

from server.domain.model import Channel, Role
from server.store import views
from server.web.present import Presenter

NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


def about(services: TestServices, kind: str, content: dict[str, Any], seconds: int) -> Any:
    item = {"from": "15550001111", "id": f"wamid.{seconds}", "timestamp": str(int(NOON.timestamp()) + seconds),
            "type": kind, kind: content}  # fmt: skip
    return whatsapp_value(inbox_of(services, "financial"), messages=[item])


def edit(services: TestServices, text: str, seconds: int) -> Any:
    words = {"original_message_id": "wamid.first", "message": {"type": "text", "text": {"body": text}}}
    return about(services, "edit", words, seconds)


async def shown(services: TestServices) -> Any:
    async with services.pool.acquire() as connection:
        conversation_id = await connection.fetchval("select id from conversation")
        found, _ = await views.thread(connection, conversation_id)
    [row] = [each for each in found if each.direction == "inbound"]
    return Presenter(services.organisation(), "en").message(row)


async def test_a_message_carries_its_signs_and_what_became_of_it(services: TestServices) -> None:
    first = whatsapp(inbox_of(services, "financial"), "Table for 4?", ids=("wamid.first",), at=NOON)
    await deliver(services, first)
    message = await shown(services)
    assert (message.reactions, message.edited_at, message.revoked_at, message.earlier) == ([], None, None, [])
    assert (message.may.react, message.may.quote) == (True, True)

    await deliver(services, about(services, "reaction", {"message_id": "wamid.first", "emoji": "👍"}, 10))
    await deliver(services, edit(services, "For 5?", 20))
    message = await shown(services)
    assert [(each.emoji, each.by) for each in message.reactions] == [("👍", "customer")]
    assert (message.text, message.edited_at) == ("For 5?", NOON + timedelta(seconds=20))
    assert [(each.text, each.replaced_at) for each in message.earlier] == [("Table for 4?", message.edited_at)]

    await deliver(services, about(services, "revoke", {"original_message_id": "wamid.first"}, 30))
    message = await shown(services)
    assert (message.text, message.kind_name, message.reactions) == ("", "Deleted message", [])
    assert message.earlier == []
    assert message.revoked_at == NOON + timedelta(seconds=30)
    assert (message.may.react, message.may.quote) == (False, False)


async def test_a_change_is_pushed_with_the_message_it_changed(server: LiveServer) -> None:
    amina = await make_viewer(server.pool, "Amina Saleh", role=Role.SUPERVISOR)
    services: Any = server.services
    first = whatsapp(inbox_of(services, "financial"), "Table for 4?", ids=("wamid.first",), at=NOON)
    await deliver(services, first)
    async with server.console(amina) as console:
        await console.connect()
        await deliver(services, about(services, "reaction", {"message_id": "wamid.first", "emoji": "👍"}, 10))
        push = await console.until("event", kind="MessageReacted")
        assert push["message"]["reactions"] == [{"emoji": "👍", "by": "customer"}]
        assert push["conversation"]["last_message"]["kind_name"]
        await deliver(services, about(services, "revoke", {"original_message_id": "wamid.first"}, 30))
        push = await console.until("event", kind="MessageRevoked")
        assert (push["message"]["text"], push["message"]["kind"]) == ("", "revoke")


async def test_messenger_tells_the_words_before_an_edit_too(services: TestServices) -> None:
    page = inbox_of(services, "education", Channel.MESSENGER)
    common = {"sender": {"id": "7001"}, "recipient": {"id": page.external_id}}
    at = int(NOON.timestamp() * 1000)
    first = common | {"timestamp": at, "message": {"mid": "m_first", "text": "Course at 9?"}}
    change = common | {"timestamp": at + 10_000, "message_edit": {"mid": "m_first", "text": "At 10?", "num_edit": 1}}
    await deliver(services, messaging(page, first), messaging(page, change))
    message = await shown(services)
    assert (message.text, [each.text for each in message.earlier]) == ("At 10?", ["Course at 9?"])


async def test_of_many_long_edits_the_newest_are_told_and_cut(services: TestServices) -> None:
    first = whatsapp(inbox_of(services, "financial"), "0" * 4000, ids=("wamid.first",), at=NOON)
    await deliver(services, first, *(edit(services, str(n) * 4000, n) for n in range(1, 8)))
    message = await shown(services)
    assert message.text == "7" * 4000
    assert [each.text for each in message.earlier] == [str(n) * 1000 for n in range(2, 7)]
    assert [each.replaced_at for each in message.earlier] == [NOON + timedelta(seconds=n) for n in range(3, 8)]


async def test_earlier_words_are_read_by_those_who_read_the_message(server: LiveServer) -> None:
    services: Any = server.services
    amina = await make_viewer(server.pool, "Amina Saleh", role=Role.SUPERVISOR)
    others = [
        await make_viewer(server.pool, "Nabil Owner", role=Role.OWNER),
        await make_viewer(server.pool, "Karim Cafe", role=Role.SUPERVISOR, sectors=("hospitality",)),
    ]
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Sell 100", ids=("wamid.first",), at=NOON))
    async with contextlib.AsyncExitStack() as stack:
        inside, *outside = [await stack.enter_async_context(server.console(each)) for each in (amina, *others)]
        for console in (inside, *outside):
            await console.connect()
        await deliver(services, edit(services, "Sell 10", 10))
        push = await inside.until("event", kind="MessageEdited")
        assert [each["text"] for each in push["message"]["earlier"]] == ["Sell 100"]
        conversation = push["message"]["conversation_id"]
        thread = await inside.get(f"/api/conversations/{conversation}")
        assert [each["earlier"][0]["text"] for each in thread["messages"] if each["earlier"]] == ["Sell 100"]
        for console in outside:
            await console.call("GET", f"/api/conversations/{conversation}", status=404)
            missed = await console.get("/api/events?since=0")
            assert "Sell" not in json.dumps([missed, console.heard])
