"""Facts about SLA timers."""

from datetime import datetime

from server.domain.events.base import Fact
from server.domain.model import SlaTarget


class SlaStarted(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaPaused(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    remaining_seconds: int


class SlaResumed(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaWarned(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime


class SlaBreached(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    due_at: datetime
    noticed_at: datetime


class SlaMet(Fact, frozen=True):
    timer_id: int
    target: SlaTarget
    met_at: datetime
