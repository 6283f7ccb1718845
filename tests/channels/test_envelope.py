"""Whatever arrives: nothing raises, nothing is lost, no bad item harms its neighbours."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.channels import envelope
from server.domain.inbound import MessageItem, Rejected, Sender
from server.domain.model import IdentityKind
from server.domain.quarantine import Reason

REAL = [each.read_bytes() for each in sorted((Path(__file__).parent.parent / "payloads").glob("*.json"))]


def page(*items: str) -> bytes:
    return b'{"object":"page","entry":[{"id":"500","messaging":[%b]}]}' % ",".join(items).encode()


def message(mid: str, text: str = '"hello"', **more: str) -> str:
    extra = "".join(f',"{name}":{value}' for name, value in more.items())
    return (
        '{"sender":{"id":"7001"},"recipient":{"id":"500"},"timestamp":1790000000100,'
        f'"message":{{"mid":"{mid}","text":{text}}}{extra}}}'
    )


def texts(body: bytes) -> list[str]:
    return [each.text for each in envelope.read(body) if isinstance(each, MessageItem)]


def reasons(body: bytes) -> list[str]:
    return [each.reason for each in envelope.read(body) if isinstance(each, Rejected)]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"a\ud800b"', "a\ufffdb"),
        (r'"a\udc00\ud800b"', "a\ufffd\ufffdb"),
        (r'"\ud83c\udf19"', "🌙"),
        (r'"\\u0000"', r"\u0000"),
        ('"a\x00b"', "a\ufffdb"),
        ('"tab\there"', "tab\there"),
    ],
)
def test_text_postgresql_cannot_keep_is_replaced(written: str, kept: str) -> None:
    assert texts(page(message("m1"), message("m2", written), message("m3"))) == ["hello", kept, "hello"]


def test_bytes_that_are_no_utf8_cost_only_themselves() -> None:
    body = page(message("m1"), message("m2", '"aXb"')).replace(b"aXb", b"a\xffb")
    assert texts(body) == ["hello", "a\ufffdb"]


@pytest.mark.parametrize("number", ["1e999", "9" * 5000, "-" + "9" * 400, "NaN", "-Infinity", "123456789012345678901"])
def test_numbers_beyond_reason_cost_only_themselves(number: str) -> None:
    body = page(message("m1"), message("m2", odd=number), message("m3"))
    assert texts(body) == ["hello"] * 3
    for item in envelope.read(body):
        assert envelope.read(item.raw)


def test_a_repeated_key_hides_nothing() -> None:
    one, two = message("m1", '"one"'), message("m2", '"two"')
    entries = '{"object":"page","entry":[{"id":"500","messaging":[%s]}],"entry":[{"id":"500","messaging":[%s]}]}'
    items = '{"object":"page","entry":[{"id":"500","messaging":[%s],"messaging":[%s]}]}'
    for shape in (entries, items):
        assert texts((shape % (one, two)).encode()) == ["one", "two"]


def test_a_repeated_key_hides_nothing_on_whatsapp() -> None:
    said = '{"from":"15550001111","id":"wamid.%s","timestamp":"1790000000","type":"text","text":{"body":"%s"}}'
    value = '{"metadata":{"phone_number_id":"7"},"messages":[%s],"messages":[%s]}'
    change = '{"field":"messages","value":' + value % (said % ("1", "one"), said % ("2", "two")) + "}"
    body = b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[%b]}]}' % change.encode()
    assert texts(body) == ["one", "two"]


def test_depth_costs_only_the_deep_item() -> None:
    deep = "[" * 500 + "]" * 500
    assert texts(page(message("m1"), message("m2", attachments=deep), message("m3"))) == ["hello", "hello"]
    assert reasons(page(message("m2", attachments=deep))) == [Reason.UNPARSABLE]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b'{"object":' * 50_000, b"\x00", b"hello", b'{"object":"page"', b"\xff\xfe", b'"' * 99],
)
def test_what_is_no_json_is_kept_whole(body: bytes) -> None:
    [item] = envelope.read(body)
    assert isinstance(item, Rejected)
    assert (item.reason, item.raw) == (Reason.UNPARSABLE, body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"null", Reason.MALFORMED),
        (b"[]", Reason.MALFORMED),
        (b"{}", Reason.UNKNOWN_OBJECT),
        (b'{"object":7}', Reason.UNKNOWN_OBJECT),
        (b'{"object":"page"}', Reason.MALFORMED),
        (b'{"object":"page","entry":{}}', Reason.MALFORMED),
        (b'{"object":"page","entry":[7]}', Reason.MALFORMED),
        (b'{"object":"page","entry":[{"id":"500"}]}', Reason.UNKNOWN_KIND),
        (b'{"object":"page","entry":[{"id":"500","messaging":{}}]}', Reason.MALFORMED),
        (b'{"object":"instagram","entry":[{"field":"comments"}]}', Reason.MALFORMED),
        (b'{"object":"whatsapp_business_account","entry":[{}]}', Reason.MALFORMED),
        (b'{"object":"whatsapp_business_account","entry":[{"changes":[7]}]}', Reason.MALFORMED),
        (b'{"object":"whatsapp_business_account","entry":[{"changes":[{}]}]}', Reason.UNKNOWN_FIELD),
        (b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages"}]}]}', Reason.MALFORMED),
        (
            b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{}}]}]}',
            Reason.UNKNOWN_KIND,
        ),
        (
            b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages",'
            b'"value":{"messages":{}}}]}]}',
            Reason.MALFORMED,
        ),
    ],
)
def test_known_shapes_gone_wrong(body: bytes, reason: Reason) -> None:
    assert reasons(body) == [reason]


def test_ids_too_long_for_an_index_are_refused() -> None:
    assert reasons(page(message("m" * 600))) == [Reason.MALFORMED]


def test_two_people_in_one_change_stay_two() -> None:
    """A contact that contradicts the writer's id must not join two people."""
    value = {
        "metadata": {"phone_number_id": "7"},
        "contacts": [{"wa_id": "15550002222", "user_id": "US.2", "profile": {"name": "Hana"}}],
        "messages": [{"from": "15550001111", "id": "w1", "timestamp": "1790000000", "type": "text", "text": {}}],
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    [item] = envelope.read(json.dumps(body).encode())
    assert isinstance(item, MessageItem)
    assert isinstance(item.sender, Sender)
    assert [(each.kind, each.value) for each in item.sender.addresses] == [(IdentityKind.PHONE, "15550001111")]
    assert item.sender.name == ""


def test_a_batch_of_a_thousand_is_read_in_order() -> None:
    body = page(*(message(f"m{number}", f'"{number}"') for number in range(1000)))
    assert texts(body) == [str(number) for number in range(1000)]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["page", "instagram", "messages", "text", "7001", "1790000000", "", "whatsapp_business_account"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([
            "object", "entry", "changes", "field", "value", "messages", "statuses", "messaging", "standby", "id",
            "type", "message", "mid", "sender", "recipient", "timestamp", "contacts", "read", "postback", "x",
        ]), inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(_json)
@settings(max_examples=300, deadline=None)
def test_any_json_is_read(document: Any) -> None:
    _check(json.dumps(document).encode())


@given(st.sampled_from(REAL), st.data())
@settings(max_examples=600, deadline=None)
def test_real_payloads_with_one_value_replaced(body: bytes, data: st.DataObject) -> None:
    document = json.loads(body)
    _replace_one(document, data)
    _check(json.dumps(document).encode())


@given(st.sampled_from(REAL), st.data())
@settings(max_examples=600, deadline=None)
def test_real_payloads_with_bytes_damaged(body: bytes, data: st.DataObject) -> None:
    damaged = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        if data.draw(st.booleans()):
            damaged[place : place + data.draw(st.integers(1, 20))] = data.draw(st.binary(max_size=6))
        else:
            damaged[place:place] = data.draw(st.sampled_from([b'"', b"{", b"]", b"\\u0000", b"\\ud800", b",", b"\xff"]))
    _check(bytes(damaged))


def _check(body: bytes) -> None:
    items = envelope.read(body)
    assert items
    for item in items:
        assert isinstance(item.raw, bytes)
        # What is understood must be storable: JSON without NUL, and words UTF-8 can spell.
        kept = msgspec.json.encode(item)
        assert b"\\u0000" not in kept or b"\\\\u0000" in kept
        assert envelope.read(item.raw)


def _replace_one(document: Any, data: st.DataObject) -> None:
    """Walks down at random and puts something else where it stops."""
    while True:
        if isinstance(document, dict) and document:
            key: Any = data.draw(st.sampled_from(sorted(document)))
        elif isinstance(document, list) and document:
            key = data.draw(st.integers(0, len(document) - 1))
        else:
            return
        if data.draw(st.integers(0, 2)) == 0 or not isinstance(document[key], dict | list):
            document[key] = data.draw(_json)
            return
        document = document[key]
