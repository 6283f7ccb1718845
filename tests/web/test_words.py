"""Every text people see exists in Arabic: the sources are scanned for keys and held against the catalogues."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import paths
from server.web import i18n

_PLACES = re.compile(r"\{\w+\}")
_TEXT = r"""\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')"""
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_CALL = re.compile(r"\bt\(" + _TEXT)
_COUNTED = re.compile(r"\bt\.n\(" + _TEXT)
_MARKED = re.compile(r"\b(?:_|gettext)\(" + _TEXT)
_MARKED_COUNTED = re.compile(r"\bngettext\(" + _TEXT)


def _found(pattern: re.Pattern[str], files: Iterator[Path]) -> dict[str, str]:
    """Key → a file that uses it."""
    keys: dict[str, str] = {}
    for path in files:
        for match in pattern.finditer(_COMMENT.sub("", path.read_text(encoding="utf-8"))):
            key = match[1] if match[1] is not None else match[2]
            keys[key.replace('\\"', '"').replace("\\'", "'")] = path.name
    return keys


def _sources(folder: Path, suffix: str) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob(f"*{suffix}")) if "vendor" not in path.parts)


SERVER = paths.LOCALE.parent / "web"
SINGLE = {
    **_found(_CALL, _sources(paths.STATIC, ".js")),
    **_found(_MARKED, _sources(paths.TEMPLATES, ".html")),
    **_found(_MARKED, _sources(SERVER, ".py")),
}
COUNTED = {
    **_found(_COUNTED, _sources(paths.STATIC, ".js")),
    **_found(_MARKED_COUNTED, _sources(paths.TEMPLATES, ".html")),
}
ARABIC = i18n.catalogue("ar")


def test_every_text_has_an_arabic_one() -> None:
    missing = {key: file for key, file in SINGLE.items() if key not in ARABIC.texts}
    assert missing == {}


def test_every_counted_text_has_all_six_arabic_forms() -> None:
    missing = {key: file for key, file in COUNTED.items() if len(ARABIC.texts.get(key, "")) != 6}
    assert missing == {}


def test_a_key_is_single_or_counted_but_not_both() -> None:
    assert SINGLE.keys() & COUNTED.keys() == set()


def test_translations_keep_the_placeholders() -> None:
    for key, text in ARABIC.texts.items():
        for form in text if isinstance(text, list) else [text]:
            # A dual or singular may say the number as a word.
            lost = (
                set(_PLACES.findall(key))
                - set(_PLACES.findall(form))
                - ({"{count}"} if isinstance(text, list) else set())
            )
            assert not lost, f"{key!r} lost {lost}"


@pytest.mark.parametrize(("count", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5)])
def test_arabic_counts_in_six_ways(count: int, form: int) -> None:
    key = next(iter(COUNTED))
    forms = ARABIC.texts[key]
    assert ARABIC.ngettext(key, "", count) == forms[form].replace("{count}", str(count))


def test_unknown_languages_fall_back_to_english() -> None:
    assert i18n.catalogue("tlh").language == "en"
    assert i18n.choose("tlh", accept_language="fr-FR,ar;q=0.8,en;q=0.5") == "ar"
    assert i18n.choose(None, accept_language="") == "en"
