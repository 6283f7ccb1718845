"""Moments as people say them, for what bots and notices tell customers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain import calendar as hours
from server.domain.organisation import Calendar

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
           "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
}  # fmt: skip
_ARABIC_PARTS = ((4, "بعد منتصف الليل"), (12, "صباحًا"), (15, "ظهرًا"), (18, "عصرًا"), (24, "مساءً"))
_SOON = {"en": "soon", "ar": "قريبًا"}


def fill_opens(text: str, calendar: Calendar, language: str, now: datetime) -> str:
    """The text with {opens} told as the next opening of the calendar."""
    if "{opens}" not in text:
        return text
    opens = hours.next_open(calendar, now)
    words = when(opens, now, calendar.time_zone, language) if opens else _SOON[_known(language)]
    return text.replace("{opens}", words)


def when(moment: datetime, now: datetime, time_zone: str, language: str) -> str:
    """'today at 6 am', 'tomorrow at 9:30 am', 'on Sunday at 7 am', 'on 24 December at 8 pm', in the zone's time."""
    language = _known(language)
    zone = ZoneInfo(time_zone)
    local = moment.astimezone(zone)
    ahead = (local.date() - now.astimezone(zone).date()) // timedelta(days=1)
    day, month = _DAYS[language][local.weekday()], _MONTHS[language][local.month - 1]
    if language == "ar":
        names = {0: "اليوم", 1: "غدًا"}
        date = names.get(ahead) or (f"يوم {day}" if 0 < ahead < 7 else f"يوم {day} {local.day} {month}")
        return f"{date} الساعة {_clock(local)} {_arabic_part(local.hour)}"
    names = {0: "today", 1: "tomorrow"}
    date = names.get(ahead) or (f"on {day}" if 0 < ahead < 7 else f"on {day} {local.day} {month}")
    return f"{date} at {_clock(local)} {'am' if local.hour < 12 else 'pm'}"


def _clock(local: datetime) -> str:
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}"


def _arabic_part(hour: int) -> str:
    """Arabic parts the day finer than into two halves."""
    return next(part for until, part in _ARABIC_PARTS if hour < until)


def _known(language: str) -> str:
    return language if language in _DAYS else "en"
