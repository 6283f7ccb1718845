"""What one item of Messenger and Instagram means: a message, an echo, a receipt, a tap. Facts §3, §4."""

from collections.abc import Callable

from server.channels import clean
from server.channels.account_severity import event_of, severity_of
from server.channels.content import Content, missing
from server.channels.fields import (
    Json,
    digest,
    identifier,
    key,
    mapping,
    number,
    objects,
    present,
    required,
    rows,
    text,
    when,
    when_or_none,
)  # fmt: skip
from server.channels.messaging_event import Dialect, Event, referral_of
from server.channels.messaging_message import read_message
from server.domain.inbound import UNDATED, AccountItem, Inbound, PreferenceItem, Rejected, WatermarkItem
from server.domain.model import MessageStatus
from server.domain.quarantine import Reason

__all__ = ["Dialect", "Event", "account_news", "read_item", "watermark"]

_HANDOVERS = {"pass_thread_control": "pass", "take_thread_control": "take", "request_thread_control": "request"}
# A receipt that names more is understood by its watermark.
_MOST_NAMED = 100
# Told to the page, not said by anybody.
_ACCOUNT = ("policy_enforcement", "app_roles", "inbox_labels")
# Meta's words for reactions that come without their sign.
_SIGNS = {
    "smile": "😆", "haha": "😆", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍", "dislike": "👎",
}  # fmt: skip
_NOTICES = {"STOP_NOTIFICATIONS": "stop", "RESUME_NOTIFICATIONS": "resume"}


def read_item(event: Event) -> Inbound | Rejected:
    item = event.item
    if isinstance(item.get("message"), dict):
        return read_message(event, item["message"])
    for name, reader in _READERS.items():
        if name in item:
            return reader(event, mapping(item, name))
    for name, action in _HANDOVERS.items():
        if name in item:
            return _handover(event, action, mapping(item, name))
    for name in _ACCOUNT:
        if name in item:
            return account_news(event, name, mapping(item, name))
    members = sorted(set(item) - {"sender", "recipient", "timestamp"})
    if "message" in item:
        return event.place.reject(Reason.MALFORMED, "message is not an object")
    return event.place.reject(Reason.UNKNOWN_KIND, ", ".join(members)[:64] or "empty")


def watermark(event: Event, status: MessageStatus, receipt: Json) -> Inbound | Rejected:
    until = when(receipt.get("watermark"))
    place, sender = event.place, event.person()
    return WatermarkItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=key(status.value, sender.addresses[0].value, text(receipt, "watermark")),
        at=when(event.item.get("timestamp"), event.entry_time, receipt.get("watermark")),
        sender=sender, status=status, watermark=until,
        provider_ids=tuple(each for each in rows(receipt, "mids") if isinstance(each, str) and each)[:_MOST_NAMED],
    )  # fmt: skip


def account_news(event: Event, field: str, value: Json) -> Inbound | Rejected:
    """What Meta tells the page or account about itself."""
    place, word = event.place, event_of(field, value)
    at = when_or_none(event.item.get("timestamp")) or when_or_none(event.entry_time) or UNDATED
    return AccountItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=key("account", field, str(int(at.timestamp())), digest(clean.dump(value))[:32]), at=at,
        field=field, event=word, severity=severity_of(field, word, value), data=value,
    )  # fmt: skip


def _postback(event: Event, postback: Json) -> Inbound | Rejected:
    provider_id = identifier(postback, "mid")
    content = Content(
        "postback", text(postback, "title"), text(postback, "payload") or None, {} if postback else missing("postback")
    )
    return event.said(
        content, once=key("message", provider_id) if provider_id else event.unkeyed("postback"),
        provider_id=provider_id or None, referral=referral_of(mapping(postback, "referral")),
    )  # fmt: skip


def _read(event: Event, receipt: Json) -> Inbound | Rejected:
    return event.dialect.read_receipt(event)


def _delivery(event: Event, receipt: Json) -> Inbound | Rejected:
    return watermark(event, MessageStatus.DELIVERED, receipt)


