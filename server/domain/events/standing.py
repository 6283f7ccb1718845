"""Facts about people at work and about accounts, each in a stream of its own."""

from datetime import datetime

from server.domain.events.base import Fact
from server.domain.model import Presence


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
