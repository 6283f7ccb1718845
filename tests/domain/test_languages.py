"""Which language people write or ask for, and how spellings are made alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import folding, languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there", "en"),
        ("مرحبا", "ar"),
        ("أريد latte من فضلك", "ar"),
        ("I ordered كنافة yesterday", "en"),
        ("Üç kahve", "en"),
        ("٣", None),
        ("👍🏽 42 !!", None),
        ("", None),
        ("https://example.com/menu", None),
        ("شوفوا https://example.com/a-very-long-english-address", "ar"),
        ("@havana.cafe", None),
        ("sara@example.com", None),
        ("ﷺ", "ar"),
        ("\ud800", None),
    ],
)
def test_detects_by_script(text: str, language: str | None) -> None:
    assert languages.detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("English", "en"),
        ("english please", "en"),
        ("can we speak in English?", "en"),
        ("Arabic", "ar"),
        ("عربي", "ar"),
        ("العربية", "ar"),
        ("بالعربي لو سمحت", "ar"),
        ("بالإنجليزي", "en"),
        ("انجليزى", "en"),
        ("اللغة العربية", "ar"),
        ("English breakfast", None),
        ("I teach Arabic", None),
        ("do you have an English menu for my mother", None),
        ("please", None),
        ("", None),
    ],
)
def test_hears_a_request_for_a_language(text: str, language: str | None) -> None:
    assert languages.asked_for(folding.words(text)) == language


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أسعار", "اسعار"),
        ("مكتبة", "مكتبه"),
        ("عَرَبِيّ", "عربى"),
        ("مـــرحبا", "مرحبا"),
        ("رقم ٣٤", "رقم 34"),
        ("۴", "4"),
        ("I'd LIKE", "i’d like"),
        ("\u200fنعم\u200e", "نعم"),
        ("STRASSE", "straße"),
        ("مسئول", "مسيول"),
    ],
)
def test_spellings_that_mean_the_same_fold_alike(one: str, other: str) -> None:
    assert folding.words(one) == folding.words(other)


def test_punctuation_and_emoji_are_no_words() -> None:
    assert folding.words("Prices?! ☕️ – how_much…") == ["prices", "how", "much"]
    assert folding.words("؟!") == []


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("الأسعار", "اسعار"),
        ("والحجز", "حجز"),
        ("بالبطاقة", "بطاقه"),
        ("للموظف", "موظف"),
        ("لموظف", "موظف"),
        ("وسرق", "سرق"),
    ],
)
def test_what_arabic_joins_to_a_word_is_taken_off(word: str, stem: str) -> None:
    (folded,) = folding.words(word)
    assert stem in folding.stems(folded)


def test_english_words_have_no_joined_part() -> None:
    assert list(folding.stems("balance")) == ["balance"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4),
        ("٤ أشخاص", 4),
        ("we are 12 people", 12),
        ("five please", 5),
        ("a couple", 2),
        ("شخصين", 2),
        ("خمسة", 5),
        ("4pm", 4),
        ("99999999999999999999", None),
        ("many", None),
        ("²", None),
        ("", None),
    ],
)
def test_reads_numbers(text: str, number: int | None) -> None:
    assert folding.number(text) == number


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    words = folding.words(text)
    assert folding.words(" ".join(words)) == words or len(text) > 900
    languages.detect(text)
    languages.asked_for(words)
    folding.number(text)
    for word in words:
        assert word in folding.stems(word)
