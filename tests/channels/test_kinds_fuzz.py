"""Each kind with one of its inner objects missing, null or of the wrong type: read without raising, at no neighbour's
cost, and kept as a line of its own kind or set aside by itself (P3).
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kind_samples import id_of, inbound_pairs, told

from server.channels import envelope
from server.domain import kinds
from server.domain.inbound import MessageItem, Rejected
from server.domain.model import Channel

Path = tuple[str | int, ...]
MISSING = object()
ODD = st.sampled_from([
    MISSING, None, True, 0, -1, 1e308, 10**30, "", "x", "\0", "x" * 3000, [], [None], [[]], {}, {"x": None},
    "1790000000", "{\"a\":[1,{}]}", "[" * 100, [{"type": None}], {"type": 7}, {"id": {}},
])  # fmt: skip


def items_of(document: Any, channel: Channel) -> list[Any]:
    """The list in which the document's one item stands."""
    [entry] = document["entry"]
    if channel is not Channel.WHATSAPP:
        name = next(each for each in ("messaging", "standby", "changes") if each in entry)
        return list_of(entry, name)
    value = entry["changes"][0]["value"]
    name = next(each for each in ("messages", "calls", "control_passed") if each in value)
    return list_of(entry, "changes") if name == "control_passed" else list_of(value, name)


def list_of(holder: Any, name: str) -> list[Any]:
    found = holder[name]
    assert isinstance(found, list)
    return found


def paths_in(value: Any, before: Path = ()) -> Iterator[Path]:
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for name, each in steps:
        yield (*before, name)
        yield from paths_in(each, (*before, name))


def spoilt(item: Any, path: Path, odd: Any) -> Any:
    item = copy.deepcopy(item)
    holder = item
    for step in path[:-1]:
        holder = holder[step]
    if odd is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return item


def neighbour(item: Any, channel: Channel, number: int) -> Any:
    """A plain text of somebody else, in the same list."""
    if channel is Channel.WHATSAPP:
        return {"from": f"1555000999{number}", "id": f"wamid.neighbour{number}", "timestamp": "1790000000",
                "type": "text", "text": {"body": f"neighbour {number}"}}  # fmt: skip
    said = {"sender": {"id": f"999{number}"}, "recipient": {"id": "500"}, "timestamp": 1790000000100,
            "message": {"mid": f"m_neighbour{number}", "text": f"neighbour {number}"}}  # fmt: skip
    return {"field": "messages", "value": said} if "field" in item else said


@pytest.mark.parametrize("pair", inbound_pairs(), ids=id_of)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_item_costs_only_itself(pair: tuple[Channel, str], data: st.DataObject) -> None:
    channel, _ = pair
    document = json.loads(told()[pair][1].raw)
    items = items_of(document, channel)
    [whole] = items
    path = data.draw(st.sampled_from(list(paths_in(whole))))
    broken = spoilt(whole, path, data.draw(ODD))
    alike = "type" in whole or "sender" in whole or whole.get("field") == "messages"
    around = [neighbour(whole, channel, number) for number in range(2)] if alike else []
    items[:] = [*around[:1], broken, *around[1:]]

    found = envelope.read(json.dumps(document).encode())
    assert len(found) == len(items)
    texts = [each.text for each in found if isinstance(each, MessageItem)]
    assert [text for text in texts if text.startswith("neighbour")] == [f"neighbour {n}" for n in range(len(around))]
    for item in found:
        # What is understood can be stored, and what is kept can be read again.
        assert b"\\u0000" not in msgspec.json.encode(item).replace(b"\\\\u0000", b"")
        assert len(envelope.read(item.raw)) == 1
        if isinstance(item, MessageItem):
            assert item.kind in kinds.CATALOGUE
            assert item.sender.addresses


@pytest.mark.parametrize("pair", inbound_pairs(), ids=id_of)
def test_a_kind_without_its_own_object_keeps_its_name(pair: tuple[Channel, str]) -> None:
    """What is null or not there at all is said so, and the message is kept: the kind alone is news enough."""
    channel, kind = pair
    document = json.loads(told()[pair][1].raw)
    items = items_of(document, channel)
    [whole] = items
    for name, odd in ((name, odd) for name in _own(whole, channel) for odd in (MISSING, None, 7, [], "x")):
        items[:] = [spoilt(whole, (name,), odd)]
        [item] = envelope.read(json.dumps(document).encode())
        if isinstance(item, Rejected):
            # Without its message, reaction, edit or receipt there is nothing to be about.
            assert channel is not Channel.WHATSAPP
            assert item.detail
            continue
        assert isinstance(item, MessageItem)
        if channel is Channel.WHATSAPP and name == kind:
            assert item.kind == kind
            assert item.body.get("missing") in (kind, "message")


def _own(item: Any, channel: Channel) -> list[str]:
    if channel is Channel.WHATSAPP:
        return [item["type"]] if item.get("type") in item else []
    return [name for name in item if name not in ("sender", "recipient", "timestamp", "field", "lead")]
