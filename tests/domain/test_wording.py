"""Moments as people say them."""

from datetime import UTC, date, datetime

import pytest

from server.domain.hours_text import WEEKDAYS, spans
from server.domain.organisation import Calendar
from server.domain.wording import fill_opens, when

# Sunday evening in Riyadh.
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "english", "arabic"),
    [
        (datetime(2026, 11, 22, 19, 30, tzinfo=UTC), "today at 10:30 pm", "اليوم الساعة 10:30 مساءً"),
        (datetime(2026, 11, 22, 21, tzinfo=UTC), "tomorrow at 12 am", "غدًا الساعة 12 بعد منتصف الليل"),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "tomorrow at 12 pm", "غدًا الساعة 12 ظهرًا"),
        (datetime(2026, 11, 24, 3, tzinfo=UTC), "on Tuesday at 6 am", "يوم الثلاثاء الساعة 6 صباحًا"),
        (datetime(2026, 12, 24, 3, 5, tzinfo=UTC), "on Thursday 24 December at 6:05 am",
         "يوم الخميس 24 ديسمبر الساعة 6:05 صباحًا"),
    ],
)  # fmt: skip
def test_says_when(moment: datetime, english: str, arabic: str) -> None:
    assert when(moment, NOW, "Asia/Riyadh", "en") == english
    assert when(moment, NOW, "Asia/Riyadh", "ar") == arabic
    assert when(moment, NOW, "Asia/Riyadh", "fr") == english


def test_fills_in_the_next_opening_after_a_holiday() -> None:
    desk = Calendar(
        id="desk", time_zone="Asia/Riyadh", hours=spans(dict.fromkeys(WEEKDAYS, "06:00-18:00")),
        holidays=(date(2026, 11, 23),),
    )  # fmt: skip
    assert fill_opens("Back {opens}.", desk, "en", NOW) == "Back on Tuesday at 6 am."
    assert fill_opens("Always here.", desk, "en", NOW) == "Always here."
    never = Calendar(id="never", time_zone="Asia/Riyadh", hours=())
    assert fill_opens("Back {opens}.", never, "en", NOW) == "Back soon."
    assert fill_opens("نعود {opens}.", never, "ar", NOW) == "نعود قريبًا."
