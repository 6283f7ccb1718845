"""Messenger and Instagram sends: what Meta accepts (facts §6), turned into what the customer's phone shows."""

from typing import Any

from server.simulator.graph import wording
from server.simulator.graph.refusals import invalid_message
from server.simulator.threads import Card, Option

BAD_DATA = 2534015
ATTACHMENTS = ("image", "video", "audio", "file")
OWN_POST = "MEDIA_SHARE"
HEART = "like_heart"
# A header, a body, and each of ten buttons by itself.
TEMPLATE_PARTS = 12
Shown = dict[str, Any]


def shown(channel: str, message: dict[str, Any], *, uploaded: bool = False) -> Shown:
    """The fields of a `Line` for a message; files are named under `detail.files`. Raises `Refusal`.

    `uploaded`: the file itself comes with the call.
    """
    if message.get("attachments") is not None:
        line = _album(message["attachments"])
    elif message.get("attachment"):
        line = _attachment(channel, message["attachment"], uploaded=uploaded)
    elif message.get("template") is not None:
        if message.keys() & {"text", "quick_replies"}:
            raise invalid_message("A utility message has nothing beside its template")
        line = _utility(channel, message["template"])
    else:
        line = _text(channel, message)
    replies = message.get("quick_replies")
    if replies is not None:
        line |= {"kind": "choices", "style": "quick_replies", "options": _quick_replies(channel, replies)}
    metadata = message.get("metadata")
    if metadata is not None and not (isinstance(metadata, str) and len(metadata) <= 1000):
        raise invalid_message("Param message[metadata] must be at most 1000 characters long.")
    return line


def _text(channel: str, message: dict[str, Any]) -> Shown:
    text = message.get("text")
    if not isinstance(text, str) or wording.is_empty(text):
        raise invalid_message("Message cannot be empty, must provide valid attachment or text", _sub(channel))
    if channel == "instagram" and len(text.encode()) > 1000:
        raise invalid_message("Length of param message[text] must be less than or equal to 1000 bytes", _sub(channel))
    if len(text) > 2000:
        raise invalid_message("Length of param message[text] must be less than or equal to 2000")
    return {"kind": "text", "text": text}


def _quick_replies(channel: str, replies: object) -> list[Option]:
    options = []
    for item in _objects(replies, "message[quick_replies]", 13):
        kind = item.get("content_type")
        if kind == "text":
            options.append(Option(id=_words(item, "payload", 1000), title=_words(item, "title", 20)))
        elif kind in ("user_phone_number", "user_email") and channel == "messenger":
            options.append(Option(id=kind, title=kind))
        else:
            raise invalid_message(f"Param content_type '{kind}' is not supported", _sub(channel))
    return options


def _album(attachments: object) -> Shown:
    """A grid of two to six images."""
    items = _objects(attachments, "message[attachments]", 6, least=2)
    if any(item.get("type") != "image" for item in items):
        raise invalid_message("Param message[attachments] may hold images only")
    return {"kind": "image", "detail": {"files": [_file("image", item.get("payload")) for item in items]}}


def _attachment(channel: str, attachment: object, *, uploaded: bool) -> Shown:
    if not isinstance(attachment, dict):
        raise invalid_message("Param message[attachment] must have a type and a payload", _sub(channel))
    kind, payload = str(attachment.get("type")), attachment.get("payload")
    if kind == HEART and channel == "instagram":
        return {"kind": "sticker", "text": "❤️"}
    if not isinstance(payload, dict):
        raise invalid_message("Param message[attachment] must have a type and a payload", _sub(channel))
    if kind == "template":
        return _template(payload)
    if kind == OWN_POST and channel == "instagram":
        return {"kind": "post", "text": _words(payload, "id", 100)}
    if kind not in ATTACHMENTS:
        raise invalid_message(f"Param message[attachment][type] '{kind}' is not supported", 2018047)
    return {"kind": kind, "detail": {"files": [_file(kind, payload, uploaded=uploaded)]}}


def _file(kind: str, payload: object, *, uploaded: bool = False) -> dict[str, str]:
    """Its address or the id of an upload."""
    if not isinstance(payload, dict):
        raise invalid_message("Attachment needs a payload", 2018008)
    url, number = str(payload.get("url") or ""), str(payload.get("attachment_id") or "")
    if not url and not number and not uploaded:
        raise invalid_message("Attachment needs a url or an attachment_id", 2018008)
    if url and not wording.is_address(url):
        raise invalid_message("Param url is not a valid URL", 2018008)
    return {"kind": kind, "url": url, "attachment_id": number}


def _template(payload: dict[str, Any]) -> Shown:
    kind = payload.get("template_type")
    if kind == "button":
        buttons = _objects(payload.get("buttons"), "buttons", 3)
        options = [_button(button) for button in buttons]
        return {"kind": "choices", "text": _words(payload, "text", 640), "style": "buttons", "options": options}
    if kind == "generic":
        elements = _objects(payload.get("elements"), "elements", 10)
        return {"kind": "cards", "cards": [_card(element) for element in elements]}
    raise invalid_message(f"Param template_type '{kind}' is not supported")


def _card(element: dict[str, Any]) -> Card:
    subtitle = element.get("subtitle")
    buttons = _objects(element.get("buttons") or [], "buttons", 3, least=0)
    tapped = element.get("default_action")
    if isinstance(tapped, dict):
        _address(tapped, "url")
    return Card(
        title=_words(element, "title", 80),
        subtitle=_words(element, "subtitle", 80) if subtitle else "",
        image=_address(element, "image_url") if element.get("image_url") else "",
        options=[_button(button) for button in buttons],
    )


def _utility(channel: str, template: object) -> Shown:
    if channel != "messenger" or not isinstance(template, dict):
        raise invalid_message("Param message[template] is not supported", _sub(channel))
    language = template.get("language")
    code = language.get("code") if isinstance(language, dict) else None
    if not isinstance(code, str) or not code:
        raise invalid_message("Param message[template][language][code] is required")
    components = _objects(template.get("components") or [], "message[template][components]", TEMPLATE_PARTS, least=0)
    detail = {"name": _words(template, "name", 512), "language": code, "components": components}
    return {"kind": "template", "text": detail["name"], "detail": detail}


def _button(button: dict[str, Any]) -> Option:
    title = _words(button, "title", 20)
    if button.get("type") == "web_url":
        return Option(id="", title=title, url=_address(button, "url"))
    if button.get("type") == "phone_number":
        return Option(id="", title=title, url=f"tel:{_words(button, 'payload', 40)}")
    if button.get("type") != "postback":
        raise invalid_message(f"Param button type '{button.get('type')}' is not supported")
    return Option(id=_words(button, "payload", 1000), title=title)


def _objects(value: object, path: str, most: int, *, least: int = 1) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise invalid_message(f"Param {path} must be an array of objects")
    if not least <= len(value) <= most:
        raise invalid_message(f"Param {path} must have between {least} and {most} items")
    return value


def _words(parent: dict[str, Any], key: str, most: int) -> str:
    value = parent.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= most or wording.is_empty(value):
        raise invalid_message(f"Param {key} must be between 1 and {most} characters long")
    return value


def _address(parent: dict[str, Any], key: str) -> str:
    url = _words(parent, key, 2000)
    if not wording.is_address(url):
        raise invalid_message(f"Param {key} is not a valid URL")
    return url


def _sub(channel: str) -> int | None:
    return BAD_DATA if channel == "instagram" else None
