"""What we say, in each channel's wire form, and the limits it refuses beyond (facts §5, §6)."""

from typing import Any

import pytest

from server.channels import instagram, messaging_render, messenger, whatsapp
from server.domain.errors import Invalid
from server.domain.inbound import Address
from server.domain.model import IdentityKind
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Location,
    Option,
    Person,
    Phone,
    Reaction,
    Section,
    Sticker,
    Template,
    Text,
    Video,
)
from server.domain.template_parts import Component, Parameter, Place, Preview

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
        (whatsapp.render, PHONE, Text("a" * 4097), "4097 characters; the most is 4096"),
        (whatsapp.render, PHONE, Text("  "), "Write something"),
        (whatsapp.render, PHONE, Choices("Which?", options(11)), "11 options; it takes 1 to 10 in all"),
        (whatsapp.render, PHONE, Choices("Which?", ()), "0 options"),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(2, "A title beyond twenty")),
            "button has 23 characters; the most is 20",
        ),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(4, "A title that is beyond 24")),
            "row has 27 characters; the most is 24",
        ),
        (whatsapp.render, PHONE, Choices("a" * 1025, options(2)), "the most is 1024"),
        (whatsapp.render, PHONE, Choices("Which?", (Option("a", "Yes"), Option("b", "Yes"))), "same title"),
        (
            whatsapp.render,
            PHONE,
            Choices("Which?", options(4), "A label beyond twenty"),
            "label that opens the list has 21",
        ),
        (messenger.render, PSID, Text("a" * 2001), "2001 characters; the most is 2000"),
        (messenger.render, PSID, Choices("Which?", options(14)), "14 options"),
        # 501 Arabic letters and a blank are 1,003 bytes.
        (instagram.render, IGSID, Text("س" * 501 + " "), "1003 bytes; the most is 1000"),
    ],
)
def test_limits_are_refused_by_name(render: Any, recipient: Address, outgoing: Any, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        render(outgoing, recipient, "out-42")
    assert words in refused.value.words
    assert refused.value.extra["field"]


def test_a_thousand_bytes_of_arabic_fit_instagram() -> None:
    assert instagram.render(Text("س" * 500), IGSID, "out-42")["message"]["text"] == "س" * 500


def interactive(outgoing: Any) -> dict[str, Any]:
    body = whatsapp.render(outgoing, PHONE, "out-42")
    assert body["type"] == "interactive"
    found: dict[str, Any] = body["interactive"]
    return found


def attachment(outgoing: Any, render: Any = messenger.render, recipient: Address = PSID) -> dict[str, Any]:
    found: dict[str, Any] = render(outgoing, recipient, "out-42")["message"]["attachment"]
    return found


def test_whatsapp_lists_in_sections_with_header_and_footer() -> None:
    sections = (Section("Lunch", (Option("a", "Koshary"),)), Section("Dinner", (Option("b", "Grill", "for two"),)))
    listed = interactive(Choices("Which?", sections=sections, header="Menu", footer="Until ten"))
    assert listed == {
        "type": "list", "body": {"text": "Which?"}, "header": {"type": "text", "text": "Menu"},
        "footer": {"text": "Until ten"},
        "action": {"button": "Options", "sections": [
            {"title": "Lunch", "rows": [{"id": "a", "title": "Koshary"}]},
            {"title": "Dinner", "rows": [{"id": "b", "title": "Grill", "description": "for two"}]},
        ]},
    }  # fmt: skip


def test_whatsapp_links_and_requests() -> None:
    assert interactive(Link("Our menu", "Open", "https://majlis.example/menu", footer="Fresh"))== {
        "type": "cta_url", "body": {"text": "Our menu"}, "footer": {"text": "Fresh"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://majlis.example/menu"}},
    }  # fmt: skip
    assert interactive(AskLocation("Where to?")) == {
        "type": "location_request_message", "body": {"text": "Where to?"}, "action": {"name": "send_location"},
    }  # fmt: skip
    assert interactive(AskContact("Your number?")) == {
        "type": "request_contact_info", "body": {"text": "Your number?"}, "action": {"name": "request_contact_info"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outgoing", "kind", "content"),
    [
        (Image(1, "Look", media_id="9"), "image", {"id": "9", "caption": "Look"}),
        (Video(1, media_id="9"), "video", {"id": "9"}),
        (Audio(1, voice=True, media_id="9"), "audio", {"id": "9", "voice": True}),
        (Audio(1, media_id="9"), "audio", {"id": "9"}),
        (Document(1, "Read", "menu.pdf", media_id="9"), "document",
         {"id": "9", "caption": "Read", "filename": "menu.pdf"}),
        (Sticker(1, media_id="9"), "sticker", {"id": "9"}),
        (Reaction("wamid.X", "👍"), "reaction", {"message_id": "wamid.X", "emoji": "👍"}),
        (Reaction("wamid.X", ""), "reaction", {"message_id": "wamid.X", "emoji": ""}),
        (Contacts((Person("Omar", (Phone("+15550001111"),), ("omar@majlis.example",), "Bank"),)), "contacts", [{
            "name": {"formatted_name": "Omar", "first_name": "Omar"},
            "phones": [{"phone": "+15550001111", "type": "CELL"}],
            "emails": [{"email": "omar@majlis.example", "type": "WORK"}], "org": {"company": "Bank"},
        }]),
        (Text("https://majlis.example", preview=True), "text", {"body": "https://majlis.example", "preview_url": True}),
    ],
)  # fmt: skip
def test_whatsapp_kinds(outgoing: Any, kind: str, content: Any) -> None:
    body = whatsapp.render(outgoing, PHONE, "out-42")
    assert body == whatsapp_body(to="+15550001111", type=kind) | {kind: content}


@pytest.mark.parametrize(
    "outgoing",
    [Image(1, media_id="9", reply_to="wamid.X"), Choices("Which?", options(2), reply_to="wamid.X"),
     Link("Here", "Open", "https://majlis.example", reply_to="wamid.X"), Location(30, 31, reply_to="wamid.X")],
)  # fmt: skip
def test_every_kind_quotes(outgoing: Any) -> None:
    assert whatsapp.render(outgoing, PHONE, "out-42")["context"] == {"message_id": "wamid.X"}
    assert messenger.render(outgoing, PSID, "out-42")["reply_to"] == {"mid": "wamid.X"}


def test_a_file_that_never_reached_meta_is_not_sent() -> None:
    for render, recipient in ((whatsapp.render, PHONE), (messenger.render, PSID)):
        with pytest.raises(Invalid):
            render(Image(1), recipient, "out-42")


FULL = Template(
    "booking_ok", "en_GB", Preview(body="Hello Sara"), category="utility",
    components=(
        Component("header", (Parameter("document", attachment_id=4, media_id="9", file_name="menu.pdf"),)),
        Component("body", (Parameter("text", "Sara", "guest"), Parameter("text", "19:00"))),
        Component("button", (Parameter("payload", "CONFIRM"),), "quick_reply", 0),
        Component("button", (Parameter("text", "a/1"),), "url", 1),
        Component("button", (Parameter("coupon_code", "SAVE"),), "copy_code", 2),
        Component("button", (Parameter("action", "token"),), "flow", 3),
        Component("button", (Parameter("action", "sku-1"),), "catalog", 4),
    ),
)  # fmt: skip
WIRE = {
    "name": "booking_ok", "language": {"code": "en_GB"},
    "components": [
        {"type": "header", "parameters": [{"type": "document", "document": {"id": "9", "filename": "menu.pdf"}}]},
        {"type": "body", "parameters": [{"type": "text", "parameter_name": "guest", "text": "Sara"},
                                        {"type": "text", "text": "19:00"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0",
         "parameters": [{"type": "payload", "payload": "CONFIRM"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "a/1"}]},
        {"type": "button", "sub_type": "copy_code", "index": "2",
         "parameters": [{"type": "coupon_code", "coupon_code": "SAVE"}]},
        {"type": "button", "sub_type": "flow", "index": "3",
         "parameters": [{"type": "action", "action": {"flow_token": "token"}}]},
        {"type": "button", "sub_type": "catalog", "index": "4",
         "parameters": [{"type": "action", "action": {"thumbnail_product_retailer_id": "sku-1"}}]},
    ],
}  # fmt: skip


def test_a_template_with_every_component() -> None:
    assert whatsapp.render(FULL, PHONE, "out-42") == whatsapp_body(to="+15550001111", type="template", template=WIRE)


@pytest.mark.parametrize(
    ("parameter", "wire"),
    [
        (Parameter("image", attachment_id=4, media_id="9"), {"type": "image", "image": {"id": "9"}}),
        (Parameter("video", attachment_id=4, media_id="9"), {"type": "video", "video": {"id": "9"}}),
        (Parameter("text", "Sara"), {"type": "text", "text": "Sara"}),
        (Parameter("location", place=Place(30.5, 31.25, "Café", "Nile")), {"type": "location", "location": {
            "latitude": "30.5", "longitude": "31.25", "name": "Café", "address": "Nile"}}),
    ],
)  # fmt: skip
def test_headers_of_templates(parameter: Parameter, wire: Any) -> None:
    outgoing = Template("t", "en", Preview(body="b"), components=(Component("header", (parameter,)),))
    body = whatsapp.render(outgoing, PHONE, "out-42")
    assert body["template"]["components"] == [{"type": "header", "parameters": [wire]}]


def test_a_utility_template_on_messenger() -> None:
    body = messenger.render(FULL, PSID, "out-42", "HUMAN_AGENT")
    assert body == {
        "recipient": {"id": "7001"}, "messaging_type": "UTILITY", "message": {"template": WIRE, "metadata": "out-42"},
    }  # fmt: skip


def test_files_on_messenger_and_instagram() -> None:
    assert attachment(Image(1, media_id="9")) == {"type": "image", "payload": {"attachment_id": "9"}}
    assert attachment(Document(1, media_id="9")) == {"type": "file", "payload": {"attachment_id": "9"}}
    by_address = attachment(Audio(1, address="https://majlis.example/media/x"), instagram.render, IGSID)
    assert by_address == {"type": "audio", "payload": {"url": "https://majlis.example/media/x"}}


@pytest.mark.parametrize(("render", "recipient"), [(messenger.render, PSID), (instagram.render, IGSID)])
def test_button_and_generic_templates(render: Any, recipient: Address) -> None:
    pressed = {"type": "postback", "title": "Yes", "payload": "YES"}
    opened = {"type": "web_url", "title": "Open", "url": "https://majlis.example"}
    buttons = (Button("Yes", "YES"), Button("Open", url="https://majlis.example"))
    assert attachment(Buttons("Which?", buttons), render, recipient) == {
        "type": "template", "payload": {"template_type": "button", "text": "Which?", "buttons": [pressed, opened]},
    }  # fmt: skip
    assert attachment(Link("Here", "Open", "https://majlis.example"), render, recipient) == {
        "type": "template", "payload": {"template_type": "button", "text": "Here", "buttons": [opened]},
    }  # fmt: skip
    card = Card("Grill", "For two", "https://majlis.example/a.jpg", "https://majlis.example", buttons)
    assert attachment(Cards((card, Card("Tea", "Mint"))), render, recipient) == {
        "type": "template", "payload": {"template_type": "generic", "elements": [
            {"title": "Grill", "subtitle": "For two", "image_url": "https://majlis.example/a.jpg",
             "default_action": {"type": "web_url", "url": "https://majlis.example"}, "buttons": [pressed, opened]},
            {"title": "Tea", "subtitle": "Mint"},
        ]},
    }  # fmt: skip


def test_messenger_asks_for_a_number() -> None:
    message = messenger.render(AskContact("Your number?"), PSID, "out-42")["message"]
    assert message["quick_replies"] == [{"content_type": "user_phone_number"}]


def test_reactions_on_messenger_and_instagram_are_sender_actions() -> None:
    assert messenger.render(Reaction("m_A", "🎉"), PSID, "out-42") == {
        "recipient": {"id": "7001"}, "sender_action": "react", "payload": {"message_id": "m_A", "reaction": "🎉"},
    }  # fmt: skip
    assert messenger.render(Reaction("m_A", ""), PSID, "out-42", "HUMAN_AGENT") == {
        "recipient": {"id": "7001"}, "sender_action": "unreact", "payload": {"message_id": "m_A"},
    }  # fmt: skip
    loved = instagram.render(Reaction("ig_A", "❤️"), IGSID, "out-42")
    assert loved["payload"] == {"message_id": "ig_A", "reaction": "love"}


def test_after_the_day_a_persons_words_carry_the_tag() -> None:
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert messenger.render(Text("Hi"), PSID, "out-42", "HUMAN_AGENT").items() >= tagged.items()
    assert instagram.render(Text("Hi"), IGSID, "out-42", "HUMAN_AGENT").items() >= tagged.items()
    assert messenger.render(Text("Hi"), PSID, "out-42")["messaging_type"] == "RESPONSE"
    assert "tag" not in whatsapp.render(Text("Hi"), PHONE, "out-42", "HUMAN_AGENT")


@pytest.mark.parametrize(
    ("outgoing", "kind", "text", "fits"),
    [
        (Text("Hi"), "text", "Hi", True), (Text("Hi"), "text", "Hello", False),
        (CAFE, "text", "Havana Café\n12 Nile Street\nhttps://maps.google.com/?q=30.0444,31.2357", True),
        (Image(1), "image", "", True), (Image(1), "audio", "", False), (Image(1), "text", "", False),
        (Link("Here", "Open", "https://majlis.example"), "template", "", True),
        (Link("Here", "Open", "https://majlis.example"), "template", "Here", True),
        (Link("Here", "Open", "https://majlis.example"), "image", "", False),
        (Cards((Card("Tea", "Mint"),)), "template", "", True),
    ],
)  # fmt: skip
def test_an_echo_is_told_by_kind_and_words(outgoing: Any, kind: str, text: str, fits: bool) -> None:
    assert messaging_render.echoes(outgoing, kind, text) is fits


def test_a_place_as_text_keeps_to_the_limit_of_texts() -> None:
    with pytest.raises(Invalid) as refused:
        instagram.render(Location(30.0, 31.0, "ن" * 500), IGSID, "out-42")
    assert "bytes" in refused.value.words
