"""What a replay did, item by item: where it was, what became of it, and why. Never what it says."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from server.actions.arrivals import Arrival
from server.store.journal import JournalRow, NewQuarantine, Quarantined


class Fate(StrEnum):
    """What became of an item, or would."""

    APPLIED = "applied"
    # It took effect before: nothing to do.
    KNOWN = "already applied"
    REFUSED = "still refused"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One item: where it was, what it is, and why it is refused. Never what it says."""

    fate: Fate
    journal_id: int | None
    # None for an item of the journal that was never set aside.
    quarantine_id: int | None = None
    received_at: datetime
    inbox: str | None
    path: str
    what: str
    why: str = ""


class Replayed(msgspec.Struct):
    applied: int = 0
    # Still not understood, or still refused; they stay in quarantine.
    left: int = 0
    # Of the journal: they took effect long ago.
    known: int = 0

    def count(self, steps: Sequence[Step]) -> None:
        fates = Counter(each.fate for each in steps)
        self.applied += fates[Fate.APPLIED]
        self.left += fates[Fate.REFUSED]
        self.known += fates[Fate.KNOWN]

    def count_aside(self, steps: Sequence[Step]) -> None:
        """An item set aside counts once, however much was in it."""
        if any(each.fate is Fate.REFUSED for each in steps):
            self.left += 1
        else:
            self.applied += 1


def step(
    row: JournalRow, arrival: Arrival, taken: set[tuple[str, str]], why: str, quarantine_id: int | None = None
) -> Step:
    fate = Fate.REFUSED if why else Fate.APPLIED
    if (arrival.inbox.id, arrival.item.key) in taken:
        fate = Fate.KNOWN
    return Step(
        fate=fate, journal_id=row.id or None, quarantine_id=quarantine_id, received_at=row.received_at,
        inbox=arrival.inbox.id, path=arrival.item.path, what=_what(arrival), why=why,
    )  # fmt: skip


def refused(item: Quarantined, found: NewQuarantine) -> Step:
    why = f"{found.reason}: {found.detail}" if found.detail else str(found.reason)
    return Step(
        fate=Fate.REFUSED, journal_id=item.journal_id, quarantine_id=item.id, received_at=item.received_at,
        inbox=found.inbox_id, path=found.path or item.path, what="item", why=why,
    )  # fmt: skip


def nothing(item: Quarantined) -> Step:
    return Step(
        fate=Fate.REFUSED, journal_id=item.journal_id, quarantine_id=item.id, received_at=item.received_at,
        inbox=item.inbox_id, path=item.path, what="item", why="nothing in it is understood",
    )  # fmt: skip


def _what(arrival: Arrival) -> str:
    item = arrival.item
    detail = getattr(item, "kind", None) or getattr(item, "status", None) or getattr(item, "field", None)
    tag = str(type(item).__struct_config__.tag)
    return f"{tag} {detail}" if detail else tag
