"""What we say in the wire form of Messenger and Instagram, and how its echo is told (facts §6)."""

from typing import Any

import pytest
from channels.rendering import CAFE, IGSID, PHONE, PSID, options

from server.channels import instagram, messaging_render, messenger, whatsapp
from server.domain.inbound import Address
from server.domain.outgoing import (
    AskContact,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Document,
    Image,
    Link,
    Reaction,
    Text,
)


def attachment(outgoing: Any, render: Any = messenger.render, recipient: Address = PSID) -> dict[str, Any]:
    found: dict[str, Any] = render(outgoing, recipient, "out-42")["message"]["attachment"]
    return found


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
