"""What we say → the wire form Messenger and Instagram share. Facts §6."""

from typing import Any

from server.domain import limits
from server.domain.inbound import Address
from server.domain.model import Channel
from server.domain.outgoing import Choices, Location, Outgoing, Text


def render(channel: Channel, outgoing: Outgoing, recipient: Address) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of the channel's would be broken."""
    if isinstance(outgoing, Location):
        outgoing = Text(_directions(outgoing))
    limits.check(channel, outgoing)
    message: dict[str, Any] = {"text": outgoing.text}
    body: dict[str, Any] = {"recipient": {"id": recipient.value}, "message": message}
    if isinstance(outgoing, Choices):
        message["quick_replies"] = [
            {"content_type": "text", "title": each.title, "payload": each.id} for each in outgoing.options
        ]
    elif outgoing.reply_to:
        body["reply_to"] = {"mid": outgoing.reply_to}
    return body


def _directions(place: Location) -> str:
    link = f"https://maps.google.com/?q={place.latitude},{place.longitude}"
    return "\n".join(line for line in (place.name, place.address, link) if line)
