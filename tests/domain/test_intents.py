"""What customers want at any point of a talk with a bot."""

import pytest

from server.domain import intents
from server.domain.folding import words


@pytest.mark.parametrize(
    "text",
    [
        "person", "Agent!", "human", "HUMAN PLEASE", "I want to talk to a person", "can I speak to someone?",
        "let me talk to a real human", "customer service", "customer support please", "a representative",
        "are you a human?", "live agent", "transfer me to an advisor", "manager please",
        "موظف", "شخص", "أريد التحدث إلى موظف", "ابغى اكلم موظف", "عايز اتكلم مع حد", "ممكن أتكلم مع شخص حقيقي لو سمحت",
        "خدمة العملاء", "حولني لموظف", "كلمني إنسان", "الموظف", "مندوب",
    ],
)  # fmt: skip
def test_a_wish_for_a_person_is_heard(text: str) -> None:
    assert intents.wants_person(words(text))


@pytest.mark.parametrize(
    "text",
    [
        "a table for 4 persons", "one person", "شخص واحد", "prices", "is the menu good for people with allergies",
        "hello", "please", "can you help", "الأسعار", "our person in charge, Omar, comes tomorrow at eight",
        "", "customer",
    ],
)  # fmt: skip
def test_other_words_are_no_wish_for_a_person(text: str) -> None:
    assert not intents.wants_person(words(text))


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("this is useless, give me some human to sort it out", True),
        ("هذا غير مفيد وأريد أحد الموظفين فورا يا جماعة الخير موظف", True),
        ("what nonsense", False),
        ("customer service has to sort this out", True),
    ],
)
def test_a_person_is_heard_in_a_text_that_made_no_other_sense(text: str, mentions: bool) -> None:
    assert intents.mentions_person(words(text)) is mentions


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hi!", "greets"), ("good morning", "greets"), ("السلام عليكم ورحمة الله وبركاته", "greets"),
        ("مساء الخير", "greets"),
        ("thanks", "thanks"), ("Thank you so much!", "thanks"), ("شكرًا جزيلا", "thanks"), ("ok great", "thanks"),
        ("تمام", "thanks"), ("menu", "menu"), ("main menu", "menu"), ("القائمة الرئيسية", "menu"), ("help", "menu"),
        ("good coffee", None), ("thank you but where are you", None), ("dear", None), ("", None),
    ],
)  # fmt: skip
def test_small_talk(text: str, kind: str | None) -> None:
    said = words(text)
    assert intents.greets(said) is (kind == "greets")
    assert intents.thanks(said) is (kind == "thanks")
    assert intents.wants_menu(said) is (kind == "menu")


@pytest.mark.parametrize(
    ("text", "expected"), [("cancel", True), ("رجوع", True), ("إلغاء", True), ("cancel it all", False)]
)
def test_leaves_a_question(text: str, expected: bool) -> None:
    assert intents.leaves(words(text)) is expected
