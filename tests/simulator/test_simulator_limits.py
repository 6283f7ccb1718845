"""Meta's limits of each channel, kept by the Graph API's stand-in."""

from typing import Any

import pytest
from simulator.meta_side import Meta, Receiver
from simulator.sending import CAFE, DESK, SARA, SCHOOL, text, whatsapp_body

from server.simulator.graph import messaging, whatsapp
from server.simulator.graph.refusals import Refusal


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


def contact(name: str = "Sara", phone: str = "+15550001111") -> dict[str, Any]:
    return whatsapp_body("contacts", [{"name": {"formatted_name": name}, "phones": [{"phone": phone}]}])


def link(url: str) -> dict[str, Any]:
    return interactive("cta_url", name="cta_url", parameters={"display_text": "Map", "url": url})


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
        (contact(phone="+971 50 123 4567"), None),
        (contact(phone="call me"), 131009),
        (contact(phone="1" * 16), 131009),
        (contact(name="n" * 1025), 100),
        (contact(name="\u200b"), 100),
        (text("\u200b\u200b"), 100),
        (text("\ufe0f \u3164"), 100),
        (link("https://majlis.example:8443/a?b=c#d"), None),
        (link("https://majlis.example:99999999/"), 131009),
        (link("https://majlis.example/\x01"), 131009),
        (link("https://majlis\\@evil.example"), 131009),
        (whatsapp_body("location", {"latitude": 1, "longitude": 2, "name": "n" * 1024, "address": "a" * 1024}), None),
        (whatsapp_body("location", {"latitude": 1, "longitude": 2, "name": "n" * 1025}), 100),
        (whatsapp_body("location", {"latitude": 1, "longitude": 2, "address": "a" * 1025}), 100),
        (
            interactive("list", button="Open", sections=[{"rows": rows(0, 1)}, {"title": "B", "rows": rows(1, 1)}]),
            131009,
        ),
        (whatsapp_body("reaction", {"message_id": "wamid.X", "emoji": "👍"}), None),
        (whatsapp_body("reaction", {"emoji": "👍"}), 131008),
        *(
            (whatsapp_body("reaction", {"message_id": "wamid.X", "emoji": emoji}), None)
            for emoji in ("", "❤", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇸🇦", "1️⃣", "‼️")
        ),
        *(
            (whatsapp_body("reaction", {"message_id": "wamid.X", "emoji": emoji}), 131009)
            for emoji in ("×", "°", "ok", "👍👍", "👍 ", "🇸", "+", "\u200d")
        ),
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


def opens(url: str) -> dict[str, Any]:
    return template(template_type="button", text="?", buttons=[{"type": "web_url", "title": "Open", "url": url}])


def card(**parts: Any) -> dict[str, Any]:
    return template(template_type="generic", elements=[{"title": "Lunch", "subtitle": "For two", **parts}])


def postbacks(count: int) -> list[dict[str, str]]:
    return [{"type": "postback", "title": f"Button {number}", "payload": f"P{number}"} for number in range(count)]


@pytest.mark.parametrize(
    ("path", "message", "fits"),
    [
        (SCHOOL, {"text": "x" * 2000}, True),
        (SCHOOL, {"text": "x" * 2001}, False),
        (SCHOOL, {"text": ""}, False),
        (SCHOOL, {"text": "\u200b"}, False),
        (DESK, {"text": "\u2060 "}, False),
        (SCHOOL, opens("https://majlis.example:8443/"), True),
        (SCHOOL, opens("https://majlis.example:99999999/"), False),
        (DESK, opens("https://majlis.example/\x7f"), False),
        (DESK, card(image_url="data:text/html,x"), False),
        (DESK, card(default_action={"type": "web_url", "url": "javascript:alert(1)"}), False),
        (DESK, card(default_action={"type": "web_url", "url": "https://majlis.example/"}), True),
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
