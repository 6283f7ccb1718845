"""What we say, in each channel's wire form, and the limits it refuses beyond (facts §5, §6)."""

from typing import Any

import pytest

from server.channels import instagram, messenger, whatsapp
from server.domain.errors import Invalid
from server.domain.inbound import Address
from server.domain.model import IdentityKind
from server.domain.outgoing import Choices, Location, Option, Text

PHONE = Address(IdentityKind.PHONE, "15550001111")
USER_ID = Address(IdentityKind.WHATSAPP_USER, "US.1000000000000001")
PSID = Address(IdentityKind.PAGE_USER, "7001")
IGSID = Address(IdentityKind.INSTAGRAM_USER, "8001")
CAFE = Location(30.0444, 31.2357, "Havana Café", "12 Nile Street")


def options(count: int, title: str = "Choice") -> tuple[Option, ...]:
    return tuple(Option(f"id{number}", f"{title} {number}", "why") for number in range(count))


def whatsapp_body(**more: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": "out-42",
    } | more  # fmt: skip


def test_whatsapp_text_to_a_phone_quoting() -> None:
    assert whatsapp.render(Text("Hi", "wamid.X"), PHONE, "out-42") == whatsapp_body(
        to="+15550001111", type="text", text={"body": "Hi", "preview_url": False}, context={"message_id": "wamid.X"}
    )


def test_whatsapp_text_to_somebody_without_a_phone() -> None:
    assert whatsapp.render(Text("Hi"), USER_ID, "out-42") == whatsapp_body(
        recipient="US.1000000000000001", type="text", text={"body": "Hi", "preview_url": False}
    )


def test_whatsapp_buttons_and_lists() -> None:
    buttons = whatsapp.render(Choices("Confirm?", (Option("y", "Yes"), Option("n", "No"))), PHONE, "out-42")
    assert buttons["interactive"] == {
        "type": "button", "body": {"text": "Confirm?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}},
                               {"type": "reply", "reply": {"id": "n", "title": "No"}}]},
    }  # fmt: skip
    listed = whatsapp.render(Choices("Which?", options(4), "Menu"), PHONE, "out-42")["interactive"]
    assert listed["type"] == "list"
    assert listed["action"]["button"] == "Menu"
    assert listed["action"]["sections"][0]["rows"][0] == {"id": "id0", "title": "Choice 0", "description": "why"}


def test_whatsapp_location() -> None:
    assert whatsapp.render(CAFE, PHONE, "out-42")["location"] == {
        "latitude": 30.0444, "longitude": 31.2357, "name": "Havana Café", "address": "12 Nile Street",
    }  # fmt: skip


def test_messenger() -> None:
    assert messenger.render(Text("Hi", "m_A"), PSID, "out-42") == {
        "recipient": {"id": "7001"}, "messaging_type": "RESPONSE", "reply_to": {"mid": "m_A"},
        "message": {"text": "Hi", "metadata": "out-42"},
    }  # fmt: skip
    quick = messenger.render(Choices("Which?", options(2)), PSID, "out-42")["message"]
    assert quick["quick_replies"][1] == {"content_type": "text", "title": "Choice 1", "payload": "id1"}


def test_instagram() -> None:
    assert instagram.render(Text("Hi"), IGSID, "out-42") == {"recipient": {"id": "8001"}, "message": {"text": "Hi"}}
    where = instagram.render(CAFE, IGSID, "out-42")["message"]["text"]
    assert where == "Havana Café\n12 Nile Street\nhttps://maps.google.com/?q=30.0444,31.2357"


@pytest.mark.parametrize(
    ("render", "recipient", "outgoing", "words"),
    [
        (whatsapp.render, PHONE, Text("a" * 4097), "4097 characters; whatsapp takes 4096"),
        (whatsapp.render, PHONE, Text("  "), "Write something"),
        (whatsapp.render, PHONE, Choices("Which?", options(11)), "11 options; whatsapp takes 1 to 10"),
        (whatsapp.render, PHONE, Choices("Which?", ()), "0 options"),
        (whatsapp.render, PHONE, Choices("Which?", options(2, "A title beyond twenty")), "options[0].title"),
        (whatsapp.render, PHONE, Choices("Which?", options(4, "A title that is beyond 24")), "it takes 1 to 24"),
        (whatsapp.render, PHONE, Choices("a" * 1025, options(2)), "takes 1024"),
        (whatsapp.render, PHONE, Choices("Which?", (Option("a", "Yes"), Option("b", "Yes"))), "same title"),
        (whatsapp.render, PHONE, Choices("Which?", options(4), "A label beyond twenty"), "button"),
        (messenger.render, PSID, Text("a" * 2001), "2001 characters; messenger takes 2000"),
        (messenger.render, PSID, Choices("Which?", options(14)), "14 options"),
        # 501 Arabic letters and a blank are 1,003 bytes.
        (instagram.render, IGSID, Text("س" * 501 + " "), "1003 bytes; instagram takes 1000"),
    ],
)
def test_limits_are_refused_by_name(render: Any, recipient: Address, outgoing: Any, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        render(outgoing, recipient, "out-42")
    assert words in refused.value.detail
    assert refused.value.extra["field"]


def test_a_thousand_bytes_of_arabic_fit_instagram() -> None:
    assert instagram.render(Text("س" * 500), IGSID, "out-42")["message"]["text"] == "س" * 500
