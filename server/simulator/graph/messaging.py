"""Messenger and Instagram sends: what Meta accepts (facts §6), turned into what the customer's phone shows."""

from typing import Any

from server.simulator.graph.refusals import invalid_message
from server.simulator.threads import Option

BAD_DATA = 2534015
Shown = dict[str, Any]


def shown(channel: str, message: dict[str, Any]) -> Shown:
    """The fields of a `Line` for a message. Raises `Refusal`."""
    line = _attachment(message["attachment"]) if message.get("attachment") else _text(channel, message)
    replies = message.get("quick_replies")
    if replies is not None:
        line |= {"kind": "choices", "style": "quick_replies", "options": _quick_replies(replies)}
    metadata = message.get("metadata")
    if metadata is not None and not (isinstance(metadata, str) and len(metadata) <= 1000):
        raise invalid_message("Param message[metadata] must be at most 1000 characters long.")
    return line


def _text(channel: str, message: dict[str, Any]) -> Shown:
    text = message.get("text")
    if not isinstance(text, str) or not text:
        raise invalid_message("Message cannot be empty, must provide valid attachment or text", _sub(channel))
    if channel == "instagram" and len(text.encode()) > 1000:
        raise invalid_message("Length of param message[text] must be less than or equal to 1000 bytes", _sub(channel))
    if len(text) > 2000:
        raise invalid_message("Length of param message[text] must be less than or equal to 2000")
    return {"kind": "text", "text": text}


def _quick_replies(replies: object) -> list[Option]:
    items = _objects(replies, "message[quick_replies]", 13)
    options = []
    for item in items:
        if item.get("content_type") != "text":
            options.append(Option(id=str(item.get("content_type")), title=str(item.get("content_type"))))
            continue
        options.append(Option(id=_words(item, "payload", 1000), title=_words(item, "title", 20)))
    return options


def _attachment(attachment: object) -> Shown:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise invalid_message("Param message[attachment] must have a type and a payload")
    kind, payload = str(attachment.get("type")), attachment["payload"]
    if kind == "template":
        return _template(payload)
    if kind not in ("image", "video", "audio", "file", "MEDIA_SHARE"):
        raise invalid_message(f"Param message[attachment][type] '{kind}' is not supported", 2018047)
    if not payload.get("url") and not payload.get("attachment_id") and not payload.get("id"):
        raise invalid_message("Attachment needs a url or an attachment_id", 2018008)
    detail = {key: str(payload[key]) for key in ("url", "attachment_id") if payload.get(key)}
    return {"kind": kind, "detail": detail}


def _template(payload: dict[str, Any]) -> Shown:
    kind = payload.get("template_type")
    if kind == "button":
        buttons = _objects(payload.get("buttons"), "buttons", 3)
        return {
            "kind": "choices",
            "text": _words(payload, "text", 640),
            "style": "buttons",
            "options": [_button(button) for button in buttons],
        }
    if kind == "generic":
        cards = _objects(payload.get("elements"), "elements", 10)
        titles = [" – ".join(filter(None, (_words(card, "title", 80), card.get("subtitle")))) for card in cards]
        buttons = [button for card in cards for button in _objects(card.get("buttons") or [], "buttons", 3, least=0)]
        options = [_button(button) for button in buttons]
        return {"kind": "choices", "text": "\n".join(titles), "style": "buttons", "options": options}
    raise invalid_message(f"Param template_type '{kind}' is not supported")


def _button(button: dict[str, Any]) -> Option:
    title = _words(button, "title", 20)
    if button.get("type") == "web_url":
        return Option(id="", title=title, url=_words(button, "url", 2000))
    return Option(id=_words(button, "payload", 1000), title=title)


def _objects(value: object, path: str, most: int, *, least: int = 1) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise invalid_message(f"Param {path} must be an array of objects")
    if not least <= len(value) <= most:
        raise invalid_message(f"Param {path} must have between {least} and {most} items")
    return value


def _words(parent: dict[str, Any], key: str, most: int) -> str:
    value = parent.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise invalid_message(f"Param {key} must be between 1 and {most} characters long")
    return value


def _sub(channel: str) -> int | None:
    return BAD_DATA if channel == "instagram" else None
