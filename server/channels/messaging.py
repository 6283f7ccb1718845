"""What Messenger and Instagram have in common: entries of `messaging[]`, `standby[]` and `changes[]`. Facts §3, §4."""

from collections.abc import Callable
from typing import Any

import msgspec

from server.channels import clean
from server.channels.fields import Json, Malformed, digest, identifier, key, mapping, objects, required, text, when
from server.channels.place import Place, read_alone, wrapped
from server.domain.inbound import Address, EchoItem, Inbound, MessageItem, Referral, Rejected, Sender, WatermarkItem
from server.domain.model import Channel, IdentityKind, MessageStatus
from server.domain.quarantine import Reason

Read = Callable[["Event"], Inbound | Rejected]

# Shown by their own name with what they carry; the members Meta names them by.
_SHOWN = (
    "optin", "account_linking", "pass_thread_control", "take_thread_control", "request_thread_control",
    "response_feedback", "order",
)  # fmt: skip
_MESSAGE_MEMBERS = ("attachments", "commands", "is_unsupported", "is_self")


class Dialect(msgspec.Struct, frozen=True):
    """Where the two channels differ."""

    channel: Channel
    object: str
    identity: IdentityKind
    # A read receipt names a message on Instagram and a moment on Messenger.
    read_receipt: Read
    # The fields of `changes[]` whose value is an item of `messaging[]`.
    fields: frozenset[str]
    # The others we understand.
    changes: dict[str, Read] = {}


class Event(msgspec.Struct, frozen=True):
    """One item of `messaging[]` and where it was."""

    item: Json
    place: Place
    dialect: Dialect
    entry_time: Any
    standby: bool = False

    def at(self) -> Any:
        return when(self.item.get("timestamp"), self.entry_time)

    def person(self, name: str = "sender") -> Sender:
        value = identifier(mapping(self.item, name), "id")
        if not value or value == self.place.account_id:
            raise Malformed(f"{name} is nobody we could answer")
        return Sender(addresses=(Address(self.dialect.identity, value),))

    def unkeyed(self, kind: str) -> str:
        """The once-key of what has no id of its own."""
        sender = identifier(mapping(self.item, "sender"), "id")
        return key(kind, sender, text(self.item, "timestamp"), digest(clean.dump(self.item))[:32])

    def message(
        self, kind: str, *, once: str, provider_id: str | None = None, said: str = "", payload: str | None = None,
        body: Json | None = None, reply_to: str | None = None, referral: Referral | None = None,
        sender: Sender | None = None,
    ) -> MessageItem:  # fmt: skip
        place = self.place
        return MessageItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw, key=once,
            at=self.at(), sender=sender or self.person(), provider_id=provider_id, kind=kind, text=said,
            payload=payload, body=body or {}, reply_to=reply_to, referral=referral, standby=self.standby,
        )  # fmt: skip


def read_entry(entry: Json, path: str, dialect: Dialect) -> list[Inbound | Rejected]:
    names = [name for name in ("messaging", "standby", "changes") if name in entry]
    found: list[Inbound | Rejected] = []
    for name in names:
        items = entry[name]
        if not isinstance(items, list):
            place = _place(entry, dialect, f"{path}.{name}", b'"%b":' % name.encode(), items, b"")
            found.append(place.reject(Reason.MALFORMED, f"{name} is not an array"))
            continue
        for position, item in enumerate(items):
            where = f"{path}.{name}[{position}]"
            place = _place(entry, dialect, where, b'"%b":[' % name.encode(), item, b"]")
            if name == "changes":
                found.append(read_alone(_change_reader(entry, dialect), item, place))
            else:
                found.append(read_alone(_item_reader(entry, dialect, standby=name == "standby"), item, place))
    if "field" in entry:
        # Some Instagram deliveries put the change on the entry itself.
        change = {name: entry[name] for name in ("field", "value") if name in entry}
        found.append(read_alone(_change_reader(entry, dialect), change, _whole(entry, dialect, path)))
    return found or [_whole(entry, dialect, path).reject(Reason.UNKNOWN_KIND, "nothing known in entry")]


def _item_reader(entry: Json, dialect: Dialect, *, standby: bool) -> Callable[[Json, Place], Inbound | Rejected]:
    return lambda item, place: _read_item(Event(item, place, dialect, entry.get("time"), standby))


def _change_reader(entry: Json, dialect: Dialect) -> Callable[[Json, Place], Inbound | Rejected]:
    def read(change: Json, place: Place) -> Inbound | Rejected:
        field = text(change, "field")
        reader = _read_item if field in dialect.fields else dialect.changes.get(field)
        if reader is None:
            return place.reject(Reason.UNKNOWN_FIELD, field[:64] or "field is missing")
        value = change.get("value")
        if not isinstance(value, dict):
            return place.reject(Reason.MALFORMED, "value is not an object")
        return reader(Event(value, place, dialect, entry.get("time"), field == "standby"))

    return read


