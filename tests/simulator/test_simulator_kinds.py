"""Every kind a customer can send, on each channel: its shape on the wire, and what becomes of it on the phone."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from simulator.meta_side import Meta, Receiver
from simulator.telling import INBOX, SARA, answered, send

from server.simulator.accounts import fields
from server.simulator.files import samples
from server.simulator.files.samples import TYPES
from server.simulator.kinds.catalogue import names


@pytest.mark.parametrize("channel", list(INBOX))
async def test_every_kind_is_told_and_acknowledged(meta: Meta, receiver: Receiver, channel: str) -> None:
    await send(meta, channel, "text", text="Hello")
    await answered(meta, channel)
    for kind in names()[channel]:
        before = len(receiver.raw)
        line = await send(meta, channel, kind)
        assert len(receiver.raw) > before, kind
        (entry,) = json.loads(receiver.raw[-1])["entry"]
        assert entry["id"] == meta.world.inboxes[INBOX[channel]].entry_id
        assert line["author"] == "customer"
        last = [*meta.logged("customer_wrote"), *meta.logged("customer_did")]
        assert max(last, key=lambda fact: fact["at"])["kind"] == kind


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "sticker", "document"])
async def test_whatsapp_media_is_fetched_with_its_digest(meta: Meta, receiver: Receiver, kind: str) -> None:
    await send(meta, "whatsapp", kind, text="Look")
    message = receiver.messages[-1]
    part = message[message["type"]]
    status, node = await meta.graph(f"{part['id']}?phone_number_id=106540000000101")
    assert status == 200
    async with aiohttp.ClientSession() as session:
        async with session.get(node["url"]) as response:
            assert response.status == 401
        async with session.get(node["url"], headers={"Authorization": "Bearer a-token"}) as response:
            data = await response.read()
    digest = hashlib.sha256(data)
    assert (digest.hexdigest(), base64.b64encode(digest.digest()).decode()) == (node["sha256"], part["sha256"])
    assert (len(data), part["mime_type"]) == (node["file_size"], node["mime_type"])
    assert part.get("caption") == ("Look" if kind in ("image", "video", "document") else None)
    assert part.get("voice") == {"voice": True, "audio": False}.get(kind)
    assert part.get("animated") == (False if kind == "sticker" else None)
    assert part.get("filename") == ("menu.pdf" if kind == "document" else None)


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_an_album_lies_at_addresses_anybody_can_open(meta: Meta, receiver: Receiver, channel: str) -> None:
    await send(meta, channel, "image", file=["photo.jpg", "picture.png"], text="Two")
    message = receiver.messaging[-1]["message"]
    assert [each["type"] for each in message["attachments"]] == ["image", "image"]
    async with aiohttp.ClientSession() as session:
        for each, kind in zip(message["attachments"], ("image/jpeg", "image/png"), strict=True):
            async with session.get(each["payload"]["url"]) as response:
                assert (response.status, response.content_type) == (200, kind)
        async with session.get(each["payload"]["url"][:-1]) as response:
            assert response.status == 403


async def test_reactions_edits_and_revokes_change_the_line(meta: Meta, receiver: Receiver) -> None:
    for channel in INBOX:
        wrote = (await send(meta, channel, "text", text="A table for four"))["id"]
        sent = await answered(meta, channel)
        thread = meta.simulator.acts.thread(SARA, INBOX[channel])
        await send(meta, channel, "reaction", emoji="👍", line=sent)
        assert thread.line(sent).reactions == {"customer": "👍"}  # type: ignore[union-attr]
        await send(meta, channel, "reaction", emoji="", line=sent)
        assert thread.line(sent).reactions == {}  # type: ignore[union-attr]
        await send(meta, channel, "edit", text="For five")
        line = thread.line(wrote)
        assert line is not None
        assert (line.text, line.edits) == ("For five", 1)
        await send(meta, channel, "revoke")
        assert line.revoked
        assert len(thread.lines) == 2
    reacted, removed, edited, revoked = receiver.messages[-4:]
    assert (reacted["reaction"]["emoji"], removed["reaction"]["emoji"]) == ("👍", "")
    assert edited["edit"] == {
        "original_message_id": receiver.messages[0]["id"],
        "message": {"type": "text", "text": {"body": "For five"}},
    }
    assert revoked["revoke"] == {"original_message_id": receiver.messages[0]["id"]}
    assert [item["reaction"]["action"] for item in receiver.messaging if "reaction" in item] == ["react", "unreact"] * 2
    assert [item["message_edit"]["num_edit"] for item in receiver.messaging if "message_edit" in item] == [1, 1]
    assert sum("is_deleted" in item.get("message", {}) for item in receiver.messaging) == 2


async def test_a_new_number_brings_a_new_id_and_ends_the_old_one(meta: Meta, receiver: Receiver) -> None:
    await send(meta, "whatsapp", "text")
    person = meta.world.customers.get(SARA)
    assert person is not None
    before, phone = person.identifier(meta.world.inboxes["cafe-whatsapp"]), person.phone
    await send(meta, "whatsapp", "system", change="number", phone="+1 555 010 7777")
    (told,) = [message for message in receiver.messages if message["type"] == "system"]
    after = person.identifier(meta.world.inboxes["cafe-whatsapp"])
    assert (told["from"], told["system"]["wa_id"]) == (phone, "15550107777")
    assert (told["system"]["previous_user_id"], told["system"]["user_id"]) == (before, after)
    assert "contacts" not in receiver.values[-1]
    gone = {"messaging_product": "whatsapp", "to": phone, "text": {"body": "Still there?"}}
    assert (await meta.graph("106540000000101/messages", gone))[0] == 200
    await meta.settled()
    assert receiver.statuses[-1]["errors"][0]["code"] == 131026
    assert (await meta.graph("106540000000101/messages", gone | {"to": "+15550107777"}))[0] == 200
    await send(meta, "whatsapp", "system", change="user_id")
    assert receiver.messages[-1]["system"]["type"] == "user_changed_user_id"
    assert "from" not in receiver.messages[-1]


async def test_marks_on_any_whatsapp_message(meta: Meta, receiver: Receiver) -> None:
    sent = await answered(meta, "whatsapp")
    await send(
        meta, "whatsapp", "image", reply_to=sent, forwarded="often", referral="post", errors=[131052], product="coffee"
    )
    message = receiver.messages[-1]
    assert message["context"] == {
        "from": "966125550101", "id": sent, "frequently_forwarded": True,
        "referred_product": {"catalog_id": "194836987003835", "product_retailer_id": "coffee"},
    }  # fmt: skip
    assert message["referral"]["source_type"] == "post"
    assert message["errors"][0]["code"] == 131052


async def test_odd_shapes_on_request(meta: Meta, receiver: Receiver) -> None:
    await send(meta, "whatsapp", "button_reply", without=["interactive.button_reply"], replace={"from": ""})
    assert receiver.messages[-1]["interactive"] == {"type": "button_reply"}
    assert receiver.messages[-1]["from"] == ""
    await send(meta, "messenger", "fallback", replace={"message.attachments.0.payload": 7})
    assert receiver.messaging[-1]["message"]["attachments"][0]["payload"] == 7


async def test_a_thread_somebody_else_holds_is_told_on_standby(meta: Meta, receiver: Receiver) -> None:
    for channel, inbox in INBOX.items():
        await meta.control(f"/customers/{SARA}/set", {"inbox": inbox, "holder": "page_inbox"})
        await send(meta, channel, "text")
        (entry,) = receiver.bodies[-1]["entry"]
        assert "standby" in entry or entry["changes"][0]["field"] == "standby"
    psid = receiver.bodies[-2]["entry"][0]["standby"][0]["sender"]["id"]
    body = {"recipient": {"id": psid}, "message": {"text": "May I?"}}
    assert (await meta.graph("109870000000201/messages", body))[1]["error"]["code"] == 2018300
    taken = await meta.graph("109870000000201/take_thread_control", {"recipient": {"id": psid}})
    assert taken == (200, {"success": True})
    await meta.settled()
    assert receiver.messaging[-1]["pass_thread_control"]["new_owner_app_id"] == 420000000000042
    assert (await meta.graph("109870000000201/messages", body))[0] == 200


async def test_a_comment_is_answered_in_private_once(meta: Meta, receiver: Receiver) -> None:
    line = await send(meta, "instagram", "comment", text="How much?")
    (change,) = receiver.bodies[-1]["entry"][0]["changes"]
    assert (change["field"], change["value"]["text"]) == ("comments", "How much?")
    body = {"recipient": {"comment_id": line["detail"]["comment"]}, "message": {"text": "12 a month"}}
    assert (await meta.graph("109870000000302/messages", body))[0] == 200
    error = (await meta.graph("109870000000302/messages", body))[1]["error"]
    assert (error["code"], error["error_subcode"]) == (100, 2534025)


async def test_stopping_marketing_is_told_and_kept(meta: Meta, receiver: Receiver) -> None:
    await send(meta, "whatsapp", "preference", value="stop")
    (told,) = receiver.values[-1]["user_preferences"]
    assert (told["value"], told["category"], told["wa_id"]) == ("stop", "marketing_messages", "15550101142")
    assert meta.simulator.acts.thread(SARA, "cafe-whatsapp").stopped


async def test_a_visitors_own_file_is_sent(meta: Meta, receiver: Receiver) -> None:
    url = f"{meta.url}/control/customers/{SARA}/files?name=%D8%B5%D9%88%D8%B1%D8%A9.png"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=b"\x89PNG only a little", headers={"Content-Type": "image/png"}) as response:
            kept = await response.json()
        assert kept["name"] == "صورة.png"
        line = await send(meta, "whatsapp", "document", file=kept["id"])
        async with session.get(meta.url + line["media"][0]["source"]) as response:
            assert await response.read() == b"\x89PNG only a little"
    assert receiver.messages[-1]["document"]["filename"] == "صورة.png"


async def test_any_status_can_be_told_and_a_played_voice_message_is(meta: Meta, receiver: Receiver) -> None:
    sent = await answered(meta, "whatsapp")
    told = {"inbox": "cafe-whatsapp", "line": sent, "status": "failed", "code": 131042}
    await meta.control(f"/customers/{SARA}/status", told)
    await meta.settled()
    assert receiver.statuses[-1]["errors"][0]["code"] == 131042
    number = await meta.uploaded("106540000000101", samples.data("voice.ogg"), "audio/ogg; codecs=opus")
    body: dict[str, Any] = {"messaging_product": "whatsapp", "to": "15550101142", "type": "audio"}
    body["audio"] = {"id": number, "voice": True}
    _, answer = await meta.graph("106540000000101/messages", body)
    await meta.settled()
    for _ in range(2):
        await meta.control(f"/customers/{SARA}/play", {"inbox": "cafe-whatsapp", "line": answer["messages"][0]["id"]})
    await meta.settled()
    assert [status["status"] for status in receiver.statuses].count("played") == 1


async def test_every_account_field_can_be_told(meta: Meta, receiver: Receiver) -> None:
    for field in fields.defaults("whatsapp"):
        await meta.control("/inboxes/cafe-whatsapp/account", {"field": field})
        await meta.settled()
        (entry,) = receiver.bodies[-1]["entry"]
        assert (entry["id"], entry["changes"][0]["field"]) == ("102290000000101", field)
        assert isinstance(entry["time"], int)
        text = json.dumps(entry)
        assert '"phone_number_id": ""' not in text
        assert '"message_template_id": 0' not in text


async def test_the_account_is_as_its_events_say(meta: Meta) -> None:
    async def tell(field: str, **value: Any) -> None:
        await meta.control("/inboxes/cafe-whatsapp/account", {"field": field, "value": value})

    await tell("phone_number_quality_update", event="FLAGGED")
    await tell("phone_number_name_update", decision="APPROVED", requested_verified_name="Havana")
    await tell("account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"})
    await tell("message_template_status_update", message_template_name="booking_ok", event="PAUSED")
    number = (await meta.graph("106540000000101"))[1]
    assert (number["quality_rating"], number["verified_name"], number["status"]) == ("RED", "Havana", "BANNED")
    listed = (await meta.graph("102290000000101/message_templates?name=booking_ok&limit=5"))[1]["data"]
    assert {each["language"]: each["status"] for each in listed} == {"en": "PAUSED", "ar": "APPROVED"}


@pytest.mark.parametrize(
    ("body", "names_it"),
    [
        ({"kind": "poem"}, "poem"),
        ({"kind": "image", "file": "nothing.jpg"}, "nothing.jpg"),
        ({"kind": "reaction"}, "line"),
        ({"kind": "text", "replace": {"no.such.place": 1}}, "no.such.place"),
        ({"kind": "text", "forwarded": "twice"}, "forwarded"),
    ],
)
async def test_what_cannot_be_sent_is_named(meta: Meta, body: dict[str, Any], names_it: str) -> None:
    url = f"{meta.url}/control/customers/{SARA}/send"
    wish = {"inbox": "cafe-whatsapp", **body}
    async with aiohttp.ClientSession() as session, session.post(url, json=wish) as response:
        assert response.status == 400
        assert names_it in (await response.json())["error"]


async def test_samples_are_what_they_say(meta: Meta) -> None:
    heads = {
        "photo.jpg": b"\xff\xd8\xff", "picture.png": b"\x89PNG", "clip.mp4": b"ftyp", "song.m4a": b"ftyp",
        "voice.ogg": b"OpusHead", "sticker.webp": b"WEBP", "sticker-animated.webp": b"ANIM", "menu.pdf": b"%PDF",
        "letter.docx": b"PK", "notes.txt": b"Table",
    }  # fmt: skip
    assert set(heads) == set(TYPES)
    async with aiohttp.ClientSession() as session:
        for name, head in heads.items():
            async with session.get(f"{meta.url}/samples/{name}") as response:
                assert head in (await response.read())[:64]


async def test_a_comment_opens_no_window_and_may_be_answered_for_seven_days(meta: Meta, receiver: Receiver) -> None:
    inbox, person = meta.world.inboxes[INBOX["instagram"]], meta.world.customers.get(SARA)
    assert person is not None
    place = f"{inbox.node}/messages"
    direct = {"recipient": {"id": person.identifier(inbox)}, "message": {"text": "12 a month"}}
    line = await send(meta, "instagram", "comment", text="How much?", age_seconds=7 * 24 * 3600)
    late = {"recipient": {"comment_id": line["detail"]["comment"]}, "message": {"text": "12 a month"}}
    assert (await meta.graph(place, late))[1]["error"]["error_subcode"] == 2534025
    for tag in ({}, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}):
        error = (await meta.graph(place, direct | tag))[1]["error"]
        assert (error["code"], error["error_subcode"]) == (10, 2534022)
    line = await send(meta, "instagram", "comment", text="How much?", age_seconds=7 * 24 * 3600 - 60)
    in_time = {"recipient": {"comment_id": line["detail"]["comment"]}, "message": {"text": "12 a month"}}
    assert (await meta.graph(place, in_time))[0] == 200
    assert (await meta.graph(place, direct))[0] == 403, "the private reply opens nothing either"
    await send(meta, "instagram", "text", text="Thank you")
    assert (await meta.graph(place, direct))[0] == 200


async def test_opening_the_chat_opens_no_window(
    meta: Meta, receiver: Receiver, set_switches: Callable[..., None]
) -> None:
    set_switches(closed_window="response")
    await send(meta, "whatsapp", "welcome")
    body = {"messaging_product": "whatsapp", "to": "15550101142", "text": {"body": "Welcome"}}
    assert (await meta.graph("106540000000101/messages", body))[1]["error"]["code"] == 131047
    await send(meta, "whatsapp", "text", text="Hello")
    assert (await meta.graph("106540000000101/messages", body))[0] == 200
