"""What we say → WhatsApp's wire form. Facts §5."""

from typing import Any

from server.domain import limits
from server.domain.inbound import Address
from server.domain.model import Channel, IdentityKind
from server.domain.outgoing import Choices, Location, Outgoing, Text

# The label that opens a list is compulsory; flows give their own.
_OPEN = "Options"


def render(outgoing: Outgoing, recipient: Address, local_id: str) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of WhatsApp's would be broken."""
    limits.check(Channel.WHATSAPP, outgoing)
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if recipient.kind is IdentityKind.PHONE:
        body["to"] = f"+{recipient.value}"
    else:
        body["recipient"] = recipient.value
    # Comes back in every status: how a send whose answer was lost is found again.
    body["biz_opaque_callback_data"] = local_id
    if isinstance(outgoing, Text):
        if outgoing.reply_to:
            body["context"] = {"message_id": outgoing.reply_to}
        return body | {"type": "text", "text": {"body": outgoing.text, "preview_url": False}}
    if isinstance(outgoing, Choices):
        return body | {"type": "interactive", "interactive": _interactive(outgoing)}
    return body | {"type": "location", "location": _location(outgoing)}


def _interactive(choices: Choices) -> dict[str, Any]:
    if len(choices.options) <= limits.BUTTONS:
        buttons = [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in choices.options]
        return {"type": "button", "body": {"text": choices.text}, "action": {"buttons": buttons}}
    rows = [
        {"id": each.id, "title": each.title} | ({"description": each.description} if each.description else {})
        for each in choices.options
    ]
    action = {"button": choices.button or _OPEN, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": choices.text}, "action": action}


def _location(place: Location) -> dict[str, Any]:
    known: dict[str, Any] = {"latitude": place.latitude, "longitude": place.longitude, "name": place.name}
    return known | ({"address": place.address} if place.address else {})
