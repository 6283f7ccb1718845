"""Every refusal a person can meet exists in Arabic: the words of the errors that actions, rules and routes raise."""

import re

from server import paths
from server.web import i18n

_RAISED = re.compile(
    r"(?:Unauthenticated|Forbidden|NotFound|Invalid|Conflict|OfferGone|AtCapacity|StaleReply|WindowClosed|TooMany)"
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
