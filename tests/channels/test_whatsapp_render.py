"""What we say in WhatsApp's wire form (facts §5)."""

from typing import Any

import pytest
from channels.rendering import CAFE, PHONE, USER_ID, options, whatsapp_body

from server.channels import whatsapp
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Option,
    Person,
    Phone,
    Reaction,
    Section,
    Sticker,
    Text,
    Video,
)


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


def interactive(outgoing: Any) -> dict[str, Any]:
    body = whatsapp.render(outgoing, PHONE, "out-42")
    assert body["type"] == "interactive"
    found: dict[str, Any] = body["interactive"]
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
