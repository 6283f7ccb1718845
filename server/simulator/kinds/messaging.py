"""Each kind of Messenger and Instagram message (facts §3, §4), as the part of an item of `messaging[]`."""

from typing import Any

from server.simulator.codes import error_of
from server.simulator.files.store import File
from server.simulator.identifiers import new_digits
from server.simulator.kinds.making import Made, Making
from server.simulator.threads import Media
from server.simulator.webhooks import messaging

Json = dict[str, Any]

# The word of ours and Meta's own; a like is Meta's sticker with the thumb.
WIRE = {"document": "file", "voice": "audio", "like": "sticker"}
LIKE_STICKER = 369239263222822
STICKER = 144885145684725


def text(making: Making) -> Made:
    words = making.words("Hello, what is on the menu today?", "مرحبا، ما قائمة اليوم؟")
    return _message(making, "text", words, {"text": words})


def quick_reply(making: Making) -> Made:
    title = making.wish.title or making.wish.text or "Prices"
    message = {"text": title, "quick_reply": {"payload": making.wish.payload or "PRICES"}}
    return _message(making, "press", title, message)


def media(making: Making) -> Made:
    """One file, or several at once as an album; a caption travels as text beside them."""
    wish, kind = making.wish, making.wish.kind
    wire = WIRE.get(kind, kind)
    shown, attachments = [], []
    for file in making.files(kind):
        shown.append(making.media(file, wire, voice=kind == "voice"))
        payload: Json = {"url": making.public_address(file)}
        if wire == "sticker":
            payload["sticker_id"] = LIKE_STICKER if kind == "like" else STICKER
        attachments.append({"type": wire, "payload": payload})
    return _message(making, wire, wish.text, {"attachments": attachments}, shown)


def location(making: Making) -> Made:
    """Legacy: old apps still send it."""
    wish = making.wish
    title = wish.title or "Jeddah Corniche"
    place = {"lat": wish.latitude, "long": wish.longitude}
    url = wish.url or f"https://maps.example.test/?q={wish.latitude},{wish.longitude}"
    attachment = {"type": "location", "title": title, "url": url, "payload": {"coordinates": place}}
    detail = {"latitude": wish.latitude, "longitude": wish.longitude, "address": wish.address}
    return _message(making, "location", title, {"attachments": [attachment]}, detail=detail)


def fallback(making: Making) -> Made:
    """A link that was shared; its payload may be null."""
    title, url = making.wish.title or "Terrace season is open", making.wish.url or "https://example.test/terrace"
    attachment = {"type": "fallback", "title": title, "url": url, "payload": None}
    return _message(making, "share", title, {"text": url, "attachments": [attachment]}, detail={"url": url})


def template(making: Making) -> Made:
    """A product of the shop, sent by the customer."""
    file, wish = making.file("template"), making.wish
    title = wish.title or "Weekly lunch box"
    element = {
        "id": wish.id or new_digits(16), "retailer_id": wish.product or "box-week",
        "image_url": making.public_address(file), "title": title, "subtitle": wish.description or "SAR 120",
    }  # fmt: skip
    attachment = {"type": "template", "payload": {"product": {"elements": [element]}}}
    shown = [making.media(file, "image")]
    return _message(making, "product", title, {"attachments": [attachment]}, shown)


def reel(making: Making) -> Made:
    file, wish = making.file("reel"), making.wish
    title = wish.title or "Sunset on the terrace"
    payload = {
        "url": wish.url or making.public_address(file),
        "title": title,
        "reel_video_id": wish.id or new_digits(16),
    }
    wire = "ig_reel" if making.inbox.channel == "instagram" and wish.action == "ig_reel" else "reel"
    shown = [making.media(file, _seen(file))]
    return _message(making, "reel", title, {"attachments": [{"type": wire, "payload": payload}]}, shown)


