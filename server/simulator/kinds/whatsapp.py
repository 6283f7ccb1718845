"""Each kind of WhatsApp message (facts §2), as a part of an item of `messages[]`."""

from typing import Any

from server.simulator.codes import error_of
from server.simulator.customers import Customer
from server.simulator.identifiers import new_digits
from server.simulator.kinds import whatsapp_replies
from server.simulator.kinds.making import Made, Making, typed

CAPTIONED = ("image", "video", "document")


def text(making: Making) -> Made:
    words = making.words("Do you have a table for four tonight?", "هل لديكم طاولة لأربعة الليلة؟")
    return Made(kind="text", text=words, content=typed("text", {"body": words}))


def media(making: Making) -> Made:
    wish, kind = making.wish, making.wish.kind
    file = making.file(kind)
    voice = kind == "voice"
    wire = "audio" if voice else kind
    part: dict[str, Any] = {"id": file.id, "mime_type": file.mime_type, "sha256": file.sha256_base64}
    part["url"] = making.business_address(file)
    shown = making.media(file, wire, voice=voice)
    if wire in CAPTIONED and wish.text:
        part["caption"] = wish.text
    if wire == "audio":
        part["voice"] = voice
    if wire == "sticker":
        part["animated"] = shown.animated
    if wire == "document":
        part["filename"] = wish.name or file.name
    caption = wish.text if wire in CAPTIONED else ""
    return Made(kind=wire, text=caption, media=[shown], content=typed(wire, part))


def location(making: Making) -> Made:
    wish = making.wish
    name = wish.title or ("كورنيش جدة" if making.language == "ar" else "Jeddah Corniche")
    part: dict[str, Any] = {"latitude": wish.latitude, "longitude": wish.longitude, "name": name}
    part["address"] = wish.address or ("طريق الكورنيش، جدة" if making.language == "ar" else "Corniche Road, Jeddah")
    if wish.url:
        part["url"] = wish.url
    detail = {"latitude": wish.latitude, "longitude": wish.longitude, "address": part["address"]}
    return Made(kind="location", text=name, detail=detail, content=typed("location", part))


def contacts(making: Making) -> Made:
    people = list(making.wish.people) or [
        _themselves(making.customer) if making.wish.action == "share" else _friend(making.language)
    ]
    names = ", ".join(str((person.get("name") or {}).get("formatted_name", "")) for person in people)
    return Made(kind="contacts", text=names, detail={"people": people}, content=typed("contacts", people))


def reaction(making: Making) -> Made:
    part: dict[str, Any] = {"message_id": making.about(), "emoji": making.wish.emoji}
    return Made(kind="reaction", text=making.wish.emoji, silent=True, content=typed("reaction", part))


def edit(making: Making) -> Made:
    words = making.words("I meant a table for five", "قصدت طاولة لخمسة")
    part = {"original_message_id": making.about(making.own()), "message": {"type": "text", "text": {"body": words}}}
    return Made(kind="edit", text=words, silent=True, speaks=False, content=typed("edit", part))


def revoke(making: Making) -> Made:
    part = {"original_message_id": making.about(making.own())}
    return Made(kind="revoke", silent=True, speaks=False, content=typed("revoke", part))


def unsupported(making: Making) -> Made:
    """Polls and the like; 131060 where Meta has nothing of the message at all."""
    code = making.wish.code or 131051
    content: dict[str, Any] = {"type": "unsupported", "errors": [error_of(code)]}
    if code == 131051:
        content["unsupported"] = {"type": making.wish.reason or "poll"}
    return Made(kind="unsupported", text=making.wish.reason or "poll", content=content)


def welcome(making: Making) -> Made:
    return Made(kind="welcome", silent=True, speaks=False, content={"type": "request_welcome"})


def preference(making: Making) -> Made:
    """What the customer chose about marketing: a field of its own."""
    wish, customer = making.wish, making.customer
    told: dict[str, Any] = {
        "user_id": customer.identifier(making.inbox),
        "detail": f"User requested to {wish.value} marketing messages",
        "category": "marketing_messages",
        "value": wish.value,
        "timestamp": int(making.at),
    }
    content = {"user_preferences": [told]}
    return Made(
        kind="preference", text=wish.value, silent=True, speaks=False, field="user_preferences", value=True,
        content=content,
    )  # fmt: skip


def click(making: Making) -> Made:
    """A link of a marketing message was followed: `user_actions[]`, without contacts."""
    told = {
        "action_type": "marketing_messages_link_click",
        "timestamp": str(int(making.at)),
        "marketing_messages_link_click_data": {
            "click_id": new_digits(18), "click_component": "CTA", "tracking_token": making.wish.id or "track-1",
        },
    }  # fmt: skip
    return Made(kind="click", silent=True, speaks=False, value=True, content={"user_actions": [told]})


def unknown(making: Making) -> Made:
    """A kind of next year."""
    return Made(kind="unknown", content=typed("hologram", {"depth": 3, "caption": making.wish.text}))


def _themselves(customer: Customer) -> dict[str, Any]:
    """What "share my number" sends when a business asked for it."""
    first, _, last = customer.name.partition(" ")
    return {
        "name": {"formatted_name": customer.name, "first_name": first, "last_name": last},
        "phones": [{"phone": f"+{customer.phone}", "wa_id": customer.phone, "type": "CELL"}],
        "origin": "contact_request",
    }


def _friend(language: str) -> dict[str, Any]:
    name = "سلمى منصور" if language == "ar" else "Salma Mansour"
    first, _, last = name.partition(" ")
    return {
        "name": {"formatted_name": name, "first_name": first, "last_name": last},
        "phones": [{"phone": "+966 55 501 0144", "wa_id": "966555010144", "type": "CELL"}],
        "emails": [{"email": "salma@example.test", "type": "WORK"}],
        "org": {"company": "Blue Terrace", "title": "Host"},
        "addresses": [{"street": "Corniche Road", "city": "Jeddah", "country": "Saudi Arabia", "type": "WORK"}],
        "urls": [{"url": "https://example.test", "type": "WORK"}],
        "birthday": "1991-03-14",
        "origin": "other",
    }


KINDS = whatsapp_replies.KINDS | {
    "text": text,
    "image": media,
    "video": media,
    "audio": media,
    "voice": media,
    "sticker": media,
    "document": media,
    "location": location,
    "contacts": contacts,
    "reaction": reaction,
    "edit": edit,
    "revoke": revoke,
    "unsupported": unsupported,
    "welcome": welcome,
    "preference": preference,
    "click": click,
    "unknown": unknown,
}
