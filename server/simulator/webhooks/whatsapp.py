"""What WhatsApp tells a business: `value` contents of one message or one status (facts §2)."""

from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.threads import Line
from server.simulator.webhooks.items import phone_digits

Value = dict[str, list[dict[str, Any]]]


def text(line: Line) -> dict[str, Any]:
    return {"type": "text", "text": {"body": line.text}}


def pressed(asked: Line, option_id: str, title: str, description: str = "") -> dict[str, Any]:
    """The answer to reply buttons, to a list, or to a template's quick reply."""
    if asked.kind == "template":
        return {"type": "button", "button": {"payload": option_id, "text": title}}
    if asked.style == "list":
        row = {"id": option_id, "title": title} | ({"description": description} if description else {})
        return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": row}}
    reply = {"id": option_id, "title": title}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def ad_referral(source_id: str, headline: str, body: str, click_id: str) -> dict[str, Any]:
    return {
        "source_type": "ad",
        "source_id": source_id,
        "source_url": f"https://fb.me/{source_id[-8:]}",
        "headline": headline,
        "body": body,
        "media_type": "image",
        "image_url": "https://example.test/advertisement.jpg",
        "ctwa_clid": click_id,
    }


def message(
    customer: Customer,
    inbox: SimulatedInbox,
    line: Line,
    content: dict[str, Any],
    *,
    hides_phone: bool,
    referral: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
) -> Value:
    user_id = customer.identifier(inbox)
    item: dict[str, Any] = {"from_user_id": user_id, "id": line.id, "timestamp": str(int(line.at))}
    if not hides_phone:
        item = {"from": customer.phone, **item}
    if line.reply_to is not None:
        item["context"] = {"from": phone_digits(inbox.display), "id": line.reply_to}
    if context:
        item["context"] = item.get("context", {}) | context
    item |= content
    if referral is not None:
        item["referral"] = referral
    if content.get("type") == "system":
        # Says who by itself, and only as they were.
        return {"messages": [{"id": line.id, "timestamp": item["timestamp"]} | content]}
    return {"contacts": [contact(customer, inbox, hides_phone=hides_phone)], "messages": [item]}


def contact(customer: Customer, inbox: SimulatedInbox, *, hides_phone: bool) -> dict[str, Any]:
    profile = {"name": customer.name} | ({"username": customer.username} if customer.username else {})
    known: dict[str, Any] = {"profile": profile, "user_id": customer.identifier(inbox)}
    return known if hides_phone else known | {"wa_id": customer.phone}


def status(
    customer: Customer,
    inbox: SimulatedInbox,
    line: Line,
    name: str,
    at: float,
    *,
    hides_phone: bool,
    pricing: dict[str, Any] | None = None,
    conversation: dict[str, Any] | None = None,
    errors: list[dict[str, Any]] | None = None,
) -> Value:
    item: dict[str, Any] = {
        "id": line.id,
        "status": name,
        "timestamp": str(int(at)),
        "recipient_user_id": customer.identifier(inbox),
    }
    if not hides_phone:
        item["recipient_id"] = customer.phone
    if line.local_id is not None:
        item["biz_opaque_callback_data"] = line.local_id
    if conversation is not None:
        item["conversation"] = conversation
    if pricing is not None:
        item["pricing"] = pricing
    if errors is not None:
        return {"statuses": [item | {"errors": errors}]}
    return {"contacts": [contact(customer, inbox, hides_phone=hides_phone)], "statuses": [item]}


def business_phone_echo(
    customer: Customer, inbox: SimulatedInbox, line: Line, content: dict[str, Any] | None = None
) -> Value:
    """Typed by a person in the WhatsApp Business app on the same number (field `smb_message_echoes`)."""
    item: dict[str, Any] = {
        "from": phone_digits(inbox.display),
        "to": customer.phone,
        "to_user_id": customer.identifier(inbox),
        "id": line.id,
        "timestamp": str(int(line.at)),
        **(content or text(line)),
    }
    return {"message_echoes": [item]}
