"""Each payload in tests/payloads, as Meta sends it, and what we understand of it (tests/channels/understood.txt)."""

import json

import pytest
from understood import brief, kept, names, payload

from server.channels import envelope

KEPT = kept()


@pytest.mark.parametrize("name", names())
def test_payload_is_understood(name: str) -> None:
    assert [brief(item) for item in envelope.read(payload(name))] == KEPT[name]


@pytest.mark.parametrize("name", names())
def test_each_item_alone_reads_as_itself(name: str) -> None:
    """What the quarantine keeps of an item can be replayed."""
    for item in envelope.read(payload(name)):
        [again] = envelope.read(item.raw)
        assert brief(again) == brief(item)
        assert (again.channel, again.account_id) == (item.channel, item.account_id)


@pytest.mark.parametrize("name", names())
def test_meta_s_own_spelling_reads_the_same(name: str) -> None:
    """Meta escapes every letter that is not ASCII and writes no spaces."""
    body = payload(name)
    escaped = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert [brief(each) for each in envelope.read(escaped)] == [brief(each) for each in envelope.read(body)]


def test_nothing_is_kept_of_payloads_that_are_gone() -> None:
    assert sorted(KEPT) == names()
