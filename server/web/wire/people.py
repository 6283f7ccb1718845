"""Sessions, people and what was set aside."""

from datetime import datetime

from server.domain.model import Role
from server.web.wire.base import Struct


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
