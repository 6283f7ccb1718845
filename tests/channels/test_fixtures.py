"""The twelve situations that every adapter should pass (facts §12), each through the stack as far as it goes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from arriving import deliver, inbox_of, messaging, whatsapp, whatsapp_status, whatsapp_value
from conftest import TestServices
from delivering import message, moved, pass_time, rows, say, talk
from playing_meta import Meta, refuses, stall
from real_payloads import accounts_of, at
from understood import payload

from server.actions.deliver import Deliverer
from server.channels import instagram, signature, whatsapp_render
from server.domain.errors import Invalid
from server.domain.inbound import Address
from server.domain.model import Channel, IdentityKind
from server.domain.outgoing import Choices, Option, Section, Text

NOW = datetime.now(UTC).replace(microsecond=0)
CUSTOMER = {"id": "7001"}


def milliseconds(seconds: float = 0) -> int:
    return int((NOW.timestamp() + seconds) * 1000)


async def texts(services: TestServices) -> list[str]:
    found = await services.pool.fetch("select text from message where author = 'customer' order by provider_at, id")
    return [row["text"] for row in found]


async def test_01_two_entries_of_two_changes_with_messages_and_statuses(services: TestServices) -> None:
    accounts = accounts_of(services.organisation(), "financial")
    await deliver(services, at(payload("whatsapp_two_entries_two_changes"), accounts))
    # By the provider's time: the third was written in the first one's second.
    assert await texts(services) == ["One", "Three", "Two"]
    parked = await services.pool.fetch("select status from parked_status order by id")
    assert sorted(row["status"] for row in parked) == ["delivered", "read", "sent"]
    assert await services.pool.fetchval("select count(*) from quarantine") == 0


async def test_02_the_same_post_three_times_then_statuses_out_of_order(
    services: TestServices, deliverer: Deliverer
) -> None:
    inbox = inbox_of(services, "financial")
    body = whatsapp(inbox, "Hello", ids=("wamid.once",))
    await deliver(services, body, body, body)
    assert await texts(services) == ["Hello"]
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    provider_id = (await message(services, message_id))["provider_id"]
    for status in ("read", "sent", "delivered"):
        await deliver(services, whatsapp_status(inbox, provider_id, status))
    assert (await message(services, message_id))["status"] == "read"
    assert moved(services)[-1] == "read"


async def test_03_empty_wa_id_then_a_phone_then_a_new_user_id(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    without = whatsapp(inbox, "Who am I?", user_id="EG.1", at=NOW)
    value = without["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["wa_id"] = value["messages"][0]["from"] = ""
    await deliver(services, without)
    await deliver(services, whatsapp(inbox, "With a number", phone="15550009999", user_id="EG.1", at=NOW))
    system = {"type": "user_changed_user_id", "body": "id changed", "user_id": "EG.2", "previous_user_id": "EG.1"}
    changed = {"id": "wamid.S", "timestamp": str(int(NOW.timestamp()) + 5), "type": "system", "system": system}
    await deliver(services, whatsapp_value(inbox, messages=[changed]))
    await deliver(services, whatsapp(inbox, "Still me", phone=None, user_id="EG.2", at=NOW + timedelta(seconds=9)))

    assert await services.pool.fetchval("select count(*) from contact") == 1
    assert await services.pool.fetchval("select count(*) from conversation") == 1
    known = await services.pool.fetch("select value from identity order by id")
    assert {row["value"] for row in known} == {"EG.1", "15550009999", "EG.2"}
    # Answers go to the newest id.
    reached = "select i.value from conversation c join identity i on i.id = c.identity_id"
    assert await services.pool.fetchval(reached) == "EG.2"


async def test_04_a_missing_inner_object_and_three_things_unknown(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    when = str(int(NOW.timestamp()))
    sender = {"from": "15550001111", "timestamp": when}
    strange = whatsapp_value(inbox, messages=[
        {**sender, "id": "w1", "type": "interactive", "interactive": {"type": "list_reply"}},
        {**sender, "id": "w2", "type": "hologram", "hologram": {}},
        {**sender, "id": "w3", "type": "text", "text": {"body": "A neighbour"}},
    ])  # fmt: skip
    field = json.loads(json.dumps(strange).replace('"messages", "value"', '"galaxy", "value"'))
    await deliver(services, strange, field, {"object": "galaxy", "entry": [{"id": "1"}]})

    found = await services.pool.fetch("select kind, body, text from message where author = 'customer' order by id")
    assert [(row["kind"], row["body"]) for row in found] == [
        ("list_reply", {"missing": "list_reply"}), ("unknown", {"unknown": {"type": "hologram"}}), ("text", {}),
    ]  # fmt: skip
    reasons = [row["reason"] for row in await services.pool.fetch("select reason from quarantine order by id")]
    assert reasons == ["unknown_field", "unknown_object"]
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0


def test_05_arabic_and_emoji_are_signed_as_meta_spells_them() -> None:
    said = {"object": "page", "entry": [{"id": "500", "text": "أريد حجز طاولة 🌙"}]}
    escaped = json.dumps(said, separators=(",", ":")).encode()
    header = signature.sign(escaped, "example-app-secret")
    secrets = {"app": ["example-app-secret"]}
    assert signature.verify(escaped, header, secrets) == "app"
    again = json.dumps(json.loads(escaped), separators=(",", ":"), ensure_ascii=False).encode()
    assert signature.verify(again, header, secrets) is None


async def test_06_echo_of_our_own_send_before_its_answer_and_one_of_the_page_inbox(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    page = {"id": inbox.external_id}
    hello = {
        "sender": CUSTOMER,
        "recipient": page,
        "timestamp": milliseconds(),
        "message": {"mid": "m_1", "text": "Hi"},
    }
    await deliver(services, messaging(inbox, hello))
    await services.pool.execute("update outbox set state = 'sending', sending_at = now()")
    ours = await services.pool.fetchrow("select o.local_id::text, o.message_id, m.text from outbox o"
                                        " join message m on m.id = o.message_id order by o.seq limit 1")  # fmt: skip
    assert ours is not None
    before = await services.pool.fetchval("select count(*) from message")
    echo = {"mid": "m_2", "is_echo": True, "app_id": 42, "metadata": ours["local_id"], "text": ours["text"]}
    await deliver(services, messaging(inbox, _echo(page, echo, 1)))
    assert await services.pool.fetchval("select count(*) from message") == before
    assert (await message(services, ours["message_id"]))["provider_id"] == "m_2"
    assert await services.pool.fetchval("select bot_paused_at is null from conversation")

    typed = {"mid": "m_3", "is_echo": True, "app_id": 26390203743090, "text": "A person here"}
    await deliver(services, messaging(inbox, _echo(page, typed, 2)))
    found = await services.pool.fetchrow("select author, text from message where provider_id = 'm_3'")
    assert tuple(found or ()) == ("business", "A person here")
    assert await services.pool.fetchval("select bot_paused_at is not null from conversation")


async def test_07_a_timeout_followed_by_a_status_with_our_id_is_no_second_send(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [stall]
    message_id = await say(services, await talk(services), "Did it arrive?")
    await deliverer.deliver_due()
    assert await rows(services) == [("uncertain", 1)]
    local_id = await services.pool.fetchval("select local_id::text from outbox")
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp_status(inbox, "wamid.LATE", "delivered", biz_opaque_callback_data=local_id))
    await pass_time(services, 600)
    await deliverer.deliver_due()
    assert len(meta.sends) == 1
    assert await rows(services) == [("accepted", 1)]
    found = await message(services, message_id)
    assert (found["status"], found["provider_id"]) == ("delivered", "wamid.LATE")


@pytest.mark.parametrize("code", [131056, 130429])
async def test_08_throttles_come_as_400_and_delay(
    services: TestServices, deliverer: Deliverer, meta: Meta, code: int
) -> None:
    meta.script = [refuses(code, status=400)]
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    assert await rows(services) == [("queued", 1)]
    assert (await message(services, message_id))["status"] == "queued"


async def test_08_a_closed_window_asks_for_a_template(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    meta.script = [refuses(131047)]
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    found = await message(services, message_id)
    assert (found["status"], found["failure"]["code"]) == ("failed", 131047)


async def test_08_who_stopped_marketing_is_suppressed(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    meta.script = [refuses(131050)]
    await say(services, await talk(services), "An offer")
    await deliverer.deliver_due()
    stopped = await services.pool.fetchrow("select category, value from suppression")
    assert tuple(stopped or ()) == ("marketing_messages", "stop")


async def test_08_an_expired_token_pauses_the_account(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    meta.script = [refuses(190, status=401)]
    await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    assert await services.pool.fetchval("select paused_reason from inbox where id = 'financial-whatsapp'")
    assert await rows(services) == [("queued", 1)]


def test_09_an_instagram_answer_of_1001_bytes_in_arabic_is_refused_before_the_call() -> None:
    igsid = Address(IdentityKind.INSTAGRAM_USER, "8001")
    assert instagram.render(Text("ش" * 500), igsid, "out-1")
    with pytest.raises(Invalid, match="bytes") as refused:
        instagram.render(Text("ش" * 500 + "!"), igsid, "out-1")
    assert "1001" in refused.value.words


def test_10_a_list_of_eleven_rows_over_two_sections_is_refused_here() -> None:
    def options(count: int, of: str) -> tuple[Option, ...]:
        return tuple(Option(f"{of}{number}", f"{of} {number}") for number in range(count))

    phone = Address(IdentityKind.PHONE, "15550001111")
    fits = Choices("When?", sections=(Section("Lunch", options(5, "l")), Section("Dinner", options(5, "d"))))
    assert whatsapp_render.render(fits, phone, "out-1")
    over = Choices("When?", sections=(Section("Lunch", options(5, "l")), Section("Dinner", options(6, "d"))))
    with pytest.raises(Invalid, match="options") as refused:
        whatsapp_render.render(over, phone, "out-1")
    assert "11" in refused.value.words


async def test_11_standby_suppresses_bots(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    item = {"sender": CUSTOMER, "recipient": {"id": inbox.external_id}, "timestamp": milliseconds(),
            "message": {"mid": "m_1", "text": "Hello"}}  # fmt: skip
    body = messaging(inbox, item)
    body["entry"][0]["standby"] = body["entry"][0].pop("messaging")
    await deliver(services, body)
    assert await texts(services) == ["Hello"]
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    # Nobody at the investment desk is told to answer what another app is answering.
    await deliver(services, _standby(whatsapp(inbox_of(services, "financial"), "To the agent")))
    assert await services.pool.fetchval("select count(*) from waiting") == 0
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Now to you"))
    assert await services.pool.fetchval("select count(*) from waiting") == 1


async def test_11_a_handover_silences_the_bot_until_the_chat_comes_back(services: TestServices) -> None:
    inbox = inbox_of(services, "education", Channel.MESSENGER)
    us = services.organisation().apps[inbox.app].meta_id or "42"

    def item(seconds: int, **content: Any) -> dict[str, Any]:
        recipient = {"id": inbox.external_id}
        return messaging(
            inbox, {"sender": CUSTOMER, "recipient": recipient, "timestamp": milliseconds(seconds), **content}
        )

    async def said() -> int:
        return int(await services.pool.fetchval("select count(*) from outbox where purpose = 'bot'"))

    await deliver(services, item(0, message={"mid": "m_1", "text": "Hello"}))
    spoken = await said()
    assert spoken
    taken = {"previous_owner_app_id": us, "new_owner_app_id": 26390203743090}
    await deliver(services, item(1, take_thread_control=taken))
    assert services.publisher.kinds[-1] == "BotPaused"
    await deliver(services, item(2, message={"mid": "m_2", "text": "Hello?"}))
    assert await said() == spoken
    back = {"previous_owner_app_id": None, "new_owner_app_id": us}
    await deliver(services, item(3, pass_thread_control=back))
    assert services.publisher.kinds[-1] == "BotResumed"
    await deliver(services, item(4, message={"mid": "m_3", "text": "Hello again"}))
    assert await said() > spoken


async def test_12_an_advertisement_without_click_id_is_known_by_its_own_id(services: TestServices) -> None:
    accounts = accounts_of(services.organisation(), "financial")
    await deliver(services, at(payload("whatsapp_referral_without_click_id"), accounts))
    found: asyncpg.Record | None = await services.pool.fetchrow("select source, source_id, click_id from referral")
    # Without a click id nothing can be told to Meta's Conversions API (facts §10.1).
    assert tuple(found or ()) == ("ad", "120200000000001", None)


def _echo(page: dict[str, str], content: dict[str, Any], seconds: int) -> dict[str, Any]:
    return {"sender": page, "recipient": CUSTOMER, "timestamp": milliseconds(seconds), "message": content}


def _standby(body: dict[str, Any]) -> dict[str, Any]:
    body["entry"][0]["changes"][0]["field"] = "standby"
    return body
