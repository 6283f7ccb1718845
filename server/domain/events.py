"""The facts, past tense. One kind, one struct; `data` of an event row is the struct as JSON.

A struct carries ids and decisions, never message text: events outlive erasure.
"""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import MessageStatus, Presence, Priority, SlaTarget


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    """The base; the kind is the class name."""


class ConversationOpened(Fact, frozen=True):
    inbox_id: str
    contact_id: int


class ConversationReopened(Fact, frozen=True):
    resolved_at: datetime


class MessageReceived(Fact, frozen=True):
    message_id: int


class MessageQueued(Fact, frozen=True):
    """A message of ours was written to the outbox."""

    message_id: int


class MessageEchoed(Fact, frozen=True):
    """The business wrote outside the console."""

    message_id: int


class MessageMoved(Fact, frozen=True):
    """A delivery status went forward."""

    message_id: int
    status: MessageStatus


class Acknowledged(Fact, frozen=True):
    message_id: int


class BotPaused(Fact, frozen=True):
    reason: str


class HandedOff(Fact, frozen=True):
    """Bot to people, with what the bot learnt."""

    reason: str
    summary: str = ""


class ConversationQueued(Fact, frozen=True):
    queue_id: str
    priority: Priority
    reason: str
    entered_at: datetime
    skills: tuple[str, ...] = ()


class PriorityChanged(Fact, frozen=True):
    before: Priority
    after: Priority
    reason: str


class OfferMade(Fact, frozen=True):
    offer_id: int
    advisor_id: int
    expires_at: datetime


class OfferAccepted(Fact, frozen=True):
    offer_id: int
    advisor_id: int


class OfferDeclined(Fact, frozen=True):
    offer_id: int
    advisor_id: int
    reason: str = ""


class OfferExpired(Fact, frozen=True):
    offer_id: int
    advisor_id: int


class OfferWithdrawn(Fact, frozen=True):
    offer_id: int
    advisor_id: int
    reason: str


class ConversationAssigned(Fact, frozen=True):
    advisor_id: int
    reason: str


class ConversationReleased(Fact, frozen=True):
    """The owner no longer holds it: handed back, transferred, taken over, resolved or lost."""

    advisor_id: int
    reason: str


class ConversationTransferred(Fact, frozen=True):
    to_queue_id: str | None = None
    to_advisor_id: int | None = None


class ConversationRead(Fact, frozen=True):
    message_id: int


class ConversationSnoozed(Fact, frozen=True):
    until: datetime


class ConversationResolved(Fact, frozen=True):
    pass


class NoteAdded(Fact, frozen=True):
    note_id: int


class SlaStarted(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaPaused(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    remaining_seconds: int


class SlaResumed(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaWarned(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaBreached(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime
    noticed_at: datetime


class SlaMet(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    met_at: datetime


class PresenceChanged(Fact, frozen=True):
    """Stream 'user:ID'."""

    presence: Presence
    reason: str = ""


class UserDeactivated(Fact, frozen=True):
    """Stream 'user:ID'; its sockets are cut."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One stored fact as processes hand it on. `actor` is 'user:ID', 'customer', 'bot' or 'system'."""

    id: int
    stream: str
    version: int
    kind: str
    at: datetime
    actor: str
    sector_id: str | None = None
    conversation_id: int | None = None
    user_id: int | None = None
    data: dict[str, Any] = {}
