"""What Meta looks at inside words, addresses, numbers and signs, beside how long they are."""

import re
import unicodedata
from urllib.parse import urlsplit

_JOINER = "\u200d"
# What follows a picture and belongs to it: selectors, colours of skin, the tags that spell a flag.
_BESIDE = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_KEY = re.compile("[0-9#*]\ufe0f?\u20e3")
# Pictures that Unicode sorts among letters, points and marks.
_ODD = "\u203c\u2049\u2122\u2139\u3030\u303d\u2194\u2795\u2796\u2797"
# Letters and signs without a shape of their own.
_SHAPELESS = "\u2800\u3164\u115f\u1160\uffa0"
_PHONE = re.compile(r"\+?[\d\s().\-/]+", re.ASCII)


def is_empty(text: str) -> bool:
    """Nothing of it can be seen."""
    return all(unicodedata.category(letter)[0] in "CZM" or letter in _SHAPELESS for letter in text)


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    written = all(unicodedata.category(letter)[0] not in "CZ" and letter != "\\" for letter in url)
    return written and parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def is_phone(number: str) -> bool:
    return _PHONE.fullmatch(number) is not None and 3 <= sum(map(str.isdigit, number)) <= 15


def is_emoji(text: str) -> bool:
    """One picture, or several joined to one; a flag; a key of the telephone."""
    if _FLAG.fullmatch(text) or _KEY.fullmatch(text):
        return True
    return all(part and _is_picture(part[0]) and _BESIDE.fullmatch(part, 1) for part in text.split(_JOINER))


def _is_picture(letter: str) -> bool:
    if letter in _ODD or letter in "\u00a9\u00ae":
        return True
    place = ord(letter)
    # New ones stand at the end, before this Python's table knows them.
    if 0x1F6D0 <= place <= 0x1F6FF or 0x1FA70 <= place <= 0x1FAFF:
        return True
    among = 0x2100 <= place <= 0x2BFF or 0x3200 <= place <= 0x32FF or 0x1F000 <= place <= 0x1FAFF
    # Half a flag is none.
    return among and not 0x1F1E6 <= place <= 0x1F1FF and unicodedata.category(letter) in ("So", "Sk", "Sm")
