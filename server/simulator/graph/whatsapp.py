"""WhatsApp sends: what Meta accepts (facts §5), turned into what the customer's phone shows."""

from typing import Any

from server.simulator.graph import limits, refusals
from server.simulator.threads import Option

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
        return _interactive(limits.mapping(body, "interactive", "interactive"))
    if kind in MEDIA:
        return _media(kind, limits.mapping(body, kind, kind))
    if kind == "location":
        return _location(limits.mapping(body, "location", "location"))
    if kind == "template":
        return _template(limits.mapping(body, "template", "template"))
    if kind == "contacts":
        people = limits.sequence(body, "contacts", "contacts", most=257)
        return {"kind": "contacts", "text": ", ".join(str(_name(person)) for person in people)}
    if kind == "reaction":
        reaction = limits.mapping(body, "reaction", "reaction")
        target = limits.text(reaction, "message_id", "reaction['message_id']", most=512)
        return {"kind": "reaction", "text": str(reaction.get("emoji", "")), "reply_to": target}
    raise refusals.invalid(f"Param type must be one of the supported message types, not '{kind}'.")


def _interactive(content: dict[str, Any]) -> Shown:
    kind = content.get("type")
    long_body = kind == "list"
    path = "interactive['body']['text']"
    body = limits.text(limits.mapping(content, "body", "interactive['body']"), "text", path, most=_most(long_body))
    line: Shown = {"kind": "choices", "text": body, "footer": "", "header": ""}
    if content.get("footer") is not None:
        footer = limits.mapping(content, "footer", "footer")
        line["footer"] = limits.text(footer, "text", "interactive['footer']['text']", most=60)
    if content.get("header") is not None:
        line["header"] = _header(limits.mapping(content, "header", "header"), text_only=kind == "list")
    action = limits.mapping(content, "action", "interactive['action']") if kind in ACTIONS else {}
    return line | ACTIONS.get(str(kind), _refuse_kind)(action)


def _most(long_body: bool) -> int:
    return 4096 if long_body else 1024


def _header(header: dict[str, Any], *, text_only: bool) -> str:
    if header.get("type") == "text":
        return limits.text(header, "text", "interactive['header']['text']", most=60)
    if text_only:
        raise refusals.wrong_value("Only a text header is allowed on a list message.")
    return ""


def _buttons(action: dict[str, Any]) -> Shown:
    buttons = limits.sequence(action, "buttons", "buttons", most=3)
    replies = [limits.mapping(button, "reply", "button['reply']") for button in buttons]
    options = [
        Option(
            id=limits.text(reply, "id", "button['reply']['id']", most=256),
            title=_title(reply, "Button title", most=20),
        )
        for reply in replies
    ]
    limits.unique([option.id for option in options], "button ids")
    limits.unique([option.title for option in options], "button titles")
    return {"style": "buttons", "options": options}


def _list(action: dict[str, Any]) -> Shown:
    label = _title(action, "List button", most=20, key="button")
    sections = limits.sequence(action, "sections", "sections", most=10)
    options: list[Option] = []
    for section in sections:
        name = limits.optional_text(section, "title", "section['title']", most=24)
        if not name and len(sections) > 1:
            raise refusals.wrong_value("Section title is required when there is more than one section.")
        for row in limits.sequence(section, "rows", "rows", most=10):
            options.append(
                Option(
                    id=limits.text(row, "id", "row['id']", most=200),
                    title=_title(row, "Row title", most=24),
                    description=limits.optional_text(row, "description", "row['description']", most=72),
                    section=name,
                )
            )
    if len(options) > 10:
        raise refusals.wrong_value("Total row count exceed max allowed count: 10.")
    limits.unique([option.id for option in options], "row ids")
    return {"style": "list", "options": options, "button": label}


def _link(action: dict[str, Any]) -> Shown:
    parameters = limits.mapping(action, "parameters", "action['parameters']")
    title = _title(parameters, "Link", most=20, key="display_text")
    url = limits.text(parameters, "url", "parameters['url']", most=2000)
    return {"style": "link", "options": [Option(id="", title=title, url=url)]}


def _plain(_: dict[str, Any]) -> Shown:
    return {"style": None}


def _refuse_kind(_: dict[str, Any]) -> Shown:
    raise refusals.wrong_value("Param interactive['type'] is not a supported interactive type.")


def _title(parent: dict[str, Any], name: str, *, most: int, key: str = "title") -> str:
    title = parent.get(key)
    if title is None:
        raise refusals.missing(key)
    if not isinstance(title, str) or not 1 <= len(title) <= most:
        raise refusals.wrong_value(f"{name} length invalid. Min length: 1, Max length: {most}")
    return title


def _media(kind: str, content: dict[str, Any]) -> Shown:
    if not content.get("id") and not content.get("link"):
        raise refusals.missing(f"{kind}['id'] or {kind}['link']")
    caption = limits.optional_text(content, "caption", f"{kind}['caption']", most=1024) if kind in CAPTIONED else ""
    detail = {key: str(content[key]) for key in ("id", "link", "filename") if content.get(key)}
    return {"kind": kind, "text": caption, "detail": detail}


def _location(content: dict[str, Any]) -> Shown:
    for key in ("latitude", "longitude"):
        if content.get(key) is None:
            raise refusals.missing(f"location['{key}']")
        try:
            float(content[key])
        except (TypeError, ValueError):
            raise refusals.wrong_value(f"Param location['{key}'] must be a number.") from None
    detail = {key: str(content[key]) for key in ("latitude", "longitude", "address") if content.get(key) is not None}
    return {"kind": "location", "text": str(content.get("name") or ""), "detail": detail}


def _template(content: dict[str, Any]) -> Shown:
    name = limits.text(content, "name", "template['name']", most=512)
    code = limits.text(limits.mapping(content, "language", "template['language']"), "code", "language", most=20)
    values = [
        str(parameter.get("text", ""))
        for component in content.get("components") or []
        for parameter in component.get("parameters") or []
        if parameter.get("type") == "text"
    ]
    return {"kind": "template", "text": " · ".join([name, *values]), "detail": {"name": name, "language": code}}


def _name(person: dict[str, Any]) -> object:
    return (person.get("name") or {}).get("formatted_name", "")


ACTIONS = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _plain,
    "request_contact_info": _plain,
}
