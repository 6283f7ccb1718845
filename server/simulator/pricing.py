"""What a message costs (facts §5.1), as WhatsApp's statuses tell it."""

import time
from collections import Counter
from typing import Any

from server.simulator.threads import Line, Thread

FREE_MESSAGES = 1000
FREE_ENTRY_SECONDS = 72 * 3600


class Prices:
    """Service messages cost since October 2026, but for the first thousand a number delivers in a calendar month."""

    def __init__(self) -> None:
        self._delivered: Counter[tuple[str, str]] = Counter()

    def of(self, thread: Thread, line: Line, *, count: bool) -> dict[str, Any]:
        category = str(line.detail.get("category") or "UTILITY").lower() if line.kind == "template" else "service"
        month = (thread.inbox.id, time.strftime("%Y-%m", time.gmtime()))
        if in_free_entry(thread):
            kind, category = "free_entry_point", "referral_conversion"
        elif category == "service" and self._delivered[month] < FREE_MESSAGES:
            kind = "free_customer_service"
        else:
            kind = "regular"
        if count and category == "service":
            self._delivered[month] += 1
        return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}

    def conversation(self, thread: Thread, *, with_end: bool) -> dict[str, Any] | None:
        """Told inside a free entry only."""
        if not in_free_entry(thread):
            return None
        known: dict[str, Any] = {"id": f"free-{thread.customer.id}", "origin": {"type": "referral_conversion"}}
        return known | {"expiration_timestamp": str(int(thread.free_entry_until or 0))} if with_end else known


def in_free_entry(thread: Thread) -> bool:
    """72 hours that begin when the business first answers somebody who came by an ad."""
    if thread.came_by_ad and thread.free_entry_until is None:
        thread.free_entry_until = time.time() + FREE_ENTRY_SECONDS
    return thread.free_entry_until is not None and time.time() < thread.free_entry_until