def post(making: Making) -> Made:
    file, wish = making.file("post"), making.wish
    title = wish.title or "Lunch boxes are back"
    payload: Json = {"url": wish.url or making.public_address(file), "title": title}
    wire = "post"
    if making.inbox.channel == "instagram":
        wire, payload["ig_post_media_id"] = "ig_post", wish.id or new_digits(17)
    shown = [making.media(file, _seen(file))]
    return _message(making, "post", title, {"attachments": [{"type": wire, "payload": payload}]}, shown)


def appointment(making: Making) -> Made:
    title = making.wish.title or "Table for four, Saturday 19:00"
    attachment = {"type": "appointment_booking", "payload": {"title": title, "url": "https://example.test/booking"}}
    return _message(making, "appointment", title, {"attachments": [attachment]})


def command(making: Making) -> Made:
    name = making.wish.id or "menu"
    return _message(making, "text", f"/{name}", {"text": f"/{name}", "commands": [{"name": name}]})


def story_mention(making: Making) -> Made:
    """A photo or a film: Meta does not say which."""
    file = making.file("story_mention")
    attachment = {"type": "story_mention", "payload": {"url": making.wish.url or making.public_address(file)}}
    return _message(making, "story_mention", "", {"attachments": [attachment]}, [making.media(file, _seen(file))])


def story_reply(making: Making) -> Made:
    file = making.file("story_reply")
    words = making.words("This looks wonderful! Until when?", "رائع! إلى متى؟")
    story = {"id": making.wish.id or new_digits(17), "url": making.wish.url or making.public_address(file)}
    shown = [making.media(file, _seen(file))]
    return _message(making, "story_reply", words, {"text": words, "reply_to": {"story": story}}, shown)


def view_once(making: Making) -> Made:
    """No address: the business can never see it."""
    return _message(making, "view_once", "", {"attachments": [{"type": "ephemeral"}]})


def product(making: Making) -> Made:
    """A question about a product of the Instagram shop."""
    words = making.words("Is this one still available?", "هل ما زال متوفرًا؟")
    referral = {"product": {"id": making.wish.product or new_digits(16)}}
    return _message(making, "text", words, {"text": words, "referral": referral}, detail={"product": referral})


def unsupported(making: Making) -> Made:
    return _message(making, "unsupported", "", {"is_unsupported": True})


def unknown(making: Making) -> Made:
    attachment = {"type": "hologram", "payload": {"depth": 3}}
    return _message(making, "unknown", making.wish.text, {"attachments": [attachment]})


def revoke(making: Making) -> Made:
    about = making.about(making.own())
    made = _message(making, "revoke", "", {"mid": about, "is_deleted": True})
    made.silent, made.speaks = True, False
    return made


def _seen(file: File) -> str:
    return "video" if file.mime_type.startswith("video/") else "image"


def _message(
    making: Making,
    kind: str,
    words: str,
    message: Json,
    shown: list[Media] | None = None,
    *,
    detail: Json | None = None,
) -> Made:
    wish = making.wish
    content: Json = {"mid": making.line_id} | message
    if words and "attachments" in content and kind in ("image", "video", "audio", "file"):
        content["text"] = words
    if wish.reply_to is not None:
        content["reply_to"] = {"mid": wish.reply_to}
    if wish.is_self:
        content["is_self"] = True
    if wish.referral is not None:
        content["referral"] = referral_of(making)
    if wish.errors:
        content["errors"] = [error_of(code) for code in wish.errors]
    return Made(kind=kind, text=words, media=shown or [], detail=detail or {}, content={"message": content})


def referral_of(making: Making) -> Json:
    """Of a message, a postback or an event: an ad, or whatever was given."""
    wish = making.wish
    if isinstance(wish.referral, dict):
        return dict(wish.referral)
    with_context = making.inbox.channel == "instagram"
    source = messaging.ad_source(wish.ad_id or "120200000000002", wish.title or "Dinner", with_context=with_context)
    if wish.ref:
        source["ref"] = wish.ref
    return source
