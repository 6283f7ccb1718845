"""Opening hours as arithmetic: business seconds between two moments, and the moment some of them later.

Hours are wall-clock times in the calendar's own zone. An hour the clock skips is never open; an hour it repeats
counts twice. Moments come and go as UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.compiled import Compiled
from server.domain.organisation import Calendar, Span

Opening = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
# A calendar that opens on no day of ten years never opens.
_FARTHEST_DAYS = 3660


def open_at(calendar: Calendar, now: datetime) -> bool:
    return any(opens <= now < closes for opens, closes in _openings(calendar, now, days=2))


def next_open(calendar: Calendar, now: datetime) -> datetime | None:
    """`now` when it is open, else the next opening; None when it never opens again."""
    for opens, closes in _openings(calendar, now):
        if closes > now:
            return max(opens, now)
    return None


def add(calendar: Calendar, start: datetime, seconds: float) -> datetime | None:
    """The moment when so many business seconds have passed since `start`; None when they never will."""
    left = timedelta(seconds=seconds)
    for opens, closes in _openings(calendar, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        if closes > begins:
            left -= closes - begins
    return None


def between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """The business seconds from `start` to `end`; 0 when `end` is not later."""
    total = timedelta()
    for opens, closes in _openings(calendar, start):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total.total_seconds()


class _Hours:
    """A calendar with its days turned into UTC openings as they are asked for."""

    def __init__(self, calendar: Calendar) -> None:
        self.zone = ZoneInfo(calendar.time_zone)
        self._spans: list[list[Span]] = [[] for _ in range(7)]
        for span in sorted(calendar.hours, key=lambda each: (each.weekday, each.opens)):
            self._spans[span.weekday].append(span)
        self._holidays = frozenset(calendar.holidays)
        self._days: dict[date, list[Opening]] = {}

    def of(self, day: date) -> list[Opening]:
        known = self._days.get(day)
        if known is None:
            known = [] if day in self._holidays else [self._opening(day, span) for span in self._spans[day.weekday()]]
            if len(self._days) > _FARTHEST_DAYS:
                self._days.clear()
            self._days[day] = known
        return known

    def _opening(self, day: date, span: Span) -> Opening:
        last = day + _DAY if span.closes == _MIDNIGHT else day
        return self._moment(day, span.opens, last=False), self._moment(last, span.closes, last=True)

    def _moment(self, day: date, at: time, *, last: bool) -> datetime:
        """The wall time as UTC: of a repeated one the first or last, for a skipped one the moment of the skip."""
        local = datetime.combine(day, at)
        early = local.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
        late = local.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if early <= late:
            return late if last else early
        return self._skip(late, early)

    def _skip(self, before: datetime, after: datetime) -> datetime:
        """The moment between the two at which the zone's clock jumps; jumps happen on whole seconds."""
        offset = before.astimezone(self.zone).utcoffset()
        low, high = 0, int((after - before).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            same = (before + timedelta(seconds=middle)).astimezone(self.zone).utcoffset() == offset
            low, high = (middle, high) if same else (low, middle)
        return before + timedelta(seconds=high)


_hours: Compiled[Calendar, _Hours] = Compiled(_Hours)


def _openings(calendar: Calendar, start: datetime, *, days: int = _FARTHEST_DAYS) -> Iterator[Opening]:
    """Openings in order, from the day before `start`'s (whose last may reach into it)."""
    hours = _hours(calendar)
    day = start.astimezone(hours.zone).date() - _DAY
    for _ in range(days + 1):
        yield from hours.of(day)
        day += _DAY
