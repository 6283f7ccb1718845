"""Every kind of the catalogue, on every channel where Meta tells us of it, is read into its own shape and no other."""

import pytest
from kind_samples import id_of, inbound_pairs, told
from understood import names, payload

from server.channels import envelope
from server.domain import kinds
from server.domain.inbound import EchoItem, MessageItem
from server.domain.model import Channel

# What a body may hold, by kind: the table of shapes that the console is built on. Nothing of Meta's own beside it.
SHAPES: dict[str, set[str]] = {
    "location": {"location"}, "contacts": {"contacts"}, "order": {"order"}, "list_reply": {"description"},
    "form_reply": {"form"}, "call_permission": {"call_permission"}, "interactive": {"interactive"}, "lead": {"lead"},
    "story_mention": {"story"}, "story_reply": {"story"}, "post": {"post"}, "reel": {"reel"},
    "view_once": {"view_once"}, "product": {"product"}, "template": {"template"}, "fallback": {"link"},
    "appointment": {"appointment"}, "comment": {"comment"}, "call": {"call"}, "call_ended": {"call"},
    "unsupported": {"unsupported"}, "unknown": {"unknown"}, "system": {"system"}, "optin": {"optin"},
    "handover": {"handover"}, "account_linking": {"account_linking"}, "response_feedback": {"feedback"},
    "text": {"link", "unknown"},
}  # fmt: skip
MARKS = {"forwarded", "product", "errors", "missing", "commands", "others"}


@pytest.mark.parametrize("pair", inbound_pairs(), ids=id_of)
def test_kind_is_read(pair: tuple[Channel, str]) -> None:
    _, item = told()[pair]
    assert set(item.body) <= SHAPES.get(item.kind, set()) | MARKS
    if kinds.CATALOGUE[item.kind].about:
        assert item.about
    if item.kind in kinds.MEDIA:
        assert item.attachments
        assert item.attachments[0].kind == item.kind


@pytest.mark.parametrize("name", names())
def test_no_kind_is_outside_the_catalogue(name: str) -> None:
    for item in envelope.read(payload(name)):
        if isinstance(item, MessageItem | EchoItem):
            known = kinds.CATALOGUE[item.kind]
            assert item.channel in known.inbound
            assert set(item.body) <= SHAPES.get(item.kind, set()) | MARKS


def test_secrets_that_customers_hand_over_are_not_kept() -> None:
    kept = b"".join(
        repr(item.body).encode()
        for name in names()
        for item in envelope.read(payload(name))
        if isinstance(item, MessageItem)
    )
    for secret in (b"TOKEN-9", b"CODE-9", b"secret-token"):
        assert secret not in kept


def test_what_nobody_answers_is_told_from_what_they_do() -> None:
    assert [word for word in kinds.CATALOGUE if not kinds.speaks(word)] == [
        "reaction", "edit", "revoke", "system", "optin", "handover", "account_linking", "response_feedback",
        "call_ended",
    ]  # fmt: skip
    assert [word for word in kinds.CATALOGUE if kinds.is_about(word)] == ["reaction", "edit", "revoke"]
    # A word of another version names itself, and is answered.
    assert kinds.name("hologram") == "hologram"
    assert kinds.speaks("hologram")
