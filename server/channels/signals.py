"""Read marks and typing signs in Meta's wire form. Facts §5, §6."""

from typing import Any

from server.domain.inbound import Address
from server.domain.model import Channel


def render(
    channel: Channel, kind: str, recipient: Address, provider_id: str | None, *, may_mark: bool, may_type: bool
) -> dict[str, Any] | None:
    """None where there is nothing to tell or it may not be told.

    WhatsApp shows typing only together with a read mark.
    """
    if channel is Channel.WHATSAPP:
        if provider_id is None or not may_mark or (kind == "typing" and not may_type):
            return None
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id}
        return body | ({"typing_indicator": {"type": "text"}} if kind == "typing" else {})
    if not (may_type if kind == "typing" else may_mark):
        return None
    return {"recipient": {"id": recipient.value}, "sender_action": "typing_on" if kind == "typing" else "mark_seen"}
