"""The Graph API's stand-in: answers, receipts, tokens, windows, and the misbehaviour that can be asked for."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec
import pytest
from simulator.meta_side import Meta, Receiver

from server.simulator.config import SimulatorConfig
from server.simulator.graph import messaging, whatsapp
from server.simulator.graph.refusals import Refusal
from server.simulator.serving import running

Switch = Callable[..., None]

CAFE = "106540000000101/messages"
SCHOOL = "109870000000201/messages"
DESK = "17841400000000301/messages"
SARA = "+15550101142"


def text(body: str = "Welcome", **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": SARA, "type": "text", "text": {"body": body}, **more}


async def identifier(meta: Meta, customer: str, inbox: str) -> str:
    known = meta.world.customers.get(customer)
    assert known is not None
    return known.identifier(meta.world.inboxes[inbox])


async def test_whatsapp_accepts_then_reports_sent_delivered_and_read(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    status, answer = await meta.graph(CAFE, text(biz_opaque_callback_data="out-42", field_of_next_year=1))
    user_id = await identifier(meta, "sara-khalil", "cafe-whatsapp")
    sent = answer["messages"][0]["id"]
    assert status == 200
    assert answer == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": SARA, "user_id": user_id, "wa_id": "15550101142"}],
        "messages": [{"id": sent, "message_status": "accepted"}],
    }
    await meta.settled()
    assert [told["status"] for told in receiver.statuses] == ["sent", "delivered"]
    await meta.control("/customers/sara-khalil/look", {"inbox": "cafe-whatsapp"})
    await meta.settled()
    told = receiver.statuses[-1]
    assert (told["status"], told["id"], told["biz_opaque_callback_data"]) == ("read", sent, "out-42")
    assert (told["recipient_id"], told["recipient_user_id"]) == ("15550101142", user_id)
    assert receiver.statuses[0]["pricing"]["category"] == "service"
    (accepted,) = meta.logged("send_accepted")
    assert (accepted["local_id"], accepted["key"], accepted["text"]) == ("out-42", sent, "Welcome")


async def test_a_customer_without_a_number_is_reached_by_their_id(meta: Meta, receiver: Receiver) -> None:
    await meta.said("layla-mansour", "cafe-whatsapp", "مرحبا")
    user_id = await identifier(meta, "layla-mansour", "cafe-whatsapp")
    assert "from" not in receiver.messages[0]
    body = {"messaging_product": "whatsapp", "recipient": user_id, "text": {"body": "أهلا"}}
    _, answer = await meta.graph(CAFE, body)
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    await meta.settled()
    assert all("recipient_id" not in told for told in receiver.statuses)


async def test_another_portfolios_id_is_nobody_here(meta: Meta) -> None:
    user_id = await identifier(meta, "layla-mansour", "desk-whatsapp")
    status, answer = await meta.graph(
        CAFE, {"messaging_product": "whatsapp", "recipient": user_id, "text": {"body": "?"}}
    )
    assert (status, answer["error"]["code"]) == (400, 131026)


async def test_messenger_echoes_with_our_app_and_metadata_then_watermarks(meta: Meta, receiver: Receiver) -> None:
    await meta.said("omar-haddad", "school-messenger", "السلام عليكم")
    psid = await identifier(meta, "omar-haddad", "school-messenger")
    body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": {"text": "أهلا", "metadata": "out-7"}}
    status, answer = await meta.graph(SCHOOL, body)
    assert (status, answer["recipient_id"]) == (200, psid)
    await meta.control("/customers/omar-haddad/look", {"inbox": "school-messenger"})
    await meta.settled()
    echo, delivery, read = receiver.messaging[1:]
    assert echo["message"] == {
        "mid": answer["message_id"], "is_echo": True, "app_id": 420000000000042, "metadata": "out-7", "text": "أهلا",
    }  # fmt: skip
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == ("109870000000201", psid)
    assert delivery["delivery"]["mids"] == [answer["message_id"]]
    assert read["read"]["watermark"] >= echo["timestamp"]


async def test_instagram_echoes_and_reads_by_message_id(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "desk-instagram", "Price?")
    igsid = await identifier(meta, "sara-khalil", "desk-instagram")
    for node in ("me", "17841400000000301"):
        await meta.control("/customers/sara-khalil/look", {"inbox": "desk-instagram"})
        _, answer = await meta.graph(f"{node}/messages", {"recipient": {"id": igsid}, "message": {"text": "From 500"}})
        await meta.settled()
        echo, read = receiver.messaging[-2:]
        assert echo["message"] == {"mid": answer["message_id"], "is_echo": True, "text": "From 500"}
        assert read["read"] == {"mid": answer["message_id"]}


def interactive(kind: str, body: str = "Choose", **action: Any) -> dict[str, Any]:
    content = {"type": kind, "body": {"text": body}, "action": action}
    return {"messaging_product": "whatsapp", "to": SARA, "type": "interactive", "interactive": content}


def decorated(kind: str = "button", **parts: Any) -> dict[str, Any]:
    sections = [{"rows": rows(0, 1)}]
    body = (
        interactive(kind, buttons=[button(1)])
        if kind == "button"
        else interactive(kind, button="Open", sections=sections)
    )
    return {**body, "interactive": {**body["interactive"], **parts}}


def whatsapp_body(kind: str, content: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": SARA, "type": kind, kind: content}


def button(number: int, title: str = "") -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"b{number}", "title": title or f"Button {number}"}}


def rows(first: int, count: int) -> list[dict[str, str]]:
    return [{"id": f"r{number}", "title": f"Row {number}"} for number in range(first, first + count)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text("x" * 4096), None),
        (text("x" * 4097), 100),
        (text(""), 100),
        (text(biz_opaque_callback_data="x" * 513), 100),
        ({"messaging_product": "whatsapp", "to": SARA, "type": "text"}, 131008),
        ({"messaging_product": "whatsapp", "to": SARA, "type": "hologram"}, 100),
        (interactive("button", buttons=[button(number) for number in range(3)]), None),
        (interactive("button", buttons=[button(number) for number in range(4)]), 131009),
        (interactive("button", buttons=[button(1, "x" * 21)]), 131009),
        (interactive("button", buttons=[button(1, "Same"), button(2, "Same")]), 131009),
        (interactive("button", body="x" * 1025, buttons=[button(1)]), 100),
        (interactive("list", button="Open", sections=[{"rows": rows(0, 10)}]), None),
        (interactive("list", body="x" * 4096, button="Open", sections=[{"rows": rows(0, 2)}]), None),
        (
            interactive(
                "list", button="Open", sections=[{"title": "A", "rows": rows(0, 6)}, {"title": "B", "rows": rows(6, 5)}]
            ),
            131009,
        ),
        (interactive("list", button="x" * 21, sections=[{"rows": rows(0, 1)}]), 131009),
        (interactive("list", button="Open", sections=[{"rows": [{"id": "r", "title": "x" * 25}]}]), 131009),
        (
            interactive(
                "list", button="Open", sections=[{"rows": [{"id": "r", "title": "T", "description": "x" * 73}]}]
            ),
            100,
        ),
        (
            interactive("cta_url", name="cta_url", parameters={"display_text": "Map", "url": "https://example.test"}),
            None,
        ),
        (interactive("puzzle"), 131009),
        (interactive("location_request_message", name="send_location"), None),
        (decorated(footer={"text": "x" * 60}, header={"type": "text", "text": "Café"}), None),
        (decorated(footer={"text": "x" * 61}), 100),
        (decorated(header={"type": "text", "text": "x" * 61}), 100),
        (decorated(header={"type": "image", "image": {"id": "1"}}), None),
        (decorated("list", header={"type": "image", "image": {"id": "1"}}), 131009),
        (whatsapp_body("contacts", [{"name": {"formatted_name": "Sara"}, "phones": []}]), None),
        (whatsapp_body("contacts", "Sara"), 100),
        (whatsapp_body("reaction", {"message_id": "wamid.X", "emoji": "👍"}), None),
        (whatsapp_body("reaction", {"emoji": "👍"}), 131008),
        (whatsapp_body("text", "just words"), 100),
        (whatsapp_body("text", {"body": 7}), 100),
        (whatsapp_body("location", {"latitude": "north", "longitude": 3}), 131009),
        (
            {
                "messaging_product": "whatsapp",
                "to": SARA,
                "type": "image",
                "image": {"link": "https://example.test/a.jpg"},
            },
            None,
        ),
        ({"messaging_product": "whatsapp", "to": SARA, "type": "image", "image": {"caption": "no file"}}, 131008),
        (
            {
                "messaging_product": "whatsapp",
                "to": SARA,
                "type": "location",
                "location": {"latitude": 30.04, "longitude": 31.2},
            },
            None,
        ),
        ({"messaging_product": "whatsapp", "to": SARA, "type": "location", "location": {"latitude": 30.04}}, 131008),
        (
            {
                "messaging_product": "whatsapp",
                "to": SARA,
                "type": "template",
                "template": {"name": "booking_ok", "language": {"code": "en"}},
            },
            None,
        ),
    ],
)
def test_whatsapp_limits(body: dict[str, Any], code: int | None) -> None:
    if code is None:
        assert whatsapp.shown(body)["kind"]
        return
    with pytest.raises(Refusal) as caught:
        whatsapp.shown(body)
    assert (caught.value.status, caught.value.code) == (400, code)


async def test_a_whatsapp_refusal_has_metas_shape(meta: Meta, receiver: Receiver) -> None:
    for body, code in (
        (text("x" * 4097), 100),
        ({"to": SARA, "text": {"body": "x"}}, 100),
        ({"messaging_product": "whatsapp", "text": {"body": "x"}}, 131008),
        ({"messaging_product": "whatsapp", "to": "abc", "text": {"body": "x"}}, 131009),
    ):
        status, answer = await meta.graph(CAFE, body)
        assert (status, answer["error"]["code"]) == (400, code)
        assert answer["error"]["error_data"]["messaging_product"] == "whatsapp"
        assert answer["error"]["fbtrace_id"]
    await meta.settled()
    assert receiver.bodies == []


def quick(count: int, title: str = "") -> list[dict[str, str]]:
    return [
        {"content_type": "text", "title": title or f"Reply {number}", "payload": f"P{number}"}
        for number in range(count)
    ]


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def postbacks(count: int) -> list[dict[str, str]]:
    return [{"type": "postback", "title": f"Button {number}", "payload": f"P{number}"} for number in range(count)]


@pytest.mark.parametrize(
    ("path", "message", "fits"),
    [
        (SCHOOL, {"text": "x" * 2000}, True),
        (SCHOOL, {"text": "x" * 2001}, False),
        (SCHOOL, {"text": ""}, False),
        (DESK, {"text": "م" * 500}, True),
        (DESK, {"text": "م" * 501}, False),
        (DESK, {"text": "x" * 1000}, True),
        (SCHOOL, {"text": "?", "quick_replies": quick(13)}, True),
        (SCHOOL, {"text": "?", "quick_replies": quick(14)}, False),
        (DESK, {"text": "?", "quick_replies": quick(1, "x" * 21)}, False),
        (SCHOOL, template(template_type="button", text="?", buttons=postbacks(3)), True),
        (SCHOOL, template(template_type="button", text="?", buttons=postbacks(4)), False),
        (SCHOOL, template(template_type="button", text="x" * 641, buttons=postbacks(1)), False),
        (SCHOOL, template(template_type="generic", elements=[{"title": "Lunch", "buttons": postbacks(2)}]), True),
        (SCHOOL, template(template_type="generic", elements=[{"title": "Lunch"}] * 11), False),
        (SCHOOL, template(template_type="riddle"), False),
        (SCHOOL, {"attachment": {"type": "image", "payload": {"url": "https://example.test/a.jpg"}}}, True),
        (SCHOOL, {"attachment": {"type": "image", "payload": {}}}, False),
    ],
)
def test_messenger_and_instagram_limits(path: str, message: dict[str, Any], fits: bool) -> None:
    channel = "messenger" if path == SCHOOL else "instagram"
    if fits:
        assert messaging.shown(channel, message)["kind"]
        return
    with pytest.raises(Refusal) as caught:
        messaging.shown(channel, message)
    assert (caught.value.status, caught.value.code) == (400, 100)


async def test_the_window_closes_after_a_day_on_each_channel(
    meta: Meta, receiver: Receiver, set_switches: Switch
) -> None:
    for inbox in ("cafe-whatsapp", "school-messenger", "desk-instagram"):
        await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "last_wrote_hours_ago": 24.1})
    status, _ = await meta.graph(CAFE, text())
    await meta.settled()
    (told,) = receiver.statuses
    assert (status, told["status"], told["errors"][0]["code"]) == (200, "failed", 131047)
    set_switches(closed_window="response")
    status, answer = await meta.graph(CAFE, text())
    assert (status, answer["error"]["code"]) == (400, 131047)
    for path, inbox, subcode in ((SCHOOL, "school-messenger", 2018278), (DESK, "desk-instagram", 2534022)):
        body = {"recipient": {"id": await identifier(meta, "sara-khalil", inbox)}, "message": {"text": "Still there?"}}
        _, answer = await meta.graph(path, body)
        assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (10, subcode)
        tagged = {**body, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert (await meta.graph(path, tagged))[0] == 200
        removed = {**body, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
        assert (await meta.graph(path, removed))[1]["error"]["code"] == 100


async def test_an_ad_makes_three_days_free(meta: Meta, receiver: Receiver) -> None:
    await meta.control("/customers/sara-khalil/start", {"inbox": "cafe-whatsapp", "entrance": "ad"})
    await meta.said("sara-khalil", "cafe-whatsapp", "I saw your ad")
    await meta.graph(CAFE, text())
    await meta.settled()
    sent = receiver.statuses[0]
    assert sent["pricing"] == {
        "billable": False, "pricing_model": "PMP", "type": "free_entry_point", "category": "referral_conversion",
    }  # fmt: skip
    assert sent["conversation"]["origin"] == {"type": "referral_conversion"}
    assert int(sent["conversation"]["expiration_timestamp"]) > int(sent["timestamp"]) + 71 * 3600


async def test_a_reaction_sits_on_its_message(meta: Meta, receiver: Receiver) -> None:
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Thank you!")
    await meta.graph(CAFE, whatsapp_body("reaction", {"message_id": wrote, "emoji": "👍"}))
    (line,) = meta.simulator.acts.thread("sara-khalil", "cafe-whatsapp").lines
    assert line.reactions == {"business": "👍"}


async def test_who_blocked_the_business_is_not_reached(meta: Meta, receiver: Receiver) -> None:
    for inbox in ("cafe-whatsapp", "school-messenger", "desk-instagram"):
        await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "blocked": True})
    await meta.graph(CAFE, text())
    await meta.settled()
    assert receiver.statuses[0]["errors"][0]["code"] == 131026
    for path, inbox, codes in ((SCHOOL, "school-messenger", (551, 1545041)), (DESK, "desk-instagram", (100, 2534029))):
        body = {"recipient": {"id": await identifier(meta, "sara-khalil", inbox)}, "message": {"text": "Hello"}}
        error = (await meta.graph(path, body))[1]["error"]
        assert (error["code"], error["error_subcode"]) == codes


async def test_tokens(meta: Meta) -> None:
    status, answer = await meta.graph(CAFE, text(), token="")
    assert (status, answer["error"]["code"]) == (401, 190)
    assert (await meta.graph(CAFE, text(), token="old"))[0] == 200
    await meta.control("", {"expired_tokens": ["cafe-whatsapp"]})
    status, answer = await meta.graph(CAFE, text(), token="old")
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (401, 190, 463)
    assert (await meta.graph("debug_token?input_token=old"))[1]["data"]["is_valid"] is False
    assert (await meta.graph(CAFE, text(), token="new"))[0] == 200
    await meta.control("", {"expired_tokens": []})
    assert (await meta.graph(CAFE, text(), token="old"))[0] == 200
    status, answer = await meta.graph("106540000000101?appsecret_proof=wrong")
    assert (status, answer["error"]["code"]) == (400, 100)


async def test_a_new_token_works_where_the_only_good_one_expired(config: SimulatorConfig) -> None:
    async with (
        running(msgspec.structs.replace(config, access_token="first")) as place,
        aiohttp.ClientSession() as session,
    ):
        meta = Meta(place, session, config)
        assert (await meta.graph(CAFE, text(), token="other"))[0] == 401
        assert (await meta.graph(CAFE, text(), token="first"))[0] == 200
        await meta.control("", {"expired_tokens": ["*"]})
        assert (await meta.graph(CAFE, text(), token="first"))[0] == 401
        assert (await meta.graph(CAFE, text(), token="second"))[0] == 200
        await meta.control("", {"expired_tokens": []})
        assert (await meta.graph(CAFE, text(), token="second"))[0] == 200


async def test_read_marks_and_typing_reach_the_phone(meta: Meta) -> None:
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Hello?")
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": wrote,
        "typing_indicator": {"type": "text"},
    }
    assert await meta.graph(CAFE, mark) == (200, {"success": True})
    thread = await meta.control("/customers/sara-khalil/thread?inbox=cafe-whatsapp")
    assert thread["lines"][0]["status"] == "read"
    assert thread["typing"] > 20
    assert (await meta.graph(CAFE, {**mark, "message_id": "wamid.unknown"}))[1]["error"]["code"] == 131009
    user_id = await identifier(meta, "omar-haddad", "school-messenger")
    await meta.said("omar-haddad", "school-messenger", "مرحبا")
    assert (await meta.graph(SCHOOL, {"recipient": {"id": user_id}, "sender_action": "mark_seen"}))[0] == 200
    thread = await meta.control("/customers/omar-haddad/thread?inbox=school-messenger")
    assert thread["lines"][0]["status"] == "read"


async def test_throttles_and_errors_on_request(meta: Meta, set_switches: Switch) -> None:
    set_switches(throttle=1.0)
    status, answer = await meta.graph(CAFE, text())
    assert (status, answer["error"]["code"]) == (400, 130429)
    set_switches(throttle=1.0, throttle_code=131056)
    assert (await meta.graph(CAFE, text()))[1]["error"]["code"] == 131056
    user_id = await identifier(meta, "sara-khalil", "school-messenger")
    assert (await meta.graph(SCHOOL, {"recipient": {"id": user_id}, "message": {"text": "x"}}))[1]["error"][
        "code"
    ] == 613
    set_switches(throttle=0.0, server_errors=1.0)
    assert (await meta.graph(CAFE, text()))[0] == 500
    assert meta.logged("send_accepted") == []


async def test_accepting_without_an_answer(meta: Meta, set_switches: Switch) -> None:
    set_switches(timeouts=1.0, timeout_seconds=0.5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meta.graph(CAFE, text("Did it leave?")), 0.2)
    set_switches(timeouts=0.0, errors_after_accepting=1.0)
    assert (await meta.graph(CAFE, text("And this?")))[0] == 500
    assert [line["text"] for line in meta.logged("send_accepted")] == ["Did it leave?", "And this?"]


async def test_strangers_are_met_or_refused(meta: Meta, set_switches: Switch) -> None:
    assert (await meta.graph(CAFE, text(to="+99955501")))[0] == 200
    set_switches(strangers=False)
    assert (await meta.graph(CAFE, text(to="+99955502")))[1]["error"]["code"] == 131026
    body = {"recipient": {"id": "4242424242"}, "message": {"text": "x"}}
    error = (await meta.graph(SCHOOL, body))[1]["error"]
    assert (error["code"], error["error_subcode"]) == (100, 2018001)


async def test_nodes_that_can_be_read(meta: Meta) -> None:
    _, number = await meta.graph("106540000000101?fields=display_phone_number,quality_rating")
    assert number == {"id": "106540000000101", "display_phone_number": "+966 12 555 0101", "quality_rating": "GREEN"}
    psid = await identifier(meta, "sara-khalil", "school-messenger")
    assert (await meta.graph(f"{psid}?fields=first_name,last_name"))[1] == {
        "id": psid, "first_name": "Sara", "last_name": "Khalil",
    }  # fmt: skip
    igsid = await identifier(meta, "sara-khalil", "desk-instagram")
    assert (await meta.graph(f"{igsid}?fields=name,username"))[1]["username"] == "sara.khalil"
    assert (await meta.graph("1"))[1]["error"]["code"] == 100
    callbacks = (await meta.graph("420000000000042/subscriptions"))[1]["data"]
    assert {each["callback_url"] for each in callbacks} == {meta.config.callback}


async def test_old_versions_and_bad_bodies_are_refused(meta: Meta) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer a-token"}) as session:
        async with session.post(f"{meta.url}/v20.0/{CAFE}", json=text()) as response:
            assert (await response.json())["error"]["code"] == 2635
        for body in (b"{", b"[]", b"[" * 100_000):
            async with session.post(f"{meta.url}/v26.0/{CAFE}", data=body) as response:
                assert (response.status, (await response.json())["error"]["code"]) == (400, 100)
        async with session.post(f"{meta.url}/v26.0/{CAFE}", data={"recipient": '{"id":"1"}'}) as response:
            assert (await response.json())["error"]["code"] == 100


async def test_other_web_pages_cannot_reach_it(meta: Meta) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{meta.url}/control", headers={"Host": "evil.example"}) as response:
            assert response.status == 403
        async with session.post(f"{meta.url}/control", json={}, headers={"Origin": "http://evil.example"}) as response:
            assert response.status == 403
