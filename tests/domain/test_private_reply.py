"""Somebody who only commented: one text, in private, within seven days. Facts §6."""

from datetime import UTC, datetime, timedelta

import pytest

from server.domain import window
from server.domain.failures import of_verdict
from server.domain.model import Channel, Purpose
from server.domain.window import Allowed, By, Closed, Comment, Reason, Remedy, Standing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
I = Channel.INSTAGRAM  # noqa: E741
DAYS = 24.0


def standing(
    commented: float, *, wrote: float | None = None, answered: bool = False, human_agent: bool = False
) -> Standing:
    """Who commented so many hours ago, and perhaps wrote so many hours ago."""
    return Standing(
        opened_at=None if wrote is None else NOW - timedelta(hours=wrote), human_agent=human_agent,
        comment=Comment(id="179", at=NOW - timedelta(hours=commented), answered=answered),
    )  # fmt: skip


def reason(given: Standing, *, kind: str = "text", purpose: Purpose = Purpose.REPLY) -> Reason:
    found = window.verdict(I, given, kind=kind, purpose=purpose, now=NOW)
    assert isinstance(found, Closed)
    return found.reason


@pytest.mark.parametrize("hours", [0.1, 30, 7 * DAYS - 0.01])
@pytest.mark.parametrize("granted", [False, True])
def test_a_comment_is_answered_by_its_own_id_and_never_by_a_tag(hours: float, granted: bool) -> None:
    found = window.verdict(I, standing(hours, human_agent=granted), now=NOW)
    until = NOW + timedelta(days=7, hours=-hours)
    assert isinstance(found, Allowed)
    assert (found.by, found.comment_id, found.tag) == (By.PRIVATE_REPLY, "179", None)
    assert abs(found.until - until) < timedelta(seconds=1)  # type: ignore[operator]


def test_after_seven_days_it_is_over() -> None:
    late = standing(7 * DAYS, human_agent=True)
    closed = window.verdict(I, late, now=NOW)
    assert closed == Closed(reason=Reason.COMMENT_OVER, closed_at=NOW, remedy=Remedy.WAIT)
    assert isinstance(closed, Closed)
    assert of_verdict(I, closed).subcode == 2534025


@pytest.mark.parametrize("hours", [1, 30, 8 * DAYS])
def test_one_is_all_until_they_write(hours: float) -> None:
    assert reason(standing(hours, answered=True, human_agent=True)) is Reason.ONE_PRIVATE_REPLY
    assert "one private reply to a comment is all Meta allows" in window.SAID[Reason.ONE_PRIVATE_REPLY]
    wrote = window.verdict(I, standing(hours, answered=True, wrote=hours / 2), now=NOW)
    assert isinstance(wrote, Allowed) is (hours < 8 * DAYS and hours / 2 < 24)


@pytest.mark.parametrize("kind", ["image", "choices", "buttons", "link", "location", "reaction", "template"])
def test_only_words(kind: str) -> None:
    assert reason(standing(1), kind=kind) is Reason.ONLY_A_TEXT


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.REPLY])
def test_nothing_automatic_takes_its_place(purpose: Purpose) -> None:
    assert reason(standing(1), purpose=purpose) is Reason.ONLY_A_TEXT


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("kind", ["text", "image"])
def test_who_also_wrote_within_the_day_is_answered_as_ever(answered: bool, kind: str) -> None:
    """Before the comment or after it."""
    for commented, wrote in ((1.0, 5.0), (5.0, 1.0)):
        found = window.verdict(I, standing(commented, wrote=wrote, answered=answered), kind=kind, now=NOW)
        assert found == Allowed(until=NOW + timedelta(hours=24 - wrote), by=By.WINDOW)


def test_who_wrote_after_the_comment_has_the_window_of_that_message() -> None:
    assert reason(standing(60, wrote=30)) is Reason.WINDOW_OVER
    tagged = window.verdict(I, standing(60, wrote=30, human_agent=True), now=NOW)
    assert isinstance(tagged, Allowed)
    assert (tagged.by, tagged.comment_id) == (By.HUMAN_AGENT, None)


def test_who_wrote_days_before_the_comment_keeps_both_rights() -> None:
    first = window.verdict(I, standing(2, wrote=48, human_agent=True), now=NOW)
    assert isinstance(first, Allowed)
    assert first.by is By.PRIVATE_REPLY
    then = window.verdict(I, standing(2, wrote=48, human_agent=True, answered=True), now=NOW)
    assert isinstance(then, Allowed)
    assert (then.by, then.until) == (By.HUMAN_AGENT, NOW + timedelta(hours=120)), "what they wrote, not the comment"
    assert reason(standing(2, wrote=48, answered=True)) is Reason.ONE_PRIVATE_REPLY


@pytest.mark.parametrize("kind", ["comment", "welcome"])
def test_neither_a_comment_nor_opening_the_chat_opens_the_window(kind: str) -> None:
    assert not any(window.opens(channel, kind, speaks=speaks) for channel in Channel for speaks in (False, True))
