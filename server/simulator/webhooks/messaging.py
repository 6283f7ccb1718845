"""What Messenger and Instagram tell a business: items of `messaging[]` (facts §3, §4)."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.threads import Line

Messaging = dict[str, Any]

PAGE_INBOX_APP = "26390203743090"
HOLDERS = {"page_inbox": PAGE_INBOX_APP, "business_agent": "1217981644879628"}


def message(
    customer: Customer, inbox: SimulatedInbox, line: Line, *, payload: str | None, referral: dict[str, Any] | None
) -> Messaging:
    content: dict[str, Any] = {"mid": line.id, "text": line.text}
    if payload is not None:
        content["quick_reply"] = {"payload": payload}
    if line.reply_to is not None:
        content["reply_to"] = {"mid": line.reply_to}
    if referral is not None:
        content["referral"] = referral
    return {**_from_customer(customer, inbox, line.at), "message": content}


def any_item(customer: Customer, inbox: SimulatedInbox, at: float, content: Messaging) -> Messaging:
    """What the customer did, or what Meta says of the thread."""
    return {**_from_customer(customer, inbox, at), **content}


def postback(
    customer: Customer, inbox: SimulatedInbox, line: Line, payload: str, referral: dict[str, Any] | None = None
) -> Messaging:
    content: dict[str, Any] = {"mid": line.id, "title": line.text, "payload": payload}
    if referral is not None:
        content["referral"] = referral
    return {**_from_customer(customer, inbox, line.at), "postback": content}


def referral(customer: Customer, inbox: SimulatedInbox, at: float, source: dict[str, Any]) -> Messaging:
    return {**_from_customer(customer, inbox, at), "referral": source}


def ad_source(ad_id: str, headline: str, *, with_context: bool) -> dict[str, Any]:
    source: dict[str, Any] = {"ref": "", "source": "ADS", "type": "OPEN_THREAD", "ad_id": ad_id}
    return source | {"ads_context_data": {"ad_title": headline}} if with_context else source


def link_source(ref: str) -> dict[str, Any]:
    return {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}


def echo(
    customer: Customer,
    inbox: SimulatedInbox,
    line: Line,
    *,
    app_id: str | None,
    metadata: str | None,
    attachments: list[Messaging] | None = None,
) -> Messaging:
    content: dict[str, Any] = {"mid": line.id, "is_echo": True}
    if app_id is not None:
        content["app_id"] = int(app_id)
    if metadata is not None:
        content["metadata"] = metadata
    if attachments:
        content["attachments"] = attachments
    if line.text:
        content["text"] = line.text
    return {**_from_business(customer, inbox, line.at), "message": content}


def from_business(customer: Customer, inbox: SimulatedInbox, at: float, content: Messaging) -> Messaging:
    return {**_from_business(customer, inbox, at), **content}


def delivery(customer: Customer, inbox: SimulatedInbox, at: float, mids: list[str], watermark: float) -> Messaging:
    told = {"mids": mids, "watermark": milliseconds(watermark)}
    return {**_from_customer(customer, inbox, at), "delivery": told}


def read_watermark(customer: Customer, inbox: SimulatedInbox, at: float, watermark: float) -> Messaging:
    return {**_from_customer(customer, inbox, at), "read": {"watermark": milliseconds(watermark)}}


def read_message(customer: Customer, inbox: SimulatedInbox, at: float, mid: str) -> Messaging:
    return {**_from_customer(customer, inbox, at), "read": {"mid": mid}}


def milliseconds(at: float) -> int:
    return round(at * 1000)


def _from_customer(customer: Customer, inbox: SimulatedInbox, at: float) -> Messaging:
    return {
        "sender": {"id": customer.identifier(inbox)},
        "recipient": {"id": inbox.external_id},
        "timestamp": milliseconds(at),
    }


def _from_business(customer: Customer, inbox: SimulatedInbox, at: float) -> Messaging:
    return {
        "sender": {"id": inbox.external_id},
        "recipient": {"id": customer.identifier(inbox)},
        "timestamp": milliseconds(at),
    }
