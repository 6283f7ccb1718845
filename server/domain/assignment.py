"""Whose turn it is: the order of a queue, and the advisor for the conversation at its head."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from server.domain.model import Presence, Priority
from server.domain.organisation import Queue

LONG_AGO = datetime.min.replace(tzinfo=UTC)
# An expiry noticed later than this was our outage, not the advisor's absence.
PUNCTUAL = timedelta(seconds=5)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting conversation. `declined` names the advisors who lately declined it or let an offer of it expire."""

    conversation_id: int
    sector_id: str
    skills: frozenset[str] = frozenset()
    declined: frozenset[int] = frozenset()


class Advisor(msgspec.Struct, frozen=True, kw_only=True):
    """`load` counts assigned conversations and pending offers; `idle_since` is when work last reached the person."""

    id: int
    sectors: frozenset[str]
    skills: frozenset[str] = frozenset()
    presence: Presence = Presence.ONLINE
    capacity: int = 4
    load: int = 0
    idle_since: datetime | None = None


class Choice(msgspec.Struct, frozen=True):
    """`considered` is the why ledger: one `{'advisor': id, 'why': word}` for everybody of the sector.

    The words: chosen, busier, idle_less_long, full, declined, away, wrap_up, offline, lacks:SKILL.
    """

    advisor: Advisor | None
    considered: list[dict[str, Any]]


def rank(entered_at: datetime, priority: Priority, queue: Queue) -> datetime:
    """The place in the queue, lowest first, then by conversation id.

    It never changes with time, so a later conversation overtakes by at most the difference of the head starts.
    """
    return entered_at - timedelta(seconds=queue.head_start_seconds.get(priority, 0))


def tells_of_absence(*, offered_at: datetime, expires_at: datetime, now: datetime, worked_at: datetime | None) -> bool:
    """Whether an offer that ran out was missed: not by somebody who took another or answered since it was made."""
    return now - expires_at < PUNCTUAL and (worked_at is None or worked_at < offered_at)


def choose(waiting: Candidate, advisors: Iterable[Advisor]) -> Choice:
    """The least loaded advisor who may take it; of equals who has been idle longest, then the lowest id."""
    sector, skills, declined = waiting.sector_id, waiting.skills, waiting.declined
    considered: list[dict[str, Any]] = []
    able: list[tuple[int, datetime, int, Advisor, dict[str, Any]]] = []
    for advisor in advisors:
        if sector not in advisor.sectors:
            continue
        entry: dict[str, Any] = {"advisor": advisor.id}
        considered.append(entry)
        if advisor.presence is not Presence.ONLINE:
            entry["why"] = advisor.presence.value
        elif not skills <= advisor.skills:
            entry["why"] = f"lacks:{min(skills - advisor.skills)}"
        elif advisor.load >= advisor.capacity:
            entry["why"] = "full"
        elif advisor.id in declined:
            entry["why"] = "declined"
        else:
            able.append((advisor.load, advisor.idle_since or LONG_AGO, advisor.id, advisor, entry))
    if not able:
        return Choice(None, considered)
    best = min(able)
    for each in able:
        each[4]["why"] = "busier" if each[0] > best[0] else "idle_less_long"
    best[4]["why"] = "chosen"
    return Choice(best[3], considered)
