"""What a screen starts from: the person, their inbox, lists, one thread."""

from datetime import datetime
from typing import Any

from server.domain.channel_limits import ChannelLimits
from server.domain.media_limits import MediaLimit
from server.domain.model import IdentityKind, Presence, Role
from server.web.wire.base import NamedEntity, Struct
from server.web.wire.conversation import FactLine, Message, Note, Offer, Referral, Summary, Timer
from server.web.wire.policy import Window


class Rights(Struct, frozen=True, kw_only=True):
    board: bool
    supervise: bool
    administer: bool
    converse: bool


class Me(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    email: str
    role: Role
    sectors: list[NamedEntity]
    presence: Presence
    presence_reason: str | None
    capacity: int
    load: int
    language: str
    preferences: dict[str, Any]
    rights: Rights
    csrf_token: str


class Inbox(Struct, frozen=True, kw_only=True):
    """The advisor's start: what I hold and what I am offered. Catch-up continues from `cursor`."""

    cursor: int
    now: datetime
    me: Me
    conversations: list[Summary]
    offers: list[Offer]


class ConversationPage(Struct, frozen=True, kw_only=True):
    conversations: list[Summary]
    next: str | None


class MessagePage(Struct, frozen=True, kw_only=True):
    messages: list[Message]
    more: bool


class Identity(Struct, frozen=True, kw_only=True):
    kind: IdentityKind
    label: str
    picture: str | None


class Label(Struct, frozen=True, kw_only=True):
    """`on`: this customer has it, in this sector."""

    id: str
    name: str
    on: bool


class Context(Struct, frozen=True, kw_only=True):
    identities: list[Identity]
    labels: list[Label]
    earlier: list[Summary]
    referral: Referral | None


class May(Struct, frozen=True, kw_only=True):
    reply: bool
    resolve: bool
    hand_back: bool
    transfer: bool
    take_over: bool
    reassign: bool
    note: bool


class Limits(ChannelLimits, frozen=True, kw_only=True):
    """What the channel takes; see `domain.channel_limits`."""

    media: dict[str, MediaLimit]


class Thread(Struct, frozen=True, kw_only=True):
    """One conversation opened: its newest 50 messages, ascending; `more` older ones exist."""

    cursor: int
    conversation: Summary
    timers: list[Timer]
    messages: list[Message]
    more: bool
    notes: list[Note]
    facts: list[FactLine]
    context: Context
    draft: str
    may: May
    limits: Limits
    window: Window
