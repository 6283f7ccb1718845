"""Facts about a conversation on its way: opened, with the bot, waiting, offered, owned, resolved."""

from datetime import datetime

from server.domain.events.base import Fact
from server.domain.model import Priority


class ConversationOpened(Fact, frozen=True):
    inbox_id: str
    contact_id: int


class ConversationReopened(Fact, frozen=True):
    resolved_at: datetime


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
