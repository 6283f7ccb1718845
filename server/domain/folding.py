"""Makes spellings alike before words are compared: case, punctuation, Arabic letter forms and digits."""

import re
from collections.abc import Sequence
from functools import lru_cache

_ALIKE = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "گ": "ك",
    "ـ": "", "’": "'", "‘": "'",
}  # fmt: skip
_TABLE = str.maketrans(
    _ALIKE
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
    # Vowel signs, and the marks that only steer the direction of text.
    | dict.fromkeys(map(chr, [*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, 0x200C, 0x200D, 0x200E, 0x200F]))
    | dict.fromkeys(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFE0F]))
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# 'and', 'so', 'with', 'to', 'the' are written as part of the next Arabic word.
_JOINED = re.compile(r"[وف]?(?:ال|بال|وال|فال|كال|لل|[بلك])?")
_SHORTEST_STEM = 2
# Long messages are judged by how they begin.
_MOST = 1000

_NUMBERS = {
    "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
    "واحد": 1, "شخصين": 2, "اثنين": 2, "اثنان": 2, "طفلين": 2, "ثلاثه": 3, "ثلاث": 3, "تلاته": 3, "اربعه": 4, "اربع": 4,
    "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثمان": 8, "تمانيه": 8, "تسعه": 9,
    "تسع": 9, "عشره": 10, "عشر": 10,
}  # fmt: skip


def words(text: str) -> list[str]:
    """The folded words of a text, at most the first thousand characters of it."""
    text = text[:_MOST].casefold()
    return _WORD.findall(text if text.isascii() else text.translate(_TABLE))


def stems(word: str) -> Sequence[str]:
    """The folded word, and without what Arabic joins to its front."""
    return (word,) if word.isascii() else _arabic_stems(word)


def number(text: str) -> int | None:
    """The first whole number, in any digits or as a word up to twelve."""
    for word in words(text):
        if word.isdecimal() and len(word) <= 9:
            return int(word)
        if word in _NUMBERS:
            return _NUMBERS[word]
        digits = re.match(r"\d{1,9}(?!\d)", word)
        if digits:
            return int(digits[0])
    return None


def is_number(word: str) -> bool:
    return word in _NUMBERS or word[0].isdecimal()


@lru_cache(maxsize=4096)
def _arabic_stems(word: str) -> Sequence[str]:
    joined = _JOINED.match(word)
    end = joined.end() if joined else 0
    # Of 'وال' and the like each shorter reading may be the one meant.
    return word, *(word[start:] for start in range(1, end + 1) if len(word) - start >= _SHORTEST_STEM)
