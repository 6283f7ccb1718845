"""WhatsApp Cloud API: entries of `whatsapp_business_account` → items. Facts §2. `render` is the way out."""

from collections.abc import Callable
from typing import Any

from server.channels import clean, whatsapp_account, whatsapp_kinds
from server.channels.fields import Json, identifier, key, mapping, objects, required, text, when
from server.channels.graph_errors import failure_of
from server.channels.place import Place, read_alone, wrapped
from server.channels.whatsapp_handover import read_handover
from server.channels.whatsapp_people import Contacts, chooser, person, recipient
from server.channels.whatsapp_render import render
from server.domain.inbound import Choice, EchoItem, Inbound, MessageItem, PreferenceItem, Referral, Rejected, StatusItem
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
_HANDOVERS = "messaging_handovers"
_CONVERSING = {"messages", "smb_message_echoes", _STANDBY, "user_preferences", "calls"}
_CHOICES: dict[str, Choice] = {"stop": "stop", "resume": "resume", "signup": "signup"}


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
    if field not in _CONVERSING and field not in whatsapp_account.FIELDS and field != _HANDOVERS:
        return [alone.reject(Reason.UNKNOWN_FIELD, field[:64] or "field is missing")]
    value = change.get("value")
    if not isinstance(value, dict):
        return [alone.reject(Reason.MALFORMED, "value is not an object")]
    if field == _HANDOVERS:
        return [read_alone(read_handover, value, alone)]
    if field not in _CONVERSING:
        about = Place(alone.channel, whatsapp_account.account_of(entry, value), alone.path, alone.raw)
        return [read_alone(whatsapp_account.reader(field, entry.get("time")), value, about)]
    return _Change(entry, field, value, path).read() or [alone.reject(Reason.UNKNOWN_KIND, "nothing known in value")]


class _Change:
    """One `value`: what its items share."""

    def __init__(self, entry: Json, field: str, value: Json, path: str) -> None:
        self.entry = entry
        self.field = field
        self.value = value
        self.path = path
        self.contacts = Contacts(objects(value, "contacts"))
        metadata = mapping(value, "metadata")
        self.account_id = text(metadata, "phone_number_id")[:512]
        self.head = (
            b'{"object":"whatsapp_business_account","entry":[{"id":%b,"time":%b,"changes":[{"field":%b,'
            b'"value":{"messaging_product":"whatsapp","metadata":%b,'
        ) % tuple(map(clean.dump, (entry.get("id"), entry.get("time"), field, value.get("metadata"))))

    def read(self) -> list[Inbound | Rejected]:
        return [
            *self._each("messages", self._message),
            *self._each("statuses", self._status),
            *self._each("message_echoes", self._echo),
            *self._each("calls", self._call),
            *self._each("user_preferences", self._preference),
            *self._each("errors", self._error),
            *self._each("user_actions", self._action),
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
        content = whatsapp_kinds.read(required(message, "type"), message)
        if identifier(message, "group_id"):
            # Answering a group's message in the person's own chat would tell them what they did not ask there.
            return place.reject(Reason.UNKNOWN_KIND, "group message")
        provider_id = required(message, "id")
        return MessageItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("message", provider_id), at=when(message.get("timestamp")),
            sender=person(message, self.contacts.of(message), content.change), provider_id=provider_id,
            kind=content.kind, text=content.text, payload=content.payload,
            body=whatsapp_kinds.marks(content.body, message), attachments=content.attachments,
            reply_to=identifier(mapping(message, "context"), "id") or None, about=content.about,
            referral=_referral(mapping(message, "referral")), standby=self.field == _STANDBY, change=content.change,
        )  # fmt: skip

    def _echo(self, echo: Json, place: Place) -> Inbound | Rejected:
        content = whatsapp_kinds.read(required(echo, "type"), echo)
        provider_id = required(echo, "id")
        return EchoItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("echo", provider_id), at=when(echo.get("timestamp")), recipient=recipient(echo),
            provider_id=provider_id, kind=content.kind, text=content.text,
            body=whatsapp_kinds.marks(content.body, echo), attachments=content.attachments,
            reply_to=identifier(mapping(echo, "context"), "id") or None, about=content.about,
        )  # fmt: skip

    def _call(self, call: Json, place: Place) -> Inbound | Rejected:
        content = whatsapp_kinds.call(call)
        call_id = required(call, "id")
        if content.body["call"]["direction"] == "out":
            return whatsapp_account.read("calls", call, place, self.entry.get("time"))
        return MessageItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key(content.kind, call_id), at=when(call.get("timestamp"), self.entry.get("time")),
            sender=person(call, self.contacts.of(call)), provider_id=None, kind=content.kind, body=content.body,
            standby=self.field == _STANDBY,
        )  # fmt: skip

    def _preference(self, told: Json, place: Place) -> Inbound | Rejected:
        sender = chooser(told, self.contacts.of(told))
        category, value = text(told, "category")[:64] or "marketing_messages", _CHOICES.get(text(told, "value").lower())
        if value is None:
            return place.reject(Reason.UNKNOWN_KIND, f"preference {text(told, 'value')[:64]}")
        at = when(told.get("timestamp"), self.entry.get("time"))
        return PreferenceItem(
            channel=place.channel, account_id=place.account_id or text(self.entry, "id")[:512], path=place.path,
            raw=place.raw, key=key("preference", sender.addresses[0].value, category, value, f"{at.timestamp():.0f}"),
            at=at, sender=sender, category=category, value=value, detail=text(told, "detail")[:500],
        )  # fmt: skip

    def _status(self, status: Json, place: Place) -> Inbound | Rejected:
        provider_id = required(status, "id")
        name = required(status, "status")
        reached = _STATUSES.get(name)
        if reached is None:
            return place.reject(Reason.UNKNOWN_KIND, f"status {name[:64]}")
        at = when(status.get("timestamp"))
        whom = identifier(status, "recipient_user_id") or identifier(status, "recipient_id")
        kept = ("recipient_id", "recipient_user_id", "recipient_type", "conversation")
        return StatusItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
            key=key("status", provider_id, name, whom), at=at, provider_id=provider_id, status=reached,
            local_id=identifier(status, "biz_opaque_callback_data") or None,
            failure=failure_of((objects(status, "errors") or [{}])[0]) if reached is MessageStatus.FAILED else None,
            pricing=mapping(status, "pricing") or None, body={each: status[each] for each in kept if each in status},
        )  # fmt: skip

    def _error(self, error: Json, place: Place) -> Inbound | Rejected:
        return whatsapp_account.read("errors", error, place, self.entry.get("time"))

    def _action(self, action: Json, place: Place) -> Inbound | Rejected:
        return whatsapp_account.read("user_actions", action, place, self.entry.get("time"))


def _place_of(entry: Json, path: str) -> Place:
    raw = b'{"object":"whatsapp_business_account","entry":[%b]}' % clean.dump(entry)
    return Place(Channel.WHATSAPP, "", path, raw)


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
