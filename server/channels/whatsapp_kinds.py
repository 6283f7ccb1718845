"""What a WhatsApp message says, by its `type`. A missing or odd inner object leaves the kind and an empty text."""

from collections.abc import Callable

import msgspec

from server.channels.fields import Json, identifier, mapping, rows, text


class Content(msgspec.Struct, frozen=True):
    kind: str
    text: str = ""
    payload: str | None = None
    body: Json = {}
    # The message this one is about: reacted to, edited or revoked.
    about: str | None = None


def read(kind: str, message: Json) -> Content | None:
    """None when the kind is not one Meta documents."""
    reader = _READERS.get(kind)
    return reader(kind, message) if reader else None


def _text(kind: str, message: Json) -> Content:
    return Content(kind, text(mapping(message, "text"), "body"))


def _captioned(kind: str, message: Json) -> Content:
    inner = mapping(message, kind)
    return Content(kind, text(inner, "caption"), body=inner)


def _plain(kind: str, message: Json) -> Content:
    return Content(kind, body=mapping(message, kind))


def _contacts(kind: str, message: Json) -> Content:
    return Content(kind, body={"contacts": rows(message, "contacts")})


def _interactive(kind: str, message: Json) -> Content:
    inner = mapping(message, "interactive")
    answer = text(inner, "type")
    chosen = mapping(inner, answer)
    if answer not in ("button_reply", "list_reply", "nfm_reply", "call_permission_reply") or not chosen:
        return Content(kind, body=inner)
    said = text(chosen, "title") or text(chosen, "body") or text(chosen, "response")
    return Content(answer, said, text(chosen, "id") or None, chosen)


def _button(kind: str, message: Json) -> Content:
    inner = mapping(message, "button")
    return Content(kind, text(inner, "text"), text(inner, "payload") or None, inner)


def _order(kind: str, message: Json) -> Content:
    inner = mapping(message, "order")
    return Content(kind, text(inner, "text"), body=inner)


def _reaction(kind: str, message: Json) -> Content:
    inner = mapping(message, "reaction")
    return Content(kind, text(inner, "emoji"), body=inner, about=identifier(inner, "message_id") or None)


def _system(kind: str, message: Json) -> Content:
    inner = mapping(message, "system")
    return Content(kind, text(inner, "body"), body=inner)


def _edit(kind: str, message: Json) -> Content:
    inner = mapping(message, "edit")
    changed = mapping(inner, "message")
    content = read(text(changed, "type"), changed) if text(changed, "type") != "edit" else None
    return Content(kind, content.text if content else "", body=inner,
                   about=identifier(inner, "original_message_id") or None)  # fmt: skip


def _revoke(kind: str, message: Json) -> Content:
    inner = mapping(message, "revoke")
    return Content(kind, body=inner, about=identifier(inner, "original_message_id") or None)


_READERS: dict[str, Callable[[str, Json], Content]] = {
    "text": _text,
    "image": _captioned,
    "video": _captioned,
    "document": _captioned,
    "sticker": _captioned,
    "audio": _plain,
    "location": _plain,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "reaction": _reaction,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _plain,
    "request_welcome": _plain,
}
