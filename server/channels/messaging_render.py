"""What we say → the wire form Messenger and Instagram share. Facts §6."""

from typing import Any

from server.domain import limits
from server.domain.inbound import Address
from server.domain.model import Channel
from server.domain.outgoing import Choices, Location, Outgoing, Text


def render(channel: Channel, outgoing: Outgoing, recipient: Address) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of the channel's would be broken."""
    if isinstance(outgoing, Location):
        outgoing = Text(words(outgoing))
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


def words(outgoing: Outgoing) -> str:
    """The text as it is sent, and as its echo says it."""
    if not isinstance(outgoing, Location):
        return outgoing.text
    link = f"https://maps.google.com/?q={outgoing.latitude},{outgoing.longitude}"
    return "\n".join(line for line in (outgoing.name, outgoing.address, link) if line)
