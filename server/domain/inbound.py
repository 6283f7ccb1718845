"""What a customer or Meta told us, whatever the channel: the output of `channels`, the input of `actions.receive`."""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import Channel, IdentityKind, MessageStatus


class Address(msgspec.Struct, frozen=True):
    """One identifier of a person. The scope (portfolio, page, account) is the inbox's and is added when stored."""

    kind: IdentityKind
    value: str


class Sender(msgspec.Struct, frozen=True):
    """The person; the most stable identifier first (a WhatsApp user id before a phone)."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str | None = None


class Referral(msgspec.Struct, frozen=True):
    """How the customer came: an ad, a post, a short link."""

    source: str
    source_id: str | None = None
    click_id: str | None = None
    headline: str | None = None
    body: dict[str, Any] = {}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a delivery. `path` says where in the body it was; `raw`, for the quarantine, is a delivery that
    holds this item alone: reading it again gives the item again.

    `account_id` is the receiving account on its channel: phone number id, page id or Instagram account id.
    `key` is unique within the inbox (facts §1) and decides that an item takes effect once.
    """

    channel: Channel
    account_id: str
    path: str
    raw: bytes
    key: str
    at: datetime


class MessageItem(Item, frozen=True, kw_only=True, tag="message"):
    """A customer's message. `kind` is Meta's own type name ('text', 'image', 'postback', …)."""

    sender: Sender
    provider_id: str | None
    kind: str
    text: str = ""
    # The payload of a pressed button, quick reply, list row or postback.
    payload: str | None = None
    body: dict[str, Any] = {}
    reply_to: str | None = None
    referral: Referral | None = None
    # Another app holds the thread: shown, never answered by a bot.
    standby: bool = False


class EchoItem(Item, frozen=True, kw_only=True, tag="echo"):
    """A message the business sent: by us (`metadata` carries our local id) or by a person elsewhere."""

    recipient: Sender
    provider_id: str | None
    kind: str
    text: str = ""
    body: dict[str, Any] = {}
    app_id: str | None = None
    metadata: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """Meta's own error: the numbers decide, the words are kept for people."""

    code: int
    subcode: int | None = None
    title: str = ""
    detail: str = ""


class StatusItem(Item, frozen=True, kw_only=True, tag="status"):
    """One message moved on. `local_id` is our own opaque id when Meta carried it back."""

    provider_id: str
    status: MessageStatus
    local_id: str | None = None
    failure: Failure | None = None
    body: dict[str, Any] = {}


class WatermarkItem(Item, frozen=True, kw_only=True, tag="watermark"):
    """Everything we sent this person up to `watermark` was delivered or read."""

    sender: Sender
    status: MessageStatus
    watermark: datetime


class Rejected(msgspec.Struct, frozen=True, kw_only=True, tag="rejected"):
    """What could not be understood: kept with its reason for people and for a replay after a fix.

    `reason` is one word of `domain.quarantine.Reason`; `detail` is for engineers and holds no customer text.
    """

    path: str
    raw: bytes
    reason: str
    detail: str = ""
    channel: Channel | None = None
    account_id: str | None = None


Inbound = MessageItem | EchoItem | StatusItem | WatermarkItem
