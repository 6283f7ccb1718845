"""Which language a customer writes, or asks for."""

import re
from collections.abc import Sequence

from server.domain.folding import words

_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
# Addresses and handles are Latin in every language.
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
_MOST = 500

# Folded, as `folding.words` gives them.
_NAMES = {
    **dict.fromkeys(("english", "inglizi", "انجليزي", "انجليزيه", "انكليزي", "انكليزيه", "انقليزي"), "en"),
    **dict.fromkeys(("arabic", "arabi", "3arabi", "عربي", "عربيه"), "ar"),
}
_AROUND = frozenset(
    words(
        """in into to switch change speak write talk language please can you we i want continue
        باللغة اللغة لغة غير حول إلى تحدث تكلم ممكن لو سمحت من فضلك أريد ابي عايز"""
    )
)


def detect(text: str) -> str | None:
    """'ar' or 'en' by the script most letters are of; None where there are no letters to tell by."""
    text = text[:_MOST]
    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if text.isascii():
        return "en" if _LATIN.search(text) else None
    arabic = sum(map(len, _ARABIC.findall(text)))
    latin = sum(map(len, _LATIN.findall(text)))
    if not arabic and not latin:
        return None
    return "ar" if arabic >= latin else "en"


def asked_for(said: Sequence[str]) -> str | None:
    """The language a short text is a request for ('English please', 'بالعربي'), given its folded words."""
    if not said or len(said) > 6:
        return None
    wanted = None
    for word in said:
        named = _NAMES.get(word) or _NAMES.get(word.removeprefix("بال").removeprefix("ال"))
        if named is not None:
            wanted = named
        elif word not in _AROUND:
            return None
    return wanted
