"""Opening hours as people write them: `sunday = "08:00-12:00, 16:00-20:00"`."""

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise

from server.domain.organisation import Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"\s*(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)\s*")
_MIDNIGHT = time(0)


def spans(hours: Mapping[str, object]) -> tuple[Span, ...]:
    """The week's spans; one that closes after midnight is cut there. Raises `ValueError` with the weekday first."""
    result: list[Span] = []
    for day, text in hours.items():
        if day not in WEEKDAYS:
            raise ValueError(day, f"is not a day: {', '.join(WEEKDAYS)}")
        weekday = WEEKDAYS.index(day)
        for part in str(text).split(","):
            opens, closes = _times(day, part)
            if opens < closes or closes == _MIDNIGHT:
                result.append(Span(weekday=weekday, opens=opens, closes=closes))
            else:
                result.append(Span(weekday=weekday, opens=opens, closes=_MIDNIGHT))
                result.append(Span(weekday=(weekday + 1) % 7, opens=_MIDNIGHT, closes=closes))
    result.sort(key=lambda span: (span.weekday, span.opens))
    for one, other in pairwise(result):
        if one.weekday == other.weekday and (one.closes == _MIDNIGHT or other.opens < one.closes):
            raise ValueError(WEEKDAYS[other.weekday], f"has hours that overlap at {other.opens:%H:%M}")
    return tuple(result)


def _times(day: str, part: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise ValueError(day, f"must read like '08:00-18:00', not '{part.strip()}'")
    first, second, third, fourth = map(int, match.groups())
    try:
        # 24:00 is how people write the end of a day.
        opens, closes = time(first, second), _MIDNIGHT if (third, fourth) == (24, 0) else time(third, fourth)
    except ValueError:
        raise ValueError(day, f"names a time that does not exist: '{part.strip()}'") from None
    if opens == closes != _MIDNIGHT:
        raise ValueError(day, "opens and closes at the same time")
    return opens, closes
