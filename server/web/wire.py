"""What the console is sent, as structs: the API and the socket speak them alike."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from server.domain.limits import TextLimit
from server.domain.model import (
    Author,
    Channel,
    ConversationState,
    IdentityKind,
    MessageStatus,
    Presence,
    Priority,
    Role,
    SlaTarget,
    TimerState,
)


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Frozen and by keyword. Every field is sent, null included."""


class Named(Struct):
    id: int
    name: str


class NamedEntity(Struct):
    """A sector or queue: the organisation's entities have words for ids."""

    id: str
    name: str


class Contact(Struct):
    id: int
    name: str
    username: str | None


class LastMessage(Struct):
    """`text` is at most 160 characters."""

    id: int
    author: Author
    kind: str
    text: str
    at: datetime
    status: MessageStatus | None


class Timer(Struct):
    """The next SLA timer to expire, or one that is overdue."""

    target: SlaTarget
    state: TimerState
    due_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None


class Summary(Struct):
    """A conversation as lists show it. `window_closes_at`: Meta's 24-hour window for free text."""

    id: int
    version: int
    sector: str
    sector_name: str
    channel: Channel
    inbox: str
    inbox_name: str
    state: ConversationState
    priority: Priority
    queue: str | None
    queue_name: str | None
    owner: Named | None
    contact: Contact
    language: str
    last_message: LastMessage | None
    unread: int
    waiting_since: datetime | None
    opened_at: datetime
    last_message_at: datetime
    resolved_at: datetime | None
    window_closes_at: datetime | None
    timer: Timer | None


class Failure(Struct):
    """Why Meta refused: `words` for people, `act` what may help."""

    code: int | None
    title: str
    words: str
    act: Literal["retry", "template", "wait", "none"]


class Quoted(Struct):
    id: int
    text: str
    author: Author


class Referral(Struct):
    source: str
    source_id: str | None
    headline: str | None
    body: dict[str, Any]


class Message(Struct):
    id: int
    conversation_id: int
    direction: Literal["inbound", "outbound"]
    author: Author
    author_name: str | None
    kind: str
    text: str
    body: dict[str, Any]
    at: datetime
    status: MessageStatus | None
    status_at: datetime | None
    failure: Failure | None
    uncertain: bool
    reply_to: Quoted | None
    referral: Referral | None


class Note(Struct):
    id: int
    author: Named
    text: str
    at: datetime


class FactLine(Struct):
    """A fact worth a line in the thread; `words` tell it in the reader's language."""

    version: int
    kind: str
    at: datetime
    actor_name: str | None
    data: dict[str, Any]
    words: str


class Offer(Struct):
    """`wants`: the customer's last words. `why`: why this person, in a few words."""

    id: int
    conversation: Summary
    offered_at: datetime
    expires_at: datetime
    wants: str
    why: str


class Push(Struct, omit_defaults=True):
    """One committed fact with what it shows now. Only ids and decisions are in `data`, never message text."""

    id: int
    stream: str
    version: int
    kind: str
    at: datetime
    actor: str
    actor_name: str | None
    conversation_id: int | None
    data: dict[str, Any]
    conversation: Summary | None = None
    message: Message | None = None
    note: Note | None = None
    offer: Offer | None = None
    fact: FactLine | None = None


class Rights(Struct):
    board: bool
    supervise: bool
    administer: bool
    converse: bool


class Me(Struct):
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


class Inbox(Struct):
    """The advisor's start: what I hold and what I am offered. Catch-up continues from `cursor`."""

    cursor: int
    now: datetime
    me: Me
    conversations: list[Summary]
    offers: list[Offer]


class ConversationPage(Struct):
    conversations: list[Summary]
    next: str | None


class MessagePage(Struct):
    messages: list[Message]
    more: bool


class Identity(Struct):
    kind: IdentityKind
    label: str


class Context(Struct):
    identities: list[Identity]
    earlier: list[Summary]
    referral: Referral | None


class May(Struct):
    reply: bool
    resolve: bool
    hand_back: bool
    transfer: bool
    take_over: bool
    reassign: bool
    note: bool


class Limits(Struct):
    text: TextLimit


class Thread(Struct):
    """One conversation opened: its newest 50 messages, ascending; `more` older ones exist."""

    cursor: int
    conversation: Summary
    messages: list[Message]
    more: bool
    notes: list[Note]
    facts: list[FactLine]
    context: Context
    draft: str
    may: May
    limits: Limits


class Feed(Struct):
    """What was missed; or `resync`: too much, read a snapshot anew."""

    cursor: int
    events: list[Push] = []
    resync: bool = False
