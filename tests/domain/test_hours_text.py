"""Opening hours as people write them in the organisation folder."""

from datetime import time

import pytest

from server.domain.hours_text import spans
from server.domain.organisation import Span


def span(weekday: int, opens: int, closes: int) -> Span:
    return Span(weekday=weekday, opens=time(opens), closes=time(closes))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"monday": "08:00-18:00"}, (span(0, 8, 18),)),
        ({"friday": "08:00-12:00, 16:00-20:00"}, (span(4, 8, 12), span(4, 16, 20))),
        ({"monday": "00:00-24:00"}, (span(0, 0, 0),)),
        ({"monday": "20:00–00:00"}, (span(0, 20, 0),)),
        ({"sunday": "18:00-02:00"}, (span(0, 0, 2), span(6, 18, 0))),  # the week goes round
    ],
)
def test_reads_hours(hours: dict[str, str], expected: tuple[Span, ...]) -> None:
    assert spans(hours) == expected


@pytest.mark.parametrize(
    ("hours", "day", "what"),
    [
        ({"moonday": "08:00-18:00"}, "moonday", "is not a day"),
        ({"monday": "8-18"}, "monday", "must read like"),
        ({"monday": "08:00-25:00"}, "monday", "does not exist"),
        ({"monday": "08:00-08:00"}, "monday", "same time"),
        ({"monday": "08:00-12:00, 11:00-13:00"}, "monday", "overlap at 11:00"),
        ({"monday": "20:00-03:00", "tuesday": "02:00-05:00"}, "tuesday", "overlap at 02:00"),
        ({"monday": "08:00-24:00, 09:00-10:00"}, "monday", "overlap at 09:00"),
    ],
)
def test_refuses_what_it_cannot_mean(hours: dict[str, str], day: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as refused:
        spans(hours)
    assert refused.value.args[0] == day
