"""WhatsApp Cloud API: entries of `whatsapp_business_account` → items. Facts §2. `render` is the way out."""

from collections.abc import Callable
from typing import Any

from server.channels import clean, whatsapp_kinds
from server.channels.fields import Json, identifier, key, mapping, objects, required, text, when
from server.channels.graph_errors import failure_of
from server.channels.place import Place, read_alone, wrapped
from server.channels.whatsapp_people import Contacts, person, recipient
from server.channels.whatsapp_render import render
from server.domain.inbound import EchoItem, Inbound, MessageItem, Referral, Rejected, StatusItem
from server.domain.model import Channel, MessageStatus
from server.domain.quarantine import Reason

__all__ = ["read_entry", "render"]

_STATUSES = {
    each.value: each
    for each in (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.PLAYED,
                 MessageStatus.FAILED)
}  # fmt: skip
# Another app holds the chat: what comes on these fields is shown and never answered by a bot.
_STANDBY = "standby"
_MARKS: tuple[str, ...] = ("forwarded", "frequently_forwarded", "referred_product")
_CONVERSING = {"messages", "smb_message_echoes", _STANDBY}


def read_entry(entry: Json, path: str) -> list[Inbound | Rejected]:
    changes = entry.get("changes")
    if not isinstance(changes, list) or not changes:
        return [_place_of(entry, path).reject(Reason.MALFORMED, "changes is missing")]
    return [
        item
        for position, change in enumerate(changes)
        for item in _read_change(entry, change, f"{path}.changes[{position}]")
    ]


def _read_change(entry: Json, change: Any, path: str) -> list[Inbound | Rejected]:
    alone = _place_of({"id": entry.get("id"), "time": entry.get("time"), "changes": [change]}, path)
    if not isinstance(change, dict):
        return [alone.reject(Reason.MALFORMED, "not an object")]
    field = text(change, "field")
    if field not in _CONVERSING:
        return [alone.reject(Reason.UNKNOWN_FIELD, field[:64] or "field is missing")]
    value = change.get("value")
    if not isinstance(value, dict):
        return [alone.reject(Reason.MALFORMED, "value is not an object")]
    return _Change(entry, field, value, path).read() or [alone.reject(Reason.UNKNOWN_KIND, "nothing known in value")]


class _Change:
    """One `value`: what its items share."""

    def __init__(self, entry: Json, field: str, value: Json, path: str) -> None:
        self.field = field
        self.value = value
        self.path = path
        self.contacts = Contacts(objects(value, "contacts"))
        metadata = mapping(value, "metadata")
        self.account_id = text(metadata, "phone_number_id")[:512]
        self.head = (
            b'{"object":"whatsapp_business_account","entry":[{"id":%b,"changes":[{"field":%b,'
            b'"value":{"messaging_product":"whatsapp","metadata":%b,'
        ) % (clean.dump(entry.get("id")), clean.dump(field), clean.dump(value.get("metadata")))

    def read(self) -> list[Inbound | Rejected]:
        return [
            *self._each("messages", self._message),
            *self._each("statuses", self._status),
            *self._each("message_echoes", self._echo),
            *self._each("errors", self._unknown),
            *self._each("user_actions", self._unknown),
        ]

    def _each(self, name: str, read: Callable[[Json, Place], Inbound | Rejected]) -> list[Inbound | Rejected]:
        if name not in self.value:
            return []
        items = self.value[name]
        if not isinstance(items, list):
            place = self._place(name, b"", items, f"{self.path}.value.{name}", b"")
            return [place.reject(Reason.MALFORMED, f"{name} is not an array")]
        return [
            read_alone(read, item, self._place(name, b"[", item, f"{self.path}.value.{name}[{position}]", b"]"))
            for position, item in enumerate(items)
        ]

    def _place(self, name: str, opening: bytes, item: Any, path: str, closing: bytes) -> Place:
        contact = self.contacts.of(item)
        contacts = b'"contacts":[%b],' % clean.dump(contact) if contact else b""
        head = b'%b%b"%b":%b' % (self.head, contacts, name.encode(), opening)
        return Place(Channel.WHATSAPP, self.account_id, path, wrapped(head, item, closing + b"}}]}]}"))

    def _message(self, message: Json, place: Place) -> Inbound | Rejected:
        kind = required(message, "type")
        content = whatsapp_kinds.read(kind, message)
        if content is None:
            return place.reject(Reason.UNKNOWN_KIND, kind[:64])
        if identifier(message, "group_id"):
            # Answering a group's message in the person's own chat would tell them what they did not ask there.
            return place.reject(Reason.UNKNOWN_KIND, "group message")
        provider_id = required(message, "id")
        context = mapping(message, "context")
        return MessageItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("message", provider_id), at=when(message.get("timestamp")),
            sender=person(message, self.contacts.of(message)), provider_id=provider_id,
            kind=content.kind, text=content.text, payload=content.payload, body=_with_marks(content.body, message),
            reply_to=content.about or identifier(context, "id") or None,
            referral=_referral(mapping(message, "referral")), standby=self.field == _STANDBY,
        )  # fmt: skip

    def _echo(self, echo: Json, place: Place) -> Inbound | Rejected:
        kind = required(echo, "type")
        content = whatsapp_kinds.read(kind, echo)
        if content is None:
            return place.reject(Reason.UNKNOWN_KIND, kind[:64])
        provider_id = required(echo, "id")
        return EchoItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("echo", provider_id), at=when(echo.get("timestamp")), recipient=recipient(echo),
            provider_id=provider_id, kind=content.kind, text=content.text, body=_with_marks(content.body, echo),
        )  # fmt: skip

    def _status(self, status: Json, place: Place) -> Inbound | Rejected:
        provider_id = required(status, "id")
        name = required(status, "status")
        reached = _STATUSES.get(name)
        if reached is None:
            return place.reject(Reason.UNKNOWN_KIND, f"status {name[:64]}")
        at = when(status.get("timestamp"))
        whom = identifier(status, "recipient_user_id") or identifier(status, "recipient_id")
        kept = ("recipient_id", "recipient_user_id", "recipient_type", "conversation", "pricing")
        return StatusItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("status", provider_id, name, whom), at=at, provider_id=provider_id, status=reached,
            local_id=identifier(status, "biz_opaque_callback_data") or None,
            failure=failure_of((objects(status, "errors") or [{}])[0]) if reached is MessageStatus.FAILED else None,
            body={each: status[each] for each in kept if each in status},
        )  # fmt: skip

    def _unknown(self, item: Json, place: Place) -> Rejected:
        what = text(item, "action_type") or f"error {text(item, 'code')}"
        return place.reject(Reason.UNKNOWN_KIND, what[:64])


def _place_of(entry: Json, path: str) -> Place:
    raw = b'{"object":"whatsapp_business_account","entry":[%b]}' % clean.dump(entry)
    return Place(Channel.WHATSAPP, "", path, raw)


def _with_marks(body: Json, message: Json) -> Json:
    """The content with what was said about the message: forwarding, a referred product, Meta's errors."""
    context = mapping(message, "context")
    marks = {name: context[name] for name in _MARKS if name in context}
    if "errors" in message:
        marks["errors"] = message["errors"]
    return body | marks if marks else body


def _referral(referral: Json) -> Referral | None:
    if not referral:
        return None
    return Referral(
        source=text(referral, "source_type") or "unknown",
        source_id=text(referral, "source_id") or None,
        click_id=text(referral, "ctwa_clid") or None,
        headline=text(referral, "headline") or None,
        body=referral,
    )
