"""How urgent a customer of the demo's Investment Services is, told by their own words."""

from datetime import UTC, datetime

import pytest

from server.actions.organisation_folder import read
from server.domain.inbound import MessageItem, Sender
from server.domain.model import Channel, Priority
from server.domain.routing import Enqueue, decide
from server.paths import DEMO_ORGANISATION
from server.simulator.scripts import scenarios

DESK = read(DEMO_ORGANISATION).sectors["financial"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
(FRAUD,) = (each for each in scenarios.load().scenarios if "did not make" in each.opening[0])


def priority(text: str) -> Priority:
    message = MessageItem(
        channel=Channel.WHATSAPP, account_id="1", path="", raw=b"", key="k", at=NOW, sender=Sender(()),
        provider_id="wamid.1", kind="text", text=text,
    )  # fmt: skip
    decided = decide(None, message, DESK, text_language="en", contact_labels=(), now=NOW)
    assert isinstance(decided, Enqueue)
    return decided.priority


@pytest.mark.parametrize(
    "text",
    [
        FRAUD.opening[0],
        FRAUD.steps[0].say,
        "There is a transfer I didn’t make",
        "I did not approve this payment",
        "fraud",
        "هناك سحب لم أوافق عليه",
        "أرى تحويلًا لم أطلبه",
        "ما سحبته أنا",
        "في حسابي عملية لا أعرفها",
    ],
)
def test_misuse_of_an_account_is_urgent(text: str) -> None:
    assert priority(text) is Priority.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "How do I withdraw money?",
        "My withdrawal did not make it to my bank",
        "I asked for a withdrawal that I did not receive",
        "My account was never approved",
        "وهل توجد رسوم عند السحب؟",
        "طلبت سحبًا لم يصل بعد",
        "لم أسحب أرباحي بعد",
    ],
)
def test_questions_about_withdrawals_are_not(text: str) -> None:
    assert priority(text) is not Priority.URGENT


def test_scripted_customers_are_urgent_only_when_something_was_stolen() -> None:
    others = [each for each in scenarios.load().scenarios if each.sector == "financial" and each != FRAUD]
    said = [text for each in others for text in (*each.opening, *(step.say for step in each.steps), each.nudge)]
    assert [text for text in said if text and priority(text) is Priority.URGENT] == []


def test_the_notice_of_the_closed_desk_asks_nobody_for_a_word_they_have_said() -> None:
    assert "write" not in DESK.out_of_hours["en"]
    assert "اكتبوا" not in DESK.out_of_hours["ar"]
