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


class Named(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class NamedEntity(Struct, frozen=True, kw_only=True):
    """A sector or queue: the organisation's entities have words for ids."""

    id: str
    name: str


class Contact(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    username: str | None


class LastMessage(Struct, frozen=True, kw_only=True):
    """`text` is at most 160 characters."""

    id: int
    author: Author
    kind: str
    text: str
    at: datetime
    status: MessageStatus | None


class Timer(Struct, frozen=True, kw_only=True):
    """The next SLA timer to expire, or one that is overdue."""

    target: SlaTarget
    state: TimerState
    due_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None


class Summary(Struct, frozen=True, kw_only=True):
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


class Failure(Struct, frozen=True, kw_only=True):
    """Why Meta refused: `words` for people, `act` what may help."""

    code: int | None
    title: str
    words: str
    act: Literal["retry", "template", "wait", "none"]


class Quoted(Struct, frozen=True, kw_only=True):
    id: int
    text: str
    author: Author


class Referral(Struct, frozen=True, kw_only=True):
    source: str
    source_id: str | None
    headline: str | None
    body: dict[str, Any]


class Message(Struct, frozen=True, kw_only=True):
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


class Note(Struct, frozen=True, kw_only=True):
    id: int
    author: Named
    text: str
    at: datetime


class FactLine(Struct, frozen=True, kw_only=True):
    """A fact worth a line in the thread; `words` tell it in the reader's language."""

    version: int
    kind: str
    at: datetime
    actor_name: str | None
    data: dict[str, Any]
    words: str


class Offer(Struct, frozen=True, kw_only=True):
    """`wants`: the customer's last words. `why`: why this person, in a few words."""

    id: int
    conversation: Summary
    offered_at: datetime
    expires_at: datetime
    wants: str
    why: str


class Push(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class Context(Struct, frozen=True, kw_only=True):
    identities: list[Identity]
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


class Limits(Struct, frozen=True, kw_only=True):
    text: TextLimit


class Thread(Struct, frozen=True, kw_only=True):
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


class Feed(Struct, frozen=True, kw_only=True):
    """What was missed; or `resync`: too much, read a snapshot anew.

    `heads`: the newest event of each sector the reader sees as a whole, as beats carry them.
    """

    cursor: int
    events: list[Push]
    resync: bool
    heads: dict[str, int]


class ByPriority(Struct, frozen=True, kw_only=True):
    urgent: int
    high: int
    normal: int
    low: int


class SlaStanding(Struct, frozen=True, kw_only=True):
    """Conversations by their nearest timer."""

    ok: int
    due_soon: int
    breached: int


class BoardQueue(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    sector: str
    sector_name: str
    waiting: int
    longest_wait_since: datetime | None
    by_priority: ByPriority
    offers_out: int
    sla: SlaStanding


class BoardAdvisor(Struct, frozen=True, kw_only=True):
    """`sectors` are those shared with the reader; `load` is the person's whole load."""

    id: int
    name: str
    sectors: list[str]
    presence: Presence
    presence_since: datetime
    load: int
    capacity: int
    offers: int


class Totals(Struct, frozen=True, kw_only=True):
    bot: int
    queued: int
    offered: int
    assigned: int


class Board(Struct, frozen=True, kw_only=True):
    """Figures as of `as_of`; read again when the socket says `board`."""

    as_of: datetime
    cursor: int
    queues: list[BoardQueue]
    advisors: list[BoardAdvisor]
    totals: Totals


class Colleague(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    presence: Presence
    load: int
    capacity: int


class TransferTargets(Struct, frozen=True, kw_only=True):
    queues: list[NamedEntity]
    advisors: list[Colleague]


class QuarantineItem(Struct, frozen=True, kw_only=True):
    """`body` is the beginning of what came, as text; what is not ASCII is escaped."""

    id: int
    received_at: datetime
    created_at: datetime
    replayed_at: datetime | None
    sector: str | None
    inbox: str | None
    path: str
    reason: str
    detail: str
    body: str


class QuarantinePage(Struct, frozen=True, kw_only=True):
    items: list[QuarantineItem]
    next: int | None


class Session(Struct, frozen=True, kw_only=True):
    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    current: bool


class Sessions(Struct, frozen=True, kw_only=True):
    sessions: list[Session]


class User(Struct, frozen=True, kw_only=True):
    id: int
    email: str
    name: str
    role: Role
    active: bool
    sectors: list[str]
    has_password: bool
    seen_at: datetime | None


class Users(Struct, frozen=True, kw_only=True):
    users: list[User]


class Moved(Struct, frozen=True, kw_only=True):
    """A command's result: the conversation as it stands now."""

    conversation_id: int
    version: int
    state: ConversationState | None = None


class Replied(Struct, frozen=True, kw_only=True):
    message: Message
    version: int


class Change(Struct, frozen=True, kw_only=True):
    """What changed since a reply was begun."""

    kind: str
    at: datetime
    actor_name: str | None
    words: str
