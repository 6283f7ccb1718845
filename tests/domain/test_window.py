"""Whether Meta lets us write: facts §5.1 and §6, situation by situation."""

from datetime import UTC, datetime, timedelta

import pytest

from server.domain import window
from server.domain.failures import of_verdict
from server.domain.model import Channel, Purpose
from server.domain.window import Allowed, By, Closed, Reason, Remedy, Standing, Suppression

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
W, M, I = Channel  # noqa: E741
STOPPED = Suppression(category="marketing_messages")
HELD = Suppression(category="marketing_messages", until=NOW + timedelta(hours=3))


def opened(hours: float | None, **more: object) -> Standing:
    at = None if hours is None else NOW - timedelta(hours=hours)
    return Standing(opened_at=at, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", list(Channel))
def test_words_are_free_for_a_day(channel: Channel) -> None:
    found = window.verdict(channel, opened(23.99), now=NOW)
    assert found == Allowed(until=NOW - timedelta(hours=23.99) + timedelta(hours=24), by=By.WINDOW)
    assert found.tag is None
    assert isinstance(window.verdict(channel, opened(24), now=NOW), Closed)
    assert window.closes_at(None) is None


@pytest.mark.parametrize(("channel", "remedy"), [(W, Remedy.TEMPLATE), (M, Remedy.TEMPLATE), (I, Remedy.WAIT)])
def test_afterwards_the_reason_and_what_would_help_are_told(channel: Channel, remedy: Remedy) -> None:
    closed = window.verdict(channel, opened(25), now=NOW)
    assert closed == Closed(reason=Reason.WINDOW_OVER, closed_at=NOW - timedelta(hours=1), remedy=remedy)
    never = window.verdict(channel, opened(None), now=NOW)
    assert never == Closed(reason=Reason.NEVER_WROTE, closed_at=None, remedy=remedy)


@pytest.mark.parametrize("channel", [M, I])
def test_a_person_may_answer_for_seven_days_where_meta_granted_it(channel: Channel) -> None:
    standing = opened(100, human_agent=True)
    found = window.verdict(channel, standing, now=NOW)
    assert found == Allowed(until=NOW + timedelta(hours=68), by=By.HUMAN_AGENT)
    assert found.tag == "HUMAN_AGENT"
    assert isinstance(window.verdict(channel, opened(100), now=NOW), Closed), "not granted"
    assert isinstance(window.verdict(channel, opened(169, human_agent=True), now=NOW), Closed), "seven days are over"
    for purpose in (Purpose.BOT, Purpose.ACKNOWLEDGEMENT, Purpose.OUT_OF_HOURS):
        closed = window.verdict(channel, standing, purpose=purpose, now=NOW)
        assert isinstance(closed, Closed)
        assert closed.reason is Reason.ONLY_PEOPLE


def test_whatsapp_knows_no_human_agent() -> None:
    assert isinstance(window.verdict(W, opened(25, human_agent=True), now=NOW), Closed)


@pytest.mark.parametrize("channel", [W, M])
@pytest.mark.parametrize("hours", [1, 25, 1000, None])
def test_a_utility_template_goes_at_any_time(channel: Channel, hours: float | None) -> None:
    standing = opened(hours, human_agent=True)
    found = window.verdict(channel, standing, kind="template", category="utility", now=NOW)
    assert found == Allowed(until=None, by=By.TEMPLATE)
    assert found.tag is None, "it needs no tag beside it"


@pytest.mark.parametrize("category", ["marketing", "authentication", "", None])
def test_another_template_opens_nothing_on_messenger(category: str | None) -> None:
    closed = window.verdict(M, opened(25), kind="template", category=category, now=NOW)
    assert closed == Closed(reason=Reason.WINDOW_OVER, closed_at=NOW - timedelta(hours=1), remedy=Remedy.TEMPLATE)


def test_no_template_opens_anything_on_instagram() -> None:
    closed = window.verdict(I, opened(25), kind="template", category="utility", now=NOW)
    assert isinstance(closed, Closed)
    assert closed.remedy is Remedy.WAIT


def test_a_free_entry_makes_templates_free_and_does_not_lift_the_day() -> None:
    standing = opened(30, free_entry_until=NOW + timedelta(hours=42))
    assert isinstance(window.verdict(W, standing, now=NOW), Closed)
    found = window.verdict(W, standing, kind="template", category="marketing", now=NOW)
    assert found == Allowed(until=NOW + timedelta(hours=42), by=By.FREE_ENTRY)
    over = opened(30, free_entry_until=NOW)
    assert window.verdict(W, over, kind="template", category="utility", now=NOW).by is By.TEMPLATE  # type: ignore[union-attr]


@pytest.mark.parametrize("category", ["MARKETING", "marketing_lite", "", None])
def test_who_stopped_marketing_gets_none(category: str | None) -> None:
    """A template whose category nobody knows counts as marketing."""
    closed = window.verdict(W, opened(1, suppressions=(STOPPED,)), kind="template", category=category, now=NOW)
    assert closed == Closed(reason=Reason.OPTED_OUT, closed_at=None, remedy=Remedy.NONE)
    assert of_verdict(W, closed).code == 131050


def test_who_stopped_marketing_still_gets_answers_and_useful_templates() -> None:
    standing = opened(1, suppressions=(STOPPED,))
    assert isinstance(window.verdict(W, standing, now=NOW), Allowed)
    for category in ("UTILITY", "authentication"):
        assert isinstance(window.verdict(W, standing, kind="template", category=category, now=NOW), Allowed)


def test_what_meta_held_back_waits_a_day() -> None:
    held = window.verdict(W, opened(1, suppressions=(HELD,)), kind="template", category="marketing", now=NOW)
    assert held == Closed(reason=Reason.HELD, closed_at=None, remedy=Remedy.WAIT)
    assert of_verdict(W, held).code == 131049
    later = NOW + timedelta(hours=3)
    standing = opened(1, suppressions=(HELD,))
    assert isinstance(window.verdict(W, standing, kind="template", category="marketing", now=later), Allowed)
    both = window.verdict(W, opened(1, suppressions=(HELD, STOPPED)), kind="template", category="marketing", now=NOW)
    assert isinstance(both, Closed)
    assert both.reason is Reason.OPTED_OUT


@pytest.mark.parametrize(
    ("channel", "kind", "opens"),
    [
        (W, "reaction", False), (M, "reaction", True), (I, "reaction", True), (W, "call", True), (M, "referral", True),
        (I, "comment", False), (W, "system", False), (M, "handover", False), (I, "edit", False), (W, "revoke", False),
        (M, "optin", False),
    ],
)  # fmt: skip
def test_what_opens_the_window_without_a_word(channel: Channel, kind: str, opens: bool) -> None:
    assert window.opens(channel, kind, speaks=False) is opens
    assert window.opens(channel, "text", speaks=True)


def test_the_first_answer_within_a_day_of_an_advertisement_begins_three_free_days() -> None:
    came = NOW - timedelta(hours=20)
    assert window.free_entry(came, NOW) == NOW + timedelta(hours=72)
    assert window.free_entry(NOW - timedelta(hours=25), NOW) is None
    assert window.free_entry(None, NOW) is None
    assert window.free_entry(NOW + timedelta(seconds=20), NOW) is not None, "Meta's clock is a little ahead"
    assert window.begins_free_entry(W, "ad")
    assert not window.begins_free_entry(M, "ADS")
    assert not window.begins_free_entry(W, None)
