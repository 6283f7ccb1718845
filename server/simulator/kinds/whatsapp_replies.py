"""What customers choose and fill in on WhatsApp: buttons, lists, forms, orders, the permission to call (facts §2)."""

import json
from typing import Any

from server.simulator.kinds.making import Made, Making, typed


def button_reply(making: Making) -> Made:
    wish = making.wish
    reply = {"id": wish.id or "yes", "title": wish.title or "Yes"}
    return _interactive("button_reply", reply, reply["title"])


def list_reply(making: Making) -> Made:
    wish = making.wish
    reply = {"id": wish.id or "slot_19", "title": wish.title or "19:00"}
    if wish.description:
        reply["description"] = wish.description
    return _interactive("list_reply", reply, reply["title"])


def form_reply(making: Making) -> Made:
    wish = making.wish
    fields = dict(wish.fields) or {"name": making.customer.name, "guests": "4", "day": "2026-11-28", "terrace": True}
    answers = {"flow_token": wish.id or "unused", **fields}
    reply = {"name": wish.title or "flow", "body": "Sent", "response_json": json.dumps(answers, ensure_ascii=False)}
    made = _interactive("nfm_reply", reply, "")
    made.detail = {"fields": fields}
    return made


def call_permission(making: Making) -> Made:
    wish = making.wish
    reply: dict[str, Any] = {"response": wish.action or "accept", "response_source": "user_action"}
    if reply["response"] == "accept":
        reply["expiration_timestamp"] = 1_800_000_000
    return _interactive("call_permission_reply", reply, reply["response"])


def button(making: Making) -> Made:
    wish = making.wish
    title = wish.title or wish.text or "Confirm"
    return Made(
        kind="press", text=title, content=typed("button", {"payload": wish.payload or "CONFIRM", "text": title})
    )


def order(making: Making) -> Made:
    wish = making.wish
    items = list(wish.items) or [
        {"product_retailer_id": "coffee-cuban", "quantity": 2, "item_price": 16, "currency": "SAR"},
        {"product_retailer_id": "bass-grilled", "quantity": 1, "item_price": 82.5, "currency": "SAR"},
    ]
    part: dict[str, Any] = {"catalog_id": wish.id or "194836987003835", "product_items": items}
    if wish.text:
        part["text"] = wish.text
    return Made(kind="order", text=wish.text, detail={"items": items}, content=typed("order", part))


def _interactive(kind: str, reply: dict[str, Any], title: str) -> Made:
    shown = "form" if kind == "nfm_reply" else "press"
    return Made(kind=shown, text=title, content=typed("interactive", {"type": kind, kind: reply}))


KINDS = {
    "button_reply": button_reply,
    "list_reply": list_reply,
    "form_reply": form_reply,
    "call_permission": call_permission,
    "button": button,
    "order": order,
}
