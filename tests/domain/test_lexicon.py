"""Phrases found in a text, whole words only."""

import pytest

from server.domain.folding import words
from server.domain.lexicon import Lexicon

LEXICON = Lexicon(
    [
        ("how much", 0),
        ("price*", 0),
        ("stolen", 1),
        ("lost my card", 1),
        ("سحب", 2),
        ("كم السعر", 0),
        ("allerg*", 3),
        ("!", 4),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How MUCH is it?", {0: 2}),
        ("the prices, how much?", {0: 3}),
        ("much how", {}),
        ("it was stolen", {1: 1}),
        ("stolenly", {}),
        ("unstolen", {}),
        ("I lost my card, stolen maybe", {1: 4}),
        ("lost my", {}),
        ("I am allergic", {3: 1}),
        ("أريد السحب الآن", {2: 1}),
        ("وكم السعر؟", {0: 2}),
        ("", {}),
    ],
)
def test_finds(text: str, found: dict[int, int]) -> None:
    assert LEXICON.find(words(text)) == found
