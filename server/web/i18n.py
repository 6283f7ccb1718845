"""The words of the product in each language. English is the key; the others are `server/locale/LANGUAGE*.po`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import msgspec
from babel import Locale
from babel.messages.pofile import read_po

from server import paths

LANGUAGES = {"en": "English", "ar": "العربية"}
DEFAULT = "en"

# The classes of letters that run one way.
_LEFT, _RIGHT = ("L",), ("R", "AL")


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    # 'ltr' or 'rtl'.
    dir: str
    # A list holds the plural forms in the language's own order; the key is the English singular.
    texts: dict[str, str | list[str]]

    def gettext(self, key: str, /, **values: object) -> str:
        """The text with its values; one that runs the other way is set apart, so that it does not turn the sentence."""
        text = self.texts.get(key, key)
        values = {name: self._isolated(str(value)) for name, value in values.items()}
        return _fill(text[-1] if isinstance(text, list) else text, values)

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        forms = self.texts.get(singular)
        if isinstance(forms, list):
            text = forms[_plural_index(self.language, count)]
        else:
            text = singular if count == 1 else plural
        return _fill(text, {"count": count, **values})

    def _isolated(self, value: str) -> str:
        foreign = _LEFT if self.dir == "rtl" else _RIGHT
        return f"\u2068{value}\u2069" if any(bidirectional(letter) in foreign for letter in value) else value


@cache
def catalogues(folder: Path = paths.LOCALE) -> dict[str, Catalogue]:
    """Every language's catalogue, read once."""
    return {language: _load(language, folder) for language in LANGUAGES}


def catalogue(language: str | None) -> Catalogue:
    """The catalogue of the language, or English."""
    known = catalogues()
    return known.get(language or DEFAULT, known[DEFAULT])


def choose(*wishes: str | None, accept_language: str = "") -> str:
    """The first wish we speak, else the best of the browser's own list."""
    for wish in (*wishes, *_accepted(accept_language)):
        if wish in LANGUAGES:
            return wish
    return DEFAULT


def _load(language: str, folder: Path) -> Catalogue:
    texts: dict[str, str | list[str]] = {}
    for path in sorted(folder.glob(f"{language}*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                key: Any = message.id
                text: Any = message.string
                if isinstance(key, (list, tuple)) and all(text):
                    texts[key[0]] = list(text)
                elif key and isinstance(key, str) and text:
                    texts[key] = text
    dir_ = "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"
    return Catalogue(language=language, dir=dir_, texts=texts)


def _accepted(header: str) -> Iterable[str]:
    """Language codes of an Accept-Language header, as they come: browsers send the best first."""
    return (part.split(";")[0].strip().split("-")[0].lower() for part in header.split(","))


def _plural_index(language: str, count: int) -> int:
    """The place of the form in the .po file: Babel's Arabic order is zero, one, two, few, many, other."""
    order = ("zero", "one", "two", "few", "many", "other") if language == "ar" else ("one", "other")
    return order.index(Locale.parse(language).plural_form(count))


def _fill(text: str, values: dict[str, object]) -> str:
    # Not str.format: a translator's stray brace must not break a page.
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
