"""Every refusal a person can meet exists in Arabic: the words of the errors that actions, rules and routes raise."""

import re

from server import paths
from server.domain import limit_words, pointing
from server.web import i18n

_RAISED = re.compile(
    r"(?:Unauthenticated|Forbidden|NotFound|Invalid|Conflict|OfferGone|AtCapacity|StaleReply|WindowClosed|TooMany|TooLarge|Unavailable)"
    r'\(\s*"((?:[^"\\]|\\.)*)"'
)
# Only told to engineers: at the command line, when an organisation is applied, at Meta's door.
_NOT_FOR_PEOPLE = ("organisation", "inboxes", "toml_lines", "folder_file", "journal", "flow", "compiled")


def test_every_refusal_has_an_arabic_one() -> None:
    found = {
        text: path.name
        for folder in ("actions", "domain", "web")
        for path in sorted((paths.LOCALE.parent / folder).rglob("*.py"))
        if not path.stem.startswith(_NOT_FOR_PEOPLE)
        for text in _RAISED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 30
    known = i18n.catalogue("ar").texts
    assert {text: place for text, place in found.items() if text not in known} == {}


def test_why_a_message_cannot_be_pointed_at_is_told_in_arabic() -> None:
    told = {text for name, text in vars(pointing).items() if name.startswith(("_QUOTE", "_REACT", "_TAKEN"))}
    assert len(told) == 7
    assert told - i18n.catalogue("ar").texts.keys() == set()


def test_every_limit_is_named_in_arabic() -> None:
    tables = (limit_words._TOO_LONG, limit_words._IN_BYTES, limit_words._NONE_AT_ALL, limit_words._TOO_MANY,
              limit_words._EMPTY)  # fmt: skip
    told = {text for table in tables for text in table.values()} | {limit_words._NO_TITLE}
    known = i18n.catalogue("ar").texts
    assert told - known.keys() == set()
    for text in told:
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", str(known[text])))
