"""The one chip of a conversation shows what expires next; a face shows letters, or a person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from console.test_reducer import modules as modules
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PAUSED = {"target": "resolution", "state": "paused", "due_at": None, "warn_at": None}
ASK = """async ([summary, now, options]) => {
  const {nextExpiry} = await import("/static/js/lib/expiry.js");
  const found = nextExpiry(summary, now, options);
  return found && [found.kind, found.level];
}"""


async def asked(page: Page, timer: Any, window_in: timedelta | None, *, always: bool = False) -> Any:
    closes = (NOW + window_in).isoformat() if window_in is not None else None
    summary = {"state": "assigned", "timer": timer, "window_closes_at": closes}
    return await page.evaluate(ASK, [summary, NOW.timestamp() * 1000, {"always": always}])


def running(due_in: timedelta) -> dict[str, Any]:
    due, warn = (NOW + due_in).isoformat(), (NOW + due_in / 2).isoformat()
    return {"target": "resolution", "state": "running", "due_at": due, "warn_at": warn}


async def test_a_clock_at_rest_never_hides_the_window(modules: Page) -> None:
    assert await asked(modules, PAUSED, 20 * HOUR) == ["window", "quiet"]
    assert await asked(modules, PAUSED, HOUR) == ["window", "window-closing"]
    assert await asked(modules, PAUSED, -HOUR) == ["window", "window-closed"]
    assert await asked(modules, PAUSED, None) == ["sla", "paused"]


async def test_the_earlier_of_two_clocks_shows(modules: Page) -> None:
    assert await asked(modules, running(5 * MINUTE), HOUR) == ["sla", "met"]
    assert await asked(modules, running(8 * HOUR), HOUR) == ["window", "window-closing"]
    assert await asked(modules, running(-MINUTE), HOUR) == ["sla", "breached"]
    assert await asked(modules, running(HOUR), -HOUR) == ["sla", "met"]


async def test_a_far_window_is_quiet_and_in_rows_silent(modules: Page) -> None:
    assert await asked(modules, None, 20 * HOUR) is None
    assert await asked(modules, None, 20 * HOUR, always=True) == ["window", "quiet"]


DEADLINES = """async ([summary, timers, now]) => {
  const {deadlines} = await import("/static/js/lib/expiry.js");
  return deadlines(summary, timers, now).map(({target, level}) => [target, level]);
}"""


async def listed(page: Page, first: Any, timers: list[Any], window_in: timedelta | None) -> Any:
    closes = (NOW + window_in).isoformat() if window_in is not None else None
    summary = {"state": "assigned", "timer": first, "window_closes_at": closes}
    return await page.evaluate(DEADLINES, [summary, timers, NOW.timestamp() * 1000])


async def test_all_that_expires_is_told_in_its_order(modules: Page) -> None:
    answer = running(9 * MINUTE) | {"target": "next_response"}
    resolution = running(8 * HOUR)
    assert await listed(modules, answer, [answer, resolution], 2 * HOUR) == [
        ["next_response", "met"], ["window", "window-closing"], ["resolution", "met"],
    ]  # fmt: skip
    late = running(-MINUTE) | {"target": "next_response"}
    assert await listed(modules, late, [late, PAUSED], -HOUR) == [
        ["next_response", "breached"], ["window", "window-closed"], ["resolution", "paused"],
    ]  # fmt: skip


async def test_the_summary_corrects_what_was_read_before(modules: Page) -> None:
    answer = running(9 * MINUTE) | {"target": "next_response"}
    resolution = running(8 * HOUR)
    # Answered meanwhile: what was due before the first of those at work is over.
    assert await listed(modules, resolution, [answer, resolution], None) == [["resolution", "met"]]
    assert await listed(modules, PAUSED, [answer, resolution], None) == [["resolution", "paused"]]
    assert await listed(modules, None, [answer, resolution], None) == []
    # Begun meanwhile, and not read with the others yet.
    assert await listed(modules, answer, [resolution], None) == [["next_response", "met"], ["resolution", "met"]]


async def test_after_the_day_people_have_their_own(modules: Page) -> None:
    over = {"state": "assigned", "timer": None, "window_closes_at": (NOW - HOUR).isoformat()}
    people = over | {"people_until": (NOW + 20 * HOUR).isoformat()}
    now = NOW.timestamp() * 1000
    assert await modules.evaluate(DEADLINES, [people, [], now]) == [["human_agent", "quiet"]]
    near = await modules.evaluate(DEADLINES, [people, [], now + 18 * 3_600_000])
    assert near == [["human_agent", "window-closing"]]
    assert await modules.evaluate(DEADLINES, [people, [], now + 21 * 3_600_000]) == [["window", "window-closed"]]
    assert await modules.evaluate(DEADLINES, [over, [], now]) == [["window", "window-closed"]]


async def test_a_row_is_not_closed_while_people_may_answer(modules: Page) -> None:
    over = {"state": "assigned", "timer": None, "window_closes_at": (NOW - HOUR).isoformat()}
    people = over | {"people_until": (NOW + 20 * HOUR).isoformat()}
    now = NOW.timestamp() * 1000
    assert await modules.evaluate(ASK, [over, now, {}]) == ["window", "window-closed"]
    assert await modules.evaluate(ASK, [people, now, {}]) is None
    assert await modules.evaluate(ASK, [people, now + 18 * 3_600_000, {}]) == ["window", "window-closing"]


async def test_a_comment_has_its_seven_days_until_it_is_answered(modules: Page) -> None:
    reply = {"until": (NOW + 100 * HOUR).isoformat(), "answered": False}
    commented = {"state": "assigned", "timer": None, "window_closes_at": None, "private_reply": reply}
    now = NOW.timestamp() * 1000
    assert await modules.evaluate(DEADLINES, [commented, [], now]) == [["private_reply", "quiet"]]
    near = await modules.evaluate(DEADLINES, [commented, [], now + 98 * 3_600_000])
    assert near == [["private_reply", "window-closing"]]
    assert await modules.evaluate(DEADLINES, [commented, [], now + 101 * 3_600_000]) == []
    answered = commented | {"private_reply": reply | {"answered": True}}
    assert await modules.evaluate(DEADLINES, [answered, [], now]) == []
    wrote = commented | {"window_closes_at": (NOW + 20 * HOUR).isoformat()}
    assert await modules.evaluate(DEADLINES, [wrote, [], now]) == [["window", "quiet"]]


async def test_a_number_is_no_name(modules: Page) -> None:
    ask = "async (names) => names.map((await import('/static/js/lib/format.js')).initials)"
    names = ["Sara Khalil", "عمر حداد", "+20 155 501 0187", "966555010163", "🌙✨", "Room 12"]
    assert await modules.evaluate(ask, names) == ["SK", "ع", "", "", "", "R1"]
