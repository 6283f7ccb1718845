"""How the accounts stand at Meta, told to administrators and owners."""

from datetime import datetime

from server.domain.inbound import Severity
from server.domain.model import Channel
from server.web.wire.base import Struct


class Check(Struct, frozen=True, kw_only=True):
    """One thing looked at. `severity` null: all is well. `remedy`: what to do, where something is to be done."""

    what: str
    title: str
    words: str
    severity: Severity | None
    remedy: str | None = None
    # Since when, or when last.
    at: datetime | None = None


class InboxHealth(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    sector: str
    sector_name: str
    channel: Channel
    display: str
    severity: Severity | None
    checked_at: datetime | None
    checks: list[Check]


class AccountEvent(Struct, frozen=True, kw_only=True):
    """`lasting`: a state that is not over. `field` and `event` are Meta's own words."""

    id: str
    at: datetime
    severity: Severity
    words: str
    remedy: str | None
    field: str
    event: str
    inboxes: list[str]
    lasting: bool
    ended_at: datetime | None


class MetaHealth(Struct, frozen=True, kw_only=True):
    """`may_check`: the reader may have Meta asked anew."""

    as_of: datetime
    severity: Severity | None
    checks: list[Check]
    inboxes: list[InboxHealth]
    templates: list[AccountEvent]
    events: list[AccountEvent]
    may_check: bool


class Asked(Struct, frozen=True, kw_only=True):
    inbox: str
