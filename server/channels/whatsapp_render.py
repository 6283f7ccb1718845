"""What we say → WhatsApp's wire form. Facts §5."""

from typing import Any

from server.channels import template_render
from server.channels.template_render import uploaded
from server.domain import limits
from server.domain.channel_limits import BUTTONS
from server.domain.inbound import Address
from server.domain.model import Channel, IdentityKind
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Choices,
    Contacts,
    Link,
    Location,
    Media,
    Option,
    Outgoing,
    Person,
    Reaction,
    Template,
    Text,
    kind_of,
)

Wire = dict[str, Any]

# The label that opens a list is compulsory; flows give their own.
_OPEN = "Options"


def render(
    outgoing: Outgoing, recipient: Address, local_id: str, tag: str | None = None, comment_id: str | None = None
) -> Wire:
    """The body of the send call. Raises `Invalid` where a limit of WhatsApp's would be broken.

    WhatsApp knows no tags and no comments: outside the window there are templates.
    """
    limits.check(Channel.WHATSAPP, outgoing)
    body: Wire = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if recipient.kind is IdentityKind.PHONE:
        body["to"] = f"+{recipient.value}"
    else:
        body["recipient"] = recipient.value
    # Comes back in every status: how a send whose answer was lost is found again.
    body["biz_opaque_callback_data"] = local_id
    if not isinstance(outgoing, Reaction) and outgoing.reply_to:
        body["context"] = {"message_id": outgoing.reply_to}
    kind, content = _content(outgoing)
    return body | {"type": kind, kind: content}


def _content(outgoing: Outgoing) -> tuple[str, Any]:
    match outgoing:
        case Text():
            return "text", {"body": outgoing.text, "preview_url": outgoing.preview}
        case Location():
            return "location", _given(
                latitude=outgoing.latitude, longitude=outgoing.longitude, name=outgoing.name, address=outgoing.address
            )
        case Contacts():
            return "contacts", [_person(each) for each in outgoing.contacts]
        case Media():
            return kind_of(outgoing), _media(outgoing)
        case Reaction():
            return "reaction", {"message_id": outgoing.about, "emoji": outgoing.emoji}
        case Template():
            return "template", template_render.template(outgoing)
        case Choices() | Link() | AskLocation() | AskContact():
            return "interactive", _interactive(outgoing)
        case _:
            raise TypeError(f"WhatsApp sends no {kind_of(outgoing)}")


def _media(media: Media) -> Wire:
    content: Wire = {"id": uploaded(media.media_id)} | _given(caption=media.caption)
    if kind_of(media) == "document":
        content |= _given(filename=media.name)
    return content | ({"voice": True} if media.voice else {})


def _person(person: Person) -> Wire:
    # Meta wants one more name beside the formatted one.
    shown: Wire = {"name": {"formatted_name": person.name, "first_name": person.name}}
    if person.phones:
        shown["phones"] = [{"phone": each.number, "type": each.type} for each in person.phones]
    if person.emails:
        shown["emails"] = [{"email": each, "type": "WORK"} for each in person.emails]
    return shown | ({"org": {"company": person.organisation}} if person.organisation else {})


def _interactive(outgoing: Choices | Link | AskLocation | AskContact) -> Wire:
    match outgoing:
        case Choices():
            listed = bool(outgoing.sections) or len(outgoing.options) > BUTTONS
            kind, action = ("list", _list(outgoing)) if listed else ("button", _buttons(outgoing.options))
        case Link():
            kind = "cta_url"
            action = {"name": kind, "parameters": {"display_text": outgoing.title, "url": outgoing.url}}
        case AskLocation():
            kind, action = "location_request_message", {"name": "send_location"}
        case AskContact():
            kind, action = "request_contact_info", {"name": "request_contact_info"}
    interactive: Wire = {"type": kind, "body": {"text": outgoing.text}, "action": action}
    if isinstance(outgoing, Choices | Link):
        if outgoing.header:
            interactive["header"] = {"type": "text", "text": outgoing.header}
        if outgoing.footer:
            interactive["footer"] = {"text": outgoing.footer}
    return interactive


def _buttons(options: tuple[Option, ...]) -> Wire:
    return {"buttons": [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in options]}


def _list(choices: Choices) -> Wire:
    sections: list[Wire] = [{"rows": _rows(choices.options)}] if choices.options else []
    sections += [_given(title=each.title) | {"rows": _rows(each.options)} for each in choices.sections]
    return {"button": choices.button or _OPEN, "sections": sections}


def _rows(options: tuple[Option, ...]) -> list[Wire]:
    return [{"id": each.id, "title": each.title} | _given(description=each.description) for each in options]


def _given(**fields: Any) -> Wire:
    return {name: value for name, value in fields.items() if value != ""}
