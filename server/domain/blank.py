"""Whether a text shows anything: Meta refuses one that does not, however many characters it has."""

import unicodedata

# Controls, marks of direction and joining, spaces and ends of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Letters and signs without a shape of their own, by their names: fillers, the empty Braille cell, selectors.
_SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(at) for at in range(0xFE00, 0xFE10)}


def is_blank(said: str) -> bool:
    return all(letter in _SHAPELESS or unicodedata.category(letter) in _UNSEEN for letter in said)
