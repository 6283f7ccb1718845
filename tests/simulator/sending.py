"""Sends to the simulator's businesses, as the product writes them."""

from typing import Any

from simulator.meta_side import Meta

CAFE = "106540000000101/messages"
SCHOOL = "109870000000201/messages"
DESK = "109870000000302/messages"
SARA = "+15550101142"


def text(body: str = "Welcome", **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": SARA, "type": "text", "text": {"body": body}, **more}


def whatsapp_body(kind: str, content: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": SARA, "type": kind, kind: content}


async def identifier(meta: Meta, customer: str, inbox: str) -> str:
    known = meta.world.customers.get(customer)
    assert known is not None
    return known.identifier(meta.world.inboxes[inbox])