def _reaction(event: Event, reaction: Json) -> Inbound | Rejected:
    sign = text(reaction, "emoji") or _SIGNS.get(word := text(reaction, "reaction"), "❓" if word else "")
    if text(reaction, "action") == "unreact":
        sign = ""
    return event.said(Content("reaction", sign, about=required(reaction, "mid")), once=event.unkeyed("reaction"))


def _edit(event: Event, edit: Json) -> Inbound | Rejected:
    about = required(edit, "mid")
    once = key("edit", about, text(edit, "num_edit")) if text(edit, "num_edit") else event.unkeyed("edit")
    body = {} if "text" in edit else missing("text")
    return event.said(Content("edit", text(edit, "text"), body=body, about=about), once=once)


def _referral(event: Event, found: Json) -> Inbound | Rejected:
    lead = mapping(event.item, "lead") or mapping(found, "lead")
    kind, body = "referral", {} if found else missing("referral")
    if lead or text(found, "type").startswith("LEAD_"):
        answers = (
            present(question=text(each, "question"), answer=text(each, "answer")) for each in objects(lead, "data")
        )
        told = {"complete": text(found, "type") != "LEAD_INCOMPLETE", "answers": [each for each in answers if each]}
        kind, body = "lead", {"lead": told}
    return event.said(Content(kind, body=body), once=event.unkeyed("referral"), referral=referral_of(found))


def _optin(event: Event, optin: Json) -> Inbound | Rejected:
    if choice := _NOTICES.get(text(optin, "notification_messages_status")):
        return _preference(event, optin, choice)
    # Never the token that came with it: whoever has that may write.
    told = present(
        type=text(optin, "type"), title=text(optin, "title"), payload=text(optin, "payload"), ref=text(optin, "ref"),
        status=text(optin, "user_token_status"),
    )  # fmt: skip
    return event.said(Content("optin", body={"optin": told}), once=event.unkeyed("optin"))


def _preference(event: Event, optin: Json, choice: str) -> Inbound:
    place = event.place
    return PreferenceItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=event.unkeyed("preference"), at=event.at(), sender=event.person(), category="notification_messages",
        value="stop" if choice == "stop" else "resume", detail=text(optin, "title")[:500],
    )  # fmt: skip


def _account_linking(event: Event, linking: Json) -> Inbound | Rejected:
    # Not the authorisation code: it is a secret of the customer's.
    body = {"account_linking": present(status=text(linking, "status"))}
    return event.said(Content("account_linking", body=body), once=event.unkeyed("account_linking"))


def _feedback(event: Event, told: Json) -> Inbound | Rejected:
    content = Content("response_feedback", body=present(feedback=text(told, "feedback")))
    about = identifier(told, "mid") or None
    return event.said(content, once=event.unkeyed("response_feedback"), reply_to=about)


def _order(event: Event, order: Json) -> Inbound | Rejected:
    """A cart that was sent."""
    rows = objects(order, "products") or objects(order, "items")
    items = [
        present(
            id=identifier(each, "id") or identifier(each, "retailer_id"), name=text(each, "name"),
            quantity=number(each, "quantity"), price=number(each, "unit_price") or number(each, "price"),
            currency=text(each, "currency") or text(order, "currency"),
        )
        for each in rows
    ]  # fmt: skip
    told = present(catalog_id=identifier(order, "catalog_id"), items=[each for each in items if each])
    content = Content("order", text(order, "note"), body={"order": told} if told else missing("order"))
    return event.said(content, once=event.unkeyed("order"))


def _handover(event: Event, action: str, told: Json) -> Inbound | Rejected:
    body = present(
        action=action, from_app=identifier(told, "previous_owner_app_id"),
        to_app=identifier(told, "new_owner_app_id") or identifier(told, "requested_owner_app_id"),
        metadata=text(told, "metadata")[:500],
    )  # fmt: skip
    return event.said(Content("handover", body={"handover": body}), once=event.unkeyed("handover"))


_READERS: dict[str, Callable[[Event, Json], Inbound | Rejected]] = {
    "postback": _postback,
    "read": _read,
    "delivery": _delivery,
    "reaction": _reaction,
    "message_edit": _edit,
    "optin": _optin,
    "account_linking": _account_linking,
    "response_feedback": _feedback,
    "order": _order,
    "referral": _referral,
    "lead": lambda event, lead: _referral(event, {}),
}
