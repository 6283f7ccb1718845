"""Messenger: entries of `page` → items, and what we say → its wire form. Facts §3, §6."""

from typing import Any

from server.channels import messaging_render
from server.channels.fields import Json, mapping
from server.channels.messaging import read_entry as read_shared
from server.channels.messaging_items import Dialect, Event, account_news, watermark
from server.domain.inbound import Address, Inbound, Rejected
from server.domain.model import Channel, IdentityKind, MessageStatus
from server.domain.outgoing import Outgoing, Template


def read_entry(entry: Json, path: str) -> list[Inbound | Rejected]:
    return read_shared(entry, path, _DIALECT)


def render(
    outgoing: Outgoing, recipient: Address, local_id: str, tag: str | None = None, comment_id: str | None = None
) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of Messenger's would be broken."""
    body = messaging_render.render(Channel.MESSENGER, outgoing, recipient, tag, comment_id)
    if "message" in body:
        utility = isinstance(outgoing, Template)
        body["messaging_type"] = "UTILITY" if utility else body.get("messaging_type", "RESPONSE")
        if utility:
            body.pop("tag", None)
        # Comes back in the echo: how a send whose answer was lost is found again.
        body["message"]["metadata"] = local_id
    return body


def _read_receipt(event: Event) -> Inbound | Rejected:
    return watermark(event, MessageStatus.READ, mapping(event.item, "read"))


def _template_status(event: Event) -> Inbound | Rejected:
    # One word for one thing on every channel.
    return account_news(event, "message_template_status_update", event.item)


def _labels(event: Event) -> Inbound | Rejected:
    return account_news(event, "inbox_labels", event.item)


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
    changes={
        "messenger_template_status_update": _template_status,
        "message_template_status_update": _template_status,
        "inbox_labels": _labels,
    },
)  # fmt: skip