def _read_item(event: Event) -> Inbound | Rejected:
    item = event.item
    if isinstance(item.get("message"), dict):
        return _message(event, item["message"])
    if "postback" in item:
        return _postback(event, mapping(item, "postback"))
    if "read" in item:
        return event.dialect.read_receipt(event)
    if "delivery" in item:
        return watermark(event, MessageStatus.DELIVERED, mapping(item, "delivery"))
    if "reaction" in item:
        return _reaction(event, mapping(item, "reaction"))
    if "message_edit" in item:
        return _edit(event, mapping(item, "message_edit"))
    for name in _SHOWN:
        if name in item:
            shown = item[name] if isinstance(item[name], dict) else {name: item[name]}
            return event.message(name, once=event.unkeyed(name), body=shown)
    if "referral" in item:
        return _referral_alone(event, mapping(item, "referral"))
    members = sorted(set(item) - {"sender", "recipient", "timestamp"})
    if "message" in item:
        return event.place.reject(Reason.MALFORMED, "message is not an object")
    return event.place.reject(Reason.UNKNOWN_KIND, ", ".join(members)[:64] or "empty")


def _message(event: Event, message: Json) -> Inbound | Rejected:
    provider_id = required(message, "mid")
    kind = _kind(message)
    body = {name: message[name] for name in _MESSAGE_MEMBERS if name in message}
    if story := mapping(mapping(message, "reply_to"), "story"):
        body["story"] = story
    place = event.place
    if message.get("is_echo") is True or identifier(mapping(event.item, "sender"), "id") == place.account_id:
        return EchoItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("echo" if kind != "deleted" else "echo-deleted", provider_id), at=event.at(),
            recipient=event.person("recipient"), provider_id=provider_id, kind=kind, text=text(message, "text"),
            body=body, app_id=identifier(message, "app_id") or None, metadata=text(message, "metadata") or None,
        )  # fmt: skip
    if kind == "deleted":
        # The id is the deleted message's own, which keeps it.
        return event.message(kind, once=key(kind, provider_id), reply_to=provider_id, body={"mid": provider_id})
    return event.message(
        kind, once=key("message", provider_id), provider_id=provider_id, said=text(message, "text"),
        payload=text(mapping(message, "quick_reply"), "payload") or None, body=body,
        reply_to=identifier(mapping(message, "reply_to"), "mid") or None,
        referral=referral(mapping(message, "referral")),
    )  # fmt: skip


def _kind(message: Json) -> str:
    if message.get("is_deleted") is True:
        return "deleted"
    if message.get("is_unsupported") is True:
        return "unsupported"
    if mapping(message, "quick_reply"):
        return "quick_reply"
    if text(message, "text"):
        return "text"
    if attachments := objects(message, "attachments"):
        return text(attachments[0], "type")[:64] or "attachment"
    if mapping(message, "referral"):
        return "referral"
    # Instagram announces stickers and some shares with nothing but an id.
    return "unsupported"


def _postback(event: Event, postback: Json) -> Inbound | Rejected:
    provider_id = identifier(postback, "mid")
    payload = text(postback, "payload")
    return event.message(
        "postback", once=key("message", provider_id) if provider_id else event.unkeyed("postback"),
        provider_id=provider_id or None, said=text(postback, "title"), payload=payload or None, body=postback,
        referral=referral(mapping(postback, "referral")),
    )  # fmt: skip


def _referral_alone(event: Event, found: Json) -> Inbound | Rejected:
    lead = mapping(event.item, "lead")
    body = found | ({"lead": lead} if lead else {})
    return event.message("referral", once=event.unkeyed("referral"), body=body, referral=referral(found))


def _reaction(event: Event, reaction: Json) -> Inbound | Rejected:
    about = required(reaction, "mid")
    said = text(reaction, "emoji") or text(reaction, "reaction")
    return event.message("reaction", once=event.unkeyed("reaction"), said=said, body=reaction, reply_to=about)


def _edit(event: Event, edit: Json) -> Inbound | Rejected:
    about = required(edit, "mid")
    once = key("edit", about, text(edit, "num_edit")) if text(edit, "num_edit") else event.unkeyed("edit")
    return event.message("edit", once=once, said=text(edit, "text"), body=edit, reply_to=about)


def watermark(event: Event, status: MessageStatus, receipt: Json) -> Inbound | Rejected:
    until = when(receipt.get("watermark"))
    place, sender = event.place, event.person()
    return WatermarkItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=key(status.value, sender.addresses[0].value, text(receipt, "watermark")),
        at=when(event.item.get("timestamp"), event.entry_time, receipt.get("watermark")),
        sender=sender, status=status, watermark=until,
    )  # fmt: skip


def referral(found: Json) -> Referral | None:
    if not found:
        return None
    context = mapping(found, "ads_context_data")
    product = mapping(found, "product")
    source = text(found, "source").lower() or ("product" if product else "unknown")
    return Referral(
        # One word for one thing on every channel: WhatsApp says 'ad', these say 'ADS'.
        source="ad" if source == "ads" else source,
        source_id=text(found, "ad_id") or text(product, "id") or text(found, "ref") or None,
        click_id=None,
        headline=text(context, "ad_title") or None,
        body=found,
    )


def _place(entry: Json, dialect: Dialect, path: str, head: bytes, item: Any, tail: bytes) -> Place:
    start = b'{"object":"%b","entry":[{"id":%b,"time":%b,' % (
        dialect.object.encode(), clean.dump(entry.get("id")), clean.dump(entry.get("time"))
    )  # fmt: skip
    return Place(dialect.channel, _account_id(entry), path, wrapped(start + head, item, tail + b"}]}"))


def _whole(entry: Json, dialect: Dialect, path: str) -> Place:
    raw = b'{"object":"%b","entry":[%b]}' % (dialect.object.encode(), clean.dump(entry))
    return Place(dialect.channel, _account_id(entry), path, raw)


def _account_id(entry: Json) -> str:
    return text(entry, "id")[:512]
