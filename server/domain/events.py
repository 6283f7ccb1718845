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


class MessageReacted(Fact, frozen=True):
    """A sign was put on a message, or taken away ('')."""

    message_id: int
    by: str
    emoji: str


class MessageEdited(Fact, frozen=True):
    message_id: int


class MessageRevoked(Fact, frozen=True):
    """Taken back by whoever said it: nothing of it is shown any more."""

    message_id: int


class AttachmentStored(Fact, frozen=True):
    """A file of a message is here now."""

    attachment_id: int
    message_id: int


class AttachmentFailed(Fact, frozen=True):
    """A file of a message will not come; the attachment says why."""

    attachment_id: int
    message_id: int


class Acknowledged(Fact, frozen=True):
    message_id: int


class BotPaused(Fact, frozen=True):
    reason: str


class BotResumed(Fact, frozen=True):
    """Whoever took the chat from the bot gave it back."""

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


class ContactLabelled(Fact, frozen=True):
    """Of the contact as this sector knows them; recorded in each of their open conversations there."""

    sector_id: str
    label: str


class ContactUnlabelled(Fact, frozen=True):
    sector_id: str
    label: str


class ContactChanged(Fact, frozen=True):
    """What is known of the customer: a name, a picture, an address."""


class IdentityChanged(Fact, frozen=True):
    """WhatsApp said so: 'number', 'user_id', or 'identity' (the app was set up anew, perhaps by somebody else)."""

    what: str


class ContactsMerged(Fact, frozen=True):
    """The customer is one we knew already. `goes_on_id`: this conversation ended, that one goes on; `took_up_id`: the
    other way round.
    """

    merge_id: int
    by: str
    goes_on_id: int | None = None
    took_up_id: int | None = None


class ContactsSeparated(Fact, frozen=True):
    """A merge was undone."""

    merge_id: int


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


class SendingPaused(Fact, frozen=True):
    """Stream 'inbox:ID': nothing leaves until the token is replaced, or until `resumes_at`. Intake goes on."""

    code: int
    title: str = ""
    resumes_at: datetime | None = None


class SendingResumed(Fact, frozen=True):
    """Stream 'inbox:ID'."""


class SendingAlarmed(Fact, frozen=True):
    """Stream 'inbox:ID': Meta refused something for the account's sake. Told once an hour for each code."""

    code: int
    subcode: int | None = None
    title: str = ""


class AccountAlerted(Fact, frozen=True):
    """Stream 'inbox:ID': Meta, or a detector of ours, says that the account needs somebody."""

    account_event_id: int
    severity: str


class MarketingStopped(Fact, frozen=True):
    """By the customer's own word, or known from Meta's refusal (`code`)."""

    category: str
    code: int | None = None


class MarketingResumed(Fact, frozen=True):
    category: str


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
