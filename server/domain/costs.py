"""What Meta charges for: the price of one message as a status tells it, and a month's sums. Facts §2.1, §5.1."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

# Service messages delivered free in each calendar month, for each business number.
FREE_SERVICE_MESSAGES = 1000

_SERVICE = "service"
_FREE = ("free_customer_service", "free_entry_point")
_LONGEST_WORD = 60


class Pricing(msgspec.Struct, frozen=True, kw_only=True):
    """`raw` is what Meta said; words that nobody knows yet are kept as they are."""

    category: str
    type: str | None
    billable: bool | None
    raw: dict[str, Any]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """So many messages were delivered under one price."""

    category: str
    type: str | None
    billable: bool | None
    count: int

    @property
    def charged(self) -> bool:
        """The type says it more surely than the flag."""
        if self.type is None:
            return bool(self.billable)
        return False if self.type in _FREE else self.type == "regular" or bool(self.billable)


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """`free_used` of `FREE_SERVICE_MESSAGES`; those within a free entry do not count towards it."""

    lines: tuple[Line, ...]
    delivered: int
    charged: int
    free_used: int
    free_left: int


def read(raw: object) -> Pricing | None:
    """The `pricing` of a status, as much of it as is there."""
    if not isinstance(raw, dict):
        return None
    category, type_, billable = _word(raw.get("category")), _word(raw.get("type")), raw.get("billable")
    if category is None:
        return None
    return Pricing(category=category, type=type_, billable=billable if isinstance(billable, bool) else None, raw=raw)


def free_entry_until(body: Mapping[str, Any]) -> datetime | None:
    """When Meta itself says the free entry ends: a `sent` status within one carries it."""
    conversation = body.get("conversation")
    ends = conversation.get("expiration_timestamp") if isinstance(conversation, dict) else None
    try:
        return datetime.fromtimestamp(int(str(ends)[:12]), UTC) if ends else None
    except (ValueError, OverflowError, OSError):
        return None


def tally(lines: Iterable[Line]) -> Month:
    ordered = tuple(sorted(lines, key=lambda each: (-each.count, each.category, each.type or "")))
    service = sum(each.count for each in ordered if each.category == _SERVICE and each.type != "free_entry_point")
    used = min(service, FREE_SERVICE_MESSAGES)
    return Month(
        lines=ordered,
        delivered=sum(each.count for each in ordered),
        charged=sum(each.count for each in ordered if each.charged),
        free_used=used,
        free_left=FREE_SERVICE_MESSAGES - used,
    )


def month_of(text: str, zone: str) -> tuple[datetime, datetime]:
    """A calendar month such as '2026-11' in a time zone: from and until. Raises `ValueError`."""
    begins = datetime.strptime(text, "%Y-%m").replace(tzinfo=ZoneInfo(zone))
    if len(text) != 7 or not 2009 <= begins.year <= 2200:
        raise ValueError(text)
    following = (begins.year + begins.month // 12, begins.month % 12 + 1)
    return begins, begins.replace(year=following[0], month=following[1])


def _word(value: object) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    return text.replace("\0", "")[:_LONGEST_WORD] or None
