"""A conversation as lists, offers and threads show it."""

from datetime import datetime
from typing import Any, Literal

from server.domain.model import Author, Channel, ConversationState, MessageStatus, Priority, SlaTarget, TimerState
from server.web.wire.attachments import Attachment
from server.web.wire.base import Named, Struct


class Contact(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    username: str | None


class LastMessage(Struct, frozen=True, kw_only=True):
    """`text` is at most 160 characters; `kind_name` says what it is where there are no words."""

    id: int
    author: Author
    kind: str
    kind_name: str
    text: str
    at: datetime
    status: MessageStatus | None


class Timer(Struct, frozen=True, kw_only=True):
    """An SLA timer at work: counted down, at rest, or overdue. A summary shows the next of them to expire."""

    target: SlaTarget
    state: TimerState
    due_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None


class Timers(Struct, frozen=True, kw_only=True):
    timers: list[Timer]


class PrivateReply(Struct, frozen=True, kw_only=True):
    """Of a comment, which is the last the customer said: until when it may be answered in private, and if it was."""

    until: datetime
    answered: bool


class Summary(Struct, frozen=True, kw_only=True):
    """A conversation as lists show it.

    `window_closes_at`: Meta's 24-hour window for free text. `people_until`: until then a person may still answer
    after it, where Meta granted that.
    """

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
    people_until: datetime | None
    private_reply: PrivateReply | None
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
    kind: str
    kind_name: str


class Referral(Struct, frozen=True, kw_only=True):
    source: str
    source_id: str | None
    headline: str | None
    body: dict[str, Any]


class Reaction(Struct, frozen=True, kw_only=True):
    emoji: str
    by: Literal["customer", "business"]


class Earlier(Struct, frozen=True, kw_only=True):
    """What a message said until it was edited at that time: at most 1,000 characters of it."""

    text: str
    replaced_at: datetime


class MessageMay(Struct, frozen=True, kw_only=True):
    """What Meta lets one do about it."""

    react: bool
    quote: bool


class Message(Struct, frozen=True, kw_only=True):
    """`kind` is a word of `domain.kinds`, `kind_name` its name for people; `body` has the shape that goes with it."""

    id: int
    conversation_id: int
    direction: Literal["inbound", "outbound"]
    author: Author
    author_name: str | None
    kind: str
    kind_name: str
    text: str
    body: dict[str, Any]
    at: datetime
    status: MessageStatus | None
    status_at: datetime | None
    failure: Failure | None
    uncertain: bool
    reply_to: Quoted | None
    referral: Referral | None
    edited_at: datetime | None
    # The oldest first, at most the newest five.
    earlier: list[Earlier]
    # Taken back: nothing of it is shown any more.
    revoked_at: datetime | None
    attachments: list[Attachment]
    reactions: list[Reaction]
    may: MessageMay


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
