"""WhatsApp sends: what Meta accepts (facts §5), turned into what the customer's phone shows."""

from typing import Any

from server.simulator.graph import limits, refusals, wording
from server.simulator.graph.interactive import interactive

MEDIA = ("image", "video", "audio", "document", "sticker")
CAPTIONED = ("image", "video", "document")
OPAQUE = 512

Shown = dict[str, Any]


def shown(body: dict[str, Any]) -> Shown:
    """The fields of a `Line` for a message body. Raises `Refusal`."""
    kind = body.get("type", "text")
    limits.optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", most=OPAQUE)
    if kind == "text":
        content = limits.mapping(body, "text", "text")
        return {"kind": "text", "text": limits.text(content, "body", "text['body']", most=4096)}
    if kind == "interactive":
        return interactive(limits.mapping(body, "interactive", "interactive"))
    if kind in MEDIA:
        return _media(kind, limits.mapping(body, kind, kind))
    if kind == "location":
        return _location(limits.mapping(body, "location", "location"))
    if kind == "template":
        return _template(limits.mapping(body, "template", "template"))
    if kind == "contacts":
        return _contacts(limits.sequence(body, "contacts", "contacts", most=257))
    if kind == "reaction":
        reaction = limits.mapping(body, "reaction", "reaction")
        target = limits.text(reaction, "message_id", "reaction['message_id']", most=512)
        emoji = str(reaction.get("emoji", ""))
        if emoji and not wording.is_emoji(emoji):
            raise refusals.wrong_value("Param reaction['emoji'] is not a valid emoji.")
        return {"kind": "reaction", "text": emoji, "reply_to": target}
    raise refusals.invalid(f"Param type must be one of the supported message types, not '{kind}'.")


def _media(kind: str, content: dict[str, Any]) -> Shown:
    if not content.get("id") and not content.get("link"):
        raise refusals.missing(f"{kind}['id'] or {kind}['link']")
    link = str(content.get("link") or "")
    if link and not link.startswith(("http://", "https://")):
        raise refusals.invalid(f"Param {kind}['link'] is not a valid URL.")
    if content.get("caption") is not None and kind not in CAPTIONED:
        raise refusals.invalid(f"Param caption is not allowed on {kind}.")
    caption = limits.optional_text(content, "caption", f"{kind}['caption']", most=1024)
    detail: dict[str, Any] = {key: str(content[key]) for key in ("id", "link", "filename") if content.get(key)}
    if content.get("voice") is not None:
        detail["voice"] = bool(content["voice"])
    return {"kind": kind, "text": caption, "detail": detail}


def _location(content: dict[str, Any]) -> Shown:
    for key, most in (("latitude", 90), ("longitude", 180)):
        if content.get(key) is None:
            raise refusals.missing(f"location['{key}']")
        try:
            value = float(content[key])
        except (TypeError, ValueError):
            raise refusals.wrong_value(f"Param location['{key}'] must be a number.") from None
        if not abs(value) <= most:
            raise refusals.wrong_value(f"Param location['{key}'] is out of range.")
    for key in ("name", "address"):
        limits.optional_text(content, key, f"location['{key}']", most=1024)
    detail = {key: str(content[key]) for key in ("latitude", "longitude", "address") if content.get(key) is not None}
    return {"kind": "location", "text": str(content.get("name") or ""), "detail": detail}


def _contacts(people: list[dict[str, Any]]) -> Shown:
    names = []
    for person in people:
        name = limits.mapping(person, "name", "contacts['name']")
        path = "contacts['phones']"
        for number in limits.sequence(person, "phones", path, most=100, least=0) if person.get("phones") else ():
            if not wording.is_phone(str(number.get("phone", ""))):
                raise refusals.wrong_value(f"Param {path}['phone'] is not a valid phone number.")
        names.append(limits.text(name, "formatted_name", "contacts['name']['formatted_name']", most=1024))
    return {"kind": "contacts", "text": ", ".join(names), "detail": {"people": people}}


def _template(content: dict[str, Any]) -> Shown:
    """Its name and values; what it says is filled in where the account is known."""
    name = limits.text(content, "name", "template['name']", most=512)
    code = limits.text(limits.mapping(content, "language", "template['language']"), "code", "language", most=20)
    components = content.get("components")
    if components is not None:
        limits.sequence(content, "components", "template['components']", most=20, least=0)
    detail = {"name": name, "language": code, "components": components or []}
    return {"kind": "template", "text": name, "detail": detail}
