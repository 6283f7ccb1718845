"""Signs, edits and what was taken back, as the console is sent them: by the thread and by the push alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arriving import deliver, inbox_of, whatsapp, whatsapp_value
from conftest import TestServices
from factories import make_viewer
from live_server import LiveServer

from server.domain.model import Role
from server.store import views
from server.web.present import Presenter

NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


def about(services: TestServices, kind: str, content: dict[str, Any], seconds: int) -> Any:
    item = {"from": "15550001111", "id": f"wamid.{seconds}", "timestamp": str(int(NOON.timestamp()) + seconds),
            "type": kind, kind: content}  # fmt: skip
    return whatsapp_value(inbox_of(services, "financial"), messages=[item])


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
    assert (message.reactions, message.edited_at, message.revoked_at) == ([], None, None)
    assert (message.may.react, message.may.quote) == (True, True)

    await deliver(services, about(services, "reaction", {"message_id": "wamid.first", "emoji": "👍"}, 10))
    words = {"original_message_id": "wamid.first", "message": {"type": "text", "text": {"body": "For 5?"}}}
    await deliver(services, about(services, "edit", words, 20))
    message = await shown(services)
    assert [(each.emoji, each.by) for each in message.reactions] == [("👍", "customer")]
    assert (message.text, message.edited_at) == ("For 5?", NOON + timedelta(seconds=20))

    await deliver(services, about(services, "revoke", {"original_message_id": "wamid.first"}, 30))
    message = await shown(services)
    assert (message.text, message.kind_name, message.reactions) == ("", "Deleted message", [])
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
