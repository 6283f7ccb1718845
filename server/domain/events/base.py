"""What every fact is, and a stored one."""

from datetime import datetime
from typing import Any

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    """The base; the kind is the class name."""


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
