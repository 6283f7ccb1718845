"""What happens on Messenger and Instagram that is no message (facts §3, §4)."""

import time
from typing import Any

from server.simulator.identifiers import new_digits
from server.simulator.kinds import messaging
from server.simulator.kinds.making import Made, Making
from server.simulator.webhooks.messaging import PAGE_INBOX_APP, link_source, milliseconds

Json = dict[str, Any]

# Meta's names of the reactions that have one.
REACTIONS = {"😀": "smile", "😠": "angry", "😢": "sad", "😮": "wow", "❤️": "love", "👍": "like", "👎": "dislike"}
HANDOVERS = {
    "pass": "pass_thread_control",
    "take": "take_thread_control",
    "request": "request_thread_control",
    "app_roles": "app_roles",
}
YEAR = 365 * 24 * 3600


def reaction(making: Making) -> Made:
    emoji = making.wish.emoji
    told: Json = {"mid": making.about(), "action": "react" if emoji else "unreact"}
    if emoji:
        told |= {"reaction": REACTIONS.get(emoji, "other"), "emoji": emoji}
    return Made(kind="reaction", text=emoji, silent=True, content={"reaction": told})


def edit(making: Making) -> Made:
    """Five edits at most; `num_edit` says which it is."""
    about = making.about(making.own())
    line = making.thread.line(about)
    words = making.words("I meant today's menu", "قصدت قائمة اليوم")
    told = {"mid": about, "text": words, "num_edit": (line.edits if line is not None else 0) + 1}
    return Made(kind="edit", text=words, silent=True, speaks=False, content={"message_edit": told})


def postback(making: Making) -> Made:
    """An ice breaker or a button of the persistent menu; `payload: "null"` leaves it out."""
    wish = making.wish
    title = wish.title or wish.text or "What are your hours?"
    told: Json = {"mid": making.line_id, "title": title, "payload": wish.payload or "HOURS"}
    if wish.referral is not None:
        told["referral"] = messaging.referral_of(making)
    if wish.standby:
        del told["payload"]
    return Made(kind="press", text=title, content={"postback": told})


def referral(making: Making) -> Made:
    """An existing thread was opened again: by an ad, else by a link."""
    wish = making.wish
    told = messaging.referral_of(making) if wish.referral is not None else link_source(wish.ref or "summer")
    return Made(kind="link", text=str(told.get("ref") or told.get("ad_id") or ""), content={"referral": told})


def lead(making: Making) -> Made:
    wish = making.wish
    fields = dict(wish.fields) or {"What is your name?": making.customer.name, "How many children?": "2"}
    told: Json = {
        "referral": {"source": "ADS", "type": wish.action or "LEAD_COMPLETE", "ad_id": wish.ad_id or "120200000000002"},
        "lead": {"data": [{"question": question, "answer": answer} for question, answer in fields.items()]},
    }
    return Made(kind="form", detail={"fields": fields}, content=told)


def optin(making: Making) -> Made:
    told: Json = {
        "type": "notification_messages",
        "payload": making.wish.payload or "WEEKLY_MENU",
        "title": making.wish.title or "Weekly menu",
        "notification_messages_token": new_digits(19),
        "notification_messages_frequency": "WEEKLY",
        "notification_messages_timezone": "Asia/Riyadh",
        "user_token_status": "NOT_REFRESHED",
        "token_expiry_timestamp": milliseconds(time.time() + YEAR),
    }
    if making.wish.ref:
        told = {"ref": making.wish.ref}
    return Made(kind="note", text="Opted in", detail={"note": "optin"}, content={"optin": told}, speaks=False)


def handover(making: Making) -> Made:
    wish = making.wish
    name = HANDOVERS.get(wish.action or "pass", "pass_thread_control")
    other = int(wish.app_id or PAGE_INBOX_APP)
    told: Json = {"previous_owner_app_id": None, "new_owner_app_id": other}
    if name == "request_thread_control":
        told = {"requested_owner_app_id": other}
    if name == "app_roles":
        told = {str(other): ["primary_receiver"]}
    elif wish.text:
        told["metadata"] = wish.text
    return Made(kind="note", silent=True, speaks=False, content={name: told})


def policy_enforcement(making: Making) -> Made:
    """Meta speaks to the page; no customer has said anything."""
    told = {"action": making.wish.action or "warning", "reason": making.wish.reason or "Messages are too repetitive."}
    return Made(kind="note", silent=True, speaks=False, content={"policy_enforcement": told})


def account_linking(making: Making) -> Made:
    told: Json = {"status": making.wish.action or "linked"}
    if told["status"] == "linked":
        told["authorization_code"] = new_digits(12)
    return Made(kind="note", text=told["status"], silent=True, speaks=False, content={"account_linking": told})


def response_feedback(making: Making) -> Made:
    told = {"feedback": making.wish.action or "Good", "mid": making.about(making.thread.from_business())}
    return Made(kind="note", silent=True, speaks=False, content={"response_feedback": told})


def order(making: Making) -> Made:
    items = list(making.wish.items) or [{"id": "box-week", "name": "Weekly lunch box", "quantity": 1, "price": 120}]
    told: Json = {"products": items, "currency": "SAR"}
    return Made(kind="order", text=making.wish.text, detail={"items": items}, content={"order": told})


def read(making: Making) -> Made:
    if making.inbox.channel == "instagram":
        told: Json = {"mid": making.about(making.thread.from_business())}
    else:
        told = {"watermark": milliseconds(time.time() - making.wish.age_seconds)}
    return Made(kind="read", silent=True, speaks=False, content={"read": told})


def comment(making: Making) -> Made:
    """A public comment: the private answer to it opens a thread."""
    wish, customer = making.wish, making.customer
    words = making.words("How much is it?", "بكم؟")
    number = wish.id or new_digits(17)
    media: Json = {"id": new_digits(17), "media_product_type": "FEED"}
    if wish.ad_id:
        media |= {"media_product_type": "AD", "ad_id": wish.ad_id, "ad_title": wish.title or "Dinner"}
    author = {"id": customer.identifier(making.inbox), "username": customer.handle}
    told = {"id": number, "text": words, "from": author, "media": media}
    if wish.reply_to:
        told["parent_id"] = wish.reply_to
    detail = {"comment": number}
    return Made(
        kind="comment", text=words, detail=detail, field="comments", whole=True, speaks=False, content=told
    )  # fmt: skip


def unknown_event(making: Making) -> Made:
    return Made(kind="unknown", silent=True, speaks=False, content={"telepathy": {"strength": 3}})
