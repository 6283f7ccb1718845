"""The supervisor's figures, and where a conversation may go."""

from datetime import datetime

from server.domain.model import Presence
from server.web.wire.base import Named, NamedEntity, Struct


class ByPriority(Struct, frozen=True, kw_only=True):
    urgent: int
    high: int
    normal: int
    low: int


class SlaStanding(Struct, frozen=True, kw_only=True):
    """Conversations by their nearest timer."""

    ok: int
    due_soon: int
    breached: int


class BoardQueue(Struct, frozen=True, kw_only=True):
    """`unserved`: of those who wait, how many nobody online could take; `helpers`: who could, were they online."""

    id: str
    name: str
    sector: str
    sector_name: str
    waiting: int
    longest_wait_since: datetime | None
    by_priority: ByPriority
    offers_out: int
    unserved: int
    helpers: list[Named]
    sla: SlaStanding


class BoardAdvisor(Struct, frozen=True, kw_only=True):
    """`sectors` are those shared with the reader; `load` is the person's whole load."""

    id: int
    name: str
    sectors: list[str]
    presence: Presence
    presence_since: datetime
    load: int
    capacity: int
    offers: int


class Totals(Struct, frozen=True, kw_only=True):
    bot: int
    queued: int
    offered: int
    assigned: int


class Board(Struct, frozen=True, kw_only=True):
    """Figures as of `as_of`; read again when the socket says `board`."""

    as_of: datetime
    cursor: int
    queues: list[BoardQueue]
    advisors: list[BoardAdvisor]
    totals: Totals


class Colleague(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    presence: Presence
    load: int
    capacity: int


class TransferTargets(Struct, frozen=True, kw_only=True):
    queues: list[NamedEntity]
    advisors: list[Colleague]
