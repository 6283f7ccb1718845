"""What a WhatsApp message says, by its `type`. A missing inner object leaves the kind, and a mark that says so."""

from collections.abc import Callable
from typing import Any, cast

from server.channels import whatsapp_shapes as shapes
from server.channels.content import Content, errors, missing, unsupported
from server.channels.fields import Json, identifier, mapping, number, present, rows, text
from server.channels.graph_errors import code_of
from server.channels.whatsapp_people import change_of
from server.domain.inbound import Attachment, IdentityChange
from server.domain.model import IdentityKind

# Our words for the answers of `interactive`, by Meta's.
_ANSWERS = {
    "button_reply": "button_reply",
    "list_reply": "list_reply",
    "nfm_reply": "form_reply",
    "call_permission_reply": "call_permission",
}


def read(kind: str, message: Json) -> Content:
    """A kind that Meta does not document is shown by its name: whoever sent it waits for an answer."""
    reader = _READERS.get(kind)
    return reader(kind, message) if reader else Content("unknown", body={"unknown": {"type": kind[:64]}})


def _text(kind: str, message: Json) -> Content:
    inner = message.get("text")
    return Content(kind, text(inner, "body")) if isinstance(inner, dict) else Content(kind, body=missing(kind))


def _media(kind: str, message: Json) -> Content:
    inner = mapping(message, kind)
    attachment = Attachment(
        kind=cast(Any, kind), media_id=identifier(inner, "id") or None, url=text(inner, "url") or None,
        mime_type=text(inner, "mime_type") or None, sha256=text(inner, "sha256") or None,
        name=text(inner, "filename") or None, voice=inner.get("voice") is True, animated=inner.get("animated") is True,
    )  # fmt: skip
    return Content(kind, text(inner, "caption"), body={} if inner else missing(kind), attachments=(attachment,))


def _shaped(shape: Callable[[Json], Json]) -> Callable[[str, Json], Content]:
    def reader(kind: str, message: Json) -> Content:
        inner = mapping(message, kind)
        found = shape(inner)
        return Content(kind, text(inner, "text"), body={kind: found} if found else missing(kind))

    return reader


def _contacts(kind: str, message: Json) -> Content:
    people = [shapes.contact(each) for each in rows(message, "contacts") if isinstance(each, dict)]
    people = [each for each in people if each]
    return Content(kind, body={"contacts": people} if people else missing(kind))


def _interactive(kind: str, message: Json) -> Content:
    inner = mapping(message, "interactive")
    answer = text(inner, "type")
    if answer not in _ANSWERS:
        return Content(kind, body={"interactive": {"type": answer[:64]}} if answer else missing(kind))
    word, chosen = _ANSWERS[answer], mapping(inner, answer)
    if not chosen:
        return Content(word, body=missing(answer))
    if word == "form_reply":
        return Content(word, text(chosen, "body"), body={"form": shapes.form(chosen)})
    if word == "call_permission":
        return Content(word, body={"call_permission": shapes.call_permission(chosen)})
    body = present(description=text(chosen, "description"))
    return Content(word, text(chosen, "title"), text(chosen, "id") or None, body)


def _button(kind: str, message: Json) -> Content:
    inner = mapping(message, "button")
    return Content(kind, text(inner, "text"), text(inner, "payload") or None, {} if inner else missing(kind))


def _reaction(kind: str, message: Json) -> Content:
    inner = mapping(message, "reaction")
    about = identifier(inner, "message_id") or None
    return Content(kind, text(inner, "emoji"), body={} if about else missing(kind), about=about)


def _system(kind: str, message: Json) -> Content:
    inner = mapping(message, "system")
    change = change_of(inner, message)
    told = {} if change is None else present(change=change.what, before=_said(change, 0), after=_said(change, 1))
    return Content(kind, text(inner, "body"), body={"system": told} if inner else missing(kind), change=change)


def _said(change: IdentityChange, side: int) -> str:
    """The number where it is about numbers, else the id."""
    found = (change.before, change.after)[side]
    if change.what == "number":
        found = tuple(each for each in found if each.kind is IdentityKind.PHONE)
    return found[0].value if found else ""


def _edit(kind: str, message: Json) -> Content:
    inner = mapping(message, "edit")
    about = identifier(inner, "original_message_id") or None
    changed = mapping(inner, "message")
    type = text(changed, "type")
    if type not in _READERS or type in ("edit", "revoke", "reaction", "system"):
        return Content(kind, body=missing("message"), about=about)
    # A file cannot be changed, only what was said beside it.
    content = read(type, changed)
    return Content(kind, content.text, content.payload, content.body, about=about)


def _revoke(kind: str, message: Json) -> Content:
    about = identifier(mapping(message, "revoke"), "original_message_id") or None
    return Content(kind, body={} if about else missing(kind), about=about)


def _unsupported(kind: str, message: Json) -> Content:
    code = next((code for each in errors_of(message) if (code := code_of(each)) is not None), None)
    return Content(kind, body=unsupported(text(mapping(message, "unsupported"), "type")[:64], code))


def errors_of(message: Json) -> list[Json]:
    return [each for each in rows(message, "errors") if isinstance(each, dict)]


def _welcome(kind: str, message: Json) -> Content:
    return Content("welcome")


def marks(body: Json, message: Json) -> Json:
    """The content with what was said about the message: forwarding, a product asked about, Meta's errors."""
    context = message.get("context")
    found: Json = {}
    if isinstance(context, dict):
        if context.get("frequently_forwarded") is True:
            found["forwarded"] = "often"
        elif context.get("forwarded") is True:
            found["forwarded"] = "once"
        product = mapping(context, "referred_product")
        if product:
            asked = {"catalog_id": identifier(product, "catalog_id"), "id": identifier(product, "product_retailer_id")}
            found["product"] = present(**asked)
    if "errors" in message and "unsupported" not in body and (told := errors(message)):
        found["errors"] = told
    return body | found if found else body


def call(item: Json) -> Content:
    """One of `calls[]`: somebody rings, or it is over."""
    event = text(item, "event")
    told = present(
        direction="out" if text(item, "direction") == "BUSINESS_INITIATED" else "in", event=event[:64],
        status=text(item, "status")[:64].lower(), seconds=number(item, "duration"),
    )  # fmt: skip
    return Content("call_ended" if event == "terminate" else "call", body={"call": told})


_READERS: dict[str, Callable[[str, Json], Content]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _media,
    "sticker": _media,
    "location": _shaped(shapes.location),
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _shaped(shapes.order),
    "reaction": _reaction,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
    "request_welcome": _welcome,
}
