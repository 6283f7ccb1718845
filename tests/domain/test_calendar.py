"""Opening hours: tables of moments, and properties against a minute-by-minute reading of the wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain import calendar as hours
from server.domain.hours_text import WEEKDAYS, spans
from server.domain.organisation import Calendar

ZONES = ("Asia/Riyadh", "Africa/Cairo", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
# Around the days their clocks change: Berlin 29 March and 25 October, Cairo 24 April and 29 October,
# New York 8 March and 1 November.
SEASONS = tuple(datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 6), (3, 27), (4, 22), (10, 23), (10, 28)))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def open_on(zone: str, holidays: tuple[date, ...] = (), **days: str) -> Calendar:
    return Calendar(id="desk", time_zone=zone, hours=spans(days), holidays=holidays)


def every_day(zone: str, times: str, *holidays: date) -> Calendar:
    return open_on(zone, holidays, **dict.fromkeys(WEEKDAYS, times))


OFFICE = open_on(
    "Europe/Berlin", (date(2026, 12, 25),), **dict.fromkeys(WEEKDAYS[:4], "09:00-17:00"), friday="09:00-13:00"
)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-11-23T10:00", 3600, "2026-11-23T11:00"),
        ("2026-11-23T08:00", 3600, "2026-11-23T10:00"),  # before opening
        ("2026-11-23T16:30", 3600, "2026-11-24T09:30"),  # over a night
        ("2026-11-23T16:00", 3600, "2026-11-23T17:00"),  # exactly to the end
        ("2026-11-27T12:00", 7200, "2026-11-30T10:00"),  # over a weekend
        ("2026-12-24T16:00", 7200, "2026-12-28T10:00"),  # over a holiday and a weekend
        ("2026-12-25T10:00", 0, "2026-12-28T09:00"),  # nothing passes on a holiday
        ("2026-11-23T10:00", 36 * 3600 * 4, "2026-12-21T10:00"),  # four weeks of 36 hours
    ],
)
def test_adds_business_seconds(start: str, seconds: int, end: str) -> None:
    assert hours.add(OFFICE, at(start, "Europe/Berlin"), seconds) == at(end, "Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "times", "start", "end", "seconds"),
    [
        # The night the clock skips an hour has one business hour less, the night it repeats one has one more.
        ("Europe/Berlin", "00:00-24:00", "2026-03-29T00:00", "2026-03-30T00:00", 23 * 3600),
        ("Europe/Berlin", "00:00-24:00", "2026-10-25T00:00", "2026-10-26T00:00", 25 * 3600),
        ("Europe/Berlin", "02:30-06:00", "2026-03-29T00:00", "2026-03-30T00:00", 3 * 3600),  # 02:30 did not exist
        ("Europe/Berlin", "01:00-02:30", "2026-10-25T00:00", "2026-10-26T00:00", 5400 + 3600),
        ("Africa/Cairo", "00:00-24:00", "2026-04-24T00:00", "2026-04-25T00:00", 23 * 3600),  # midnight did not exist
        ("Africa/Cairo", "22:00-24:00", "2026-10-29T12:00", "2026-10-30T12:00", 3 * 3600),  # 23:00 came twice
        ("Africa/Cairo", "22:00-24:00", "2026-04-23T12:00", "2026-04-24T12:00", 2 * 3600),
        ("Asia/Riyadh", "00:00-24:00", "2026-03-29T00:00", "2026-03-30T00:00", 24 * 3600),
    ],
)
def test_counts_the_hours_that_were(zone: str, times: str, start: str, end: str, seconds: int) -> None:
    assert hours.between(every_day(zone, times), at(start, zone), at(end, zone)) == seconds


def test_open_until_but_not_at_closing_time() -> None:
    assert not hours.open_at(OFFICE, at("2026-11-23T08:59:59", "Europe/Berlin"))
    assert hours.open_at(OFFICE, at("2026-11-23T09:00", "Europe/Berlin"))
    assert hours.open_at(OFFICE, at("2026-11-23T16:59:59", "Europe/Berlin"))
    assert not hours.open_at(OFFICE, at("2026-11-23T17:00", "Europe/Berlin"))
    assert not hours.open_at(OFFICE, at("2026-12-25T10:00", "Europe/Berlin"))


def test_hours_past_midnight_belong_to_the_evening_before() -> None:
    cafe = every_day("Asia/Riyadh", "07:00-02:00")
    assert hours.open_at(cafe, at("2026-11-23T01:30", "Asia/Riyadh"))
    assert not hours.open_at(cafe, at("2026-11-23T02:00", "Asia/Riyadh"))
    assert hours.next_open(cafe, at("2026-11-23T03:00", "Asia/Riyadh")) == at("2026-11-23T07:00", "Asia/Riyadh")


def test_next_opening_is_now_while_open_and_none_for_ever_closed() -> None:
    now = at("2026-11-23T10:00", "Europe/Berlin")
    assert hours.next_open(OFFICE, now) == now
    assert hours.next_open(OFFICE, at("2026-12-24T18:00", "Europe/Berlin")) == at("2026-12-28T09:00", "Europe/Berlin")
    never = Calendar(id="never", time_zone="Asia/Riyadh", hours=())
    assert (hours.next_open(never, now), hours.add(never, now, 1)) == (None, None)
    assert hours.between(never, now, now + timedelta(days=30)) == 0


def test_two_calendars_that_follow_each_other_in_memory_are_not_mixed_up() -> None:
    now = at("2026-11-23T10:00")
    for hour in range(20):
        calendar = every_day("UTC", f"{hour:02}:00-{hour + 1:02}:00")
        assert hours.open_at(calendar, now) == (hour == 10)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = draw(st.sampled_from(ZONES))
    days = {}
    for day in WEEKDAYS:
        marks = sorted(draw(st.lists(st.integers(0, 48), min_size=0, max_size=4, unique=True)))
        pairs = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
        if pairs:
            days[day] = ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in pairs)
    start = draw(st.sampled_from(SEASONS)).date()
    holidays = draw(st.lists(st.integers(0, 5), max_size=2, unique=True))
    return open_on(zone, tuple(start + timedelta(days=each) for each in holidays), **days)


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


moments = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.sampled_from(SEASONS),
    st.integers(0, 4 * 24 * 60),
)


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(0, 30))
def test_open_is_what_the_wall_clock_says(calendar: Calendar, start: datetime, hours_on: int) -> None:
    """Except within the hour a clock repeats, where a place that opens or closes in it stays open throughout."""
    zone = ZoneInfo(calendar.time_zone)
    for half_hour in range(hours_on * 2):
        moment = start + timedelta(minutes=30 * half_hour)
        local = moment.astimezone(zone)
        if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
            continue
        expected = local.date() not in calendar.holidays and any(
            span.opens <= local.time() and (local.time() < span.closes or span.closes == time(0))
            for span in calendar.hours
            if span.weekday == local.weekday()
        )
        assert hours.open_at(calendar, moment) == expected


@settings(max_examples=100, deadline=None)
@given(calendars(), moments, st.integers(0, 400_000))
def test_adding_then_counting_gives_the_seconds_back(calendar: Calendar, start: datetime, seconds: int) -> None:
    end = hours.add(calendar, start, seconds)
    if end is None:
        assert calendar.hours == ()
    else:
        assert hours.between(calendar, start, end) == seconds
        assert hours.open_at(calendar, end) or hours.open_at(calendar, end - timedelta(microseconds=1))


@settings(max_examples=100, deadline=None)
@given(calendars(), moments, st.integers(0, 300_000), st.integers(0, 300_000))
def test_counting_is_additive_and_never_more_than_real_time(
    calendar: Calendar, start: datetime, first: int, second: int
) -> None:
    middle, end = start + timedelta(seconds=first), start + timedelta(seconds=first + second)
    whole = hours.between(calendar, start, end)
    assert whole == hours.between(calendar, start, middle) + hours.between(calendar, middle, end)
    assert 0 <= whole <= (end - start).total_seconds()


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_longer_wait_never_ends_earlier(calendar: Calendar, start: datetime, one: int, other: int) -> None:
    first, second = sorted((one, other))
    sooner, later = hours.add(calendar, start, first), hours.add(calendar, start, second)
    if calendar.hours:
        assert sooner is not None
        assert later is not None
        assert sooner <= later
