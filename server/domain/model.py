"""The vocabulary: one word per thing, the same in column, struct, event, API and CSS."""

from enum import StrEnum


class Channel(StrEnum):
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"


class ConversationState(StrEnum):
    BOT = "bot"
    QUEUED = "queued"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class OfferState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Presence(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    WRAP_UP = "wrap_up"
    OFFLINE = "offline"


class Role(StrEnum):
    ADVISOR = "advisor"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    ADVISOR = "advisor"
    SYSTEM = "system"
    # Typed on the business phone or in Meta's own inbox.
    BUSINESS = "business"


class MessageStatus(StrEnum):
    """Where an outbound message is; it only moves forward (see `domain.delivery`)."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DISCARDED = "discarded"


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Purpose(StrEnum):
    """Why something is sent; a sector without bots sends only the last three."""

    BOT = "bot"
    REPLY = "reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    OUT_OF_HOURS = "out_of_hours"


class SlaTarget(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class TimerState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class IdentityKind(StrEnum):
    PHONE = "phone"
    WHATSAPP_USER = "whatsapp_user"
    PAGE_USER = "page_user"
    INSTAGRAM_USER = "instagram_user"
