"""One item of Messenger's and Instagram's `messaging[]`, and how it becomes an item of ours."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from server.channels import clean
from server.channels.content import Content
from server.channels.fields import Json, Malformed, digest, identifier, key, mapping, text, when
from server.channels.place import Place
from server.domain.inbound import Address, EchoItem, Inbound, MessageItem, Referral, Rejected, Sender
from server.domain.model import Channel, IdentityKind

Read = Callable[["Event"], Inbound | Rejected]


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

    def at(self) -> datetime:
        return when(self.item.get("timestamp"), self.entry_time)

    def person(self, name: str = "sender") -> Sender:
        value = identifier(mapping(self.item, name), "id")
        if not value or value == self.place.account_id:
            raise Malformed(f"{name} is nobody we could answer")
        return Sender(addresses=(Address(self.dialect.identity, value),))

    def is_ours(self) -> bool:
        """The business did it."""
        return identifier(mapping(self.item, "sender"), "id") == self.place.account_id

    def unkeyed(self, kind: str) -> str:
        """The once-key of what has no id of its own."""
        sender = identifier(mapping(self.item, "sender"), "id")
        return key(kind, sender, text(self.item, "timestamp"), digest(clean.dump(self.item))[:32])

    def said(
        self, content: Content, *, once: str, provider_id: str | None = None, message: Json | None = None,
        reply_to: str | None = None, referral: Referral | None = None, sender: Sender | None = None,
    ) -> MessageItem | EchoItem:  # fmt: skip
        """What a customer said or did; an echo where it was the business itself."""
        place, told = self.place, message or {}
        if told.get("is_echo") is True or (sender is None and self.is_ours()):
            return EchoItem(
                channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
                key=_as_echo(once), at=self.at(), recipient=self.person("recipient"), provider_id=provider_id,
                kind=content.kind, text=content.text, body=content.body, attachments=content.attachments,
                reply_to=reply_to, about=content.about, app_id=identifier(told, "app_id") or None,
                metadata=text(told, "metadata") or None,
            )  # fmt: skip
        return MessageItem(
            channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw, key=once,
            at=self.at(), sender=sender or self.person(), provider_id=provider_id, kind=content.kind,
            text=content.text, payload=content.payload, body=content.body, attachments=content.attachments,
            reply_to=reply_to, about=content.about, referral=referral, standby=self.standby,
        )  # fmt: skip


def referral_of(found: Json) -> Referral | None:
    if not found:
        return None
    context = mapping(found, "ads_context_data")
    product = mapping(found, "product")
    source = text(found, "source").lower() or ("product" if product else "unknown")
    return Referral(
        # One word for one thing on every channel: WhatsApp says 'ad', these say 'ADS'.
        source=_SOURCES.get(source, source),
        source_id=text(found, "ad_id") or text(product, "id") or text(found, "ref") or None,
        click_id=None,
        headline=text(context, "ad_title") or None,
        body=found,
    )


_SOURCES = {"ads": "ad", "igme-source-link": "shortlink"}


def _as_echo(once: str) -> str:
    """The same id in both roles takes effect in both."""
    kind, _, rest = once.partition(":")
    return key("echo" if kind == "message" else f"echo-{kind}", rest)
