"""What a customer or Meta told us, whatever the channel: the output of `channels`, the input of `actions.receive`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

from server.domain.model import Channel, IdentityKind, MessageStatus

# The time of news that Meta does not date; it counts from when we received it.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class Address(msgspec.Struct, frozen=True):
    """One identifier of a person. The scope (portfolio, page, account) is the inbox's and is added when stored."""

    kind: IdentityKind
    value: str


class Sender(msgspec.Struct, frozen=True):
    """The person; the most stable identifier first (a WhatsApp user id before a phone).

    `shared` is a number they gave for theirs: theirs if nobody else has it, and no evidence for joining two people.
    """

    addresses: tuple[Address, ...]
    name: str = ""
    username: str | None = None
    shared: Address | None = None


class Referral(msgspec.Struct, frozen=True):
    """How the customer came: an ad, a post, a short link."""

    source: str
    source_id: str | None = None
    click_id: str | None = None
    headline: str | None = None
    body: dict[str, Any] = {}


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is announced and still to be fetched, by id (WhatsApp) or by address.

    `sha256` is as Meta gave it. `ephemeral`: to be seen once, so nobody can fetch it. `undeclared`: Meta does not
    say whether it is a picture, a film or only a page.
    """

    kind: Literal["image", "video", "audio", "document", "sticker", "undeclared"]
    media_id: str | None = None
    url: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    name: str | None = None
    voice: bool = False
    animated: bool = False
    title: str | None = None
    ephemeral: bool = False


class IdentityChange(msgspec.Struct, frozen=True, kw_only=True):
    """WhatsApp tells that somebody is reached by other ids from now on; `hash` is the new identity key."""

    what: Literal["number", "user_id", "identity"]
    before: tuple[Address, ...] = ()
    after: tuple[Address, ...] = ()
    hash: str | None = None


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
    """A customer's message. `kind` is a word of `domain.kinds`; `body` has the shape that goes with it."""

    sender: Sender
    provider_id: str | None
    kind: str
    text: str = ""
    # The payload of a pressed button, quick reply, list row or postback.
    payload: str | None = None
    body: dict[str, Any] = {}
    attachments: tuple[Attachment, ...] = ()
    # The message this one quotes.
    reply_to: str | None = None
    # The message a reaction, an edit or a revocation takes effect on.
    about: str | None = None
    referral: Referral | None = None
    # Another app holds the thread: shown, never answered by a bot.
    standby: bool = False
    change: IdentityChange | None = None


class EchoItem(Item, frozen=True, kw_only=True, tag="echo"):
    """A message the business sent: by us (`metadata` carries our local id) or by a person elsewhere."""

    recipient: Sender
    provider_id: str | None
    kind: str
    text: str = ""
    body: dict[str, Any] = {}
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    about: str | None = None
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
    # Meta's own object.
    pricing: dict[str, Any] | None = None
    body: dict[str, Any] = {}


class WatermarkItem(Item, frozen=True, kw_only=True, tag="watermark"):
    """Everything we sent this person up to `watermark` was delivered or read.

    `provider_ids` are messages Meta names beside it: those need no comparison of its clock with ours.
    """

    sender: Sender
    status: MessageStatus
    watermark: datetime
    provider_ids: tuple[str, ...] = ()


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class AccountItem(Item, frozen=True, kw_only=True, tag="account"):
    """What Meta tells the business about its own account: templates, quality, limits, policy (facts §2.4).

    `account_id` may be a WhatsApp Business Account, which several inboxes share. `data` holds no customer's words.
    """

    field: str
    event: str
    severity: Severity = Severity.INFO
    data: dict[str, Any] = {}


Choice = Literal["stop", "resume", "signup"]


class PreferenceItem(Item, frozen=True, kw_only=True, tag="preference"):
    """What somebody wants to receive from the business from now on."""

    sender: Sender
    category: str
    value: Choice
    detail: str = ""


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


Inbound = MessageItem | EchoItem | StatusItem | WatermarkItem | AccountItem | PreferenceItem
