"""Messenger: entries of `page` → items, and what we say → its wire form. Facts §3, §6."""

from typing import Any

from server.channels import messaging_render
from server.channels.fields import Json, mapping
from server.channels.messaging import Dialect, Event, watermark
from server.channels.messaging import read_entry as read_shared
from server.domain.inbound import Address, Inbound, Rejected
from server.domain.model import Channel, IdentityKind, MessageStatus
from server.domain.outgoing import Outgoing


def read_entry(entry: Json, path: str) -> list[Inbound | Rejected]:
    return read_shared(entry, path, _DIALECT)


def render(outgoing: Outgoing, recipient: Address, local_id: str) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of Messenger's would be broken."""
    body = messaging_render.render(Channel.MESSENGER, outgoing, recipient)
    body["messaging_type"] = "RESPONSE"
    # Comes back in the echo: how a send whose answer was lost is found again.
    body["message"]["metadata"] = local_id
    return body


def _read_receipt(event: Event) -> Inbound | Rejected:
    return watermark(event, MessageStatus.READ, mapping(event.item, "read"))


_DIALECT = Dialect(
    channel=Channel.MESSENGER,
    object="page",
    identity=IdentityKind.PAGE_USER,
    read_receipt=_read_receipt,
    fields=frozenset({
        "messages", "message_echoes", "message_edits", "message_reactions", "message_reads", "message_deliveries",
        "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
        "messaging_policy_enforcement", "messaging_account_linking", "response_feedback", "send_cart",
    }),
)  # fmt: skip
