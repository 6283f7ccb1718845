"""At least once, in order, until 200 – and the misbehaviour that can be asked for."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from simulator.meta_side import Meta, Receiver, eventually

Switch = Callable[..., None]


async def test_retries_until_it_is_acknowledged(meta: Meta, receiver: Receiver) -> None:
    receiver.answers = [503, 500, 403, 302]
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Are you open?")
    assert [message["id"] for message in receiver.messages] == [wrote]
    answers = [line["answer"] for line in meta.logged("post_answered")]
    assert answers == [503, 500, 403, 302, 200]
    assert [line["key"] for line in meta.logged("item_acknowledged")] == [wrote]


async def test_loses_nothing_while_the_product_is_away(meta: Meta, receiver: Receiver) -> None:
    receiver.answers = [503] * 8
    for number in range(12):
        await meta.control("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp", "text": f"line {number}"})
    await meta.settled()
    assert [message["text"]["body"] for message in receiver.messages] == [f"line {number}" for number in range(12)]


async def test_keeps_the_order_of_a_thread_across_parallel_posts(meta: Meta, receiver: Receiver) -> None:
    people = ["sara-khalil", "omar-haddad", "layla-mansour", "james-whitfield"]
    for number in range(20):
        for person in people:
            thread = meta.simulator.acts.thread(person, "school-messenger")
            meta.simulator.speaking.say(thread, f"{number}")
    await meta.settled()
    by_person: dict[str, list[int]] = {}
    for item in receiver.messaging:
        by_person.setdefault(item["sender"]["id"], []).append(int(item["message"]["text"]))
    assert list(by_person.values()) == [list(range(20))] * 4


async def test_duplicates_are_the_same_bytes(meta: Meta, receiver: Receiver, set_switches: Switch) -> None:
    set_switches(duplicates=1.0)
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Twice, please")
    assert len(receiver.raw) >= 2
    assert len(set(receiver.raw)) == 1
    assert {message["id"] for message in receiver.messages} == {wrote}


async def test_a_recut_batch_keeps_each_items_identity(meta: Meta, receiver: Receiver, set_switches: Switch) -> None:
    set_switches(recut=1.0, batch=4)
    wrote = [
        meta.simulator.speaking.say(meta.simulator.acts.thread(person, "cafe-whatsapp"), "Hello")
        for person in ("sara-khalil", "omar-haddad", "james-whitfield")
        for _ in range(4)
    ]
    await meta.settled()
    seen: dict[str, set[str]] = {}
    for message in receiver.messages:
        seen.setdefault(message["id"], set()).add(str(sorted(message.items(), key=str)))
    assert set(seen) == {line.id for line in wrote}
    assert all(len(contents) == 1 for contents in seen.values())
    assert len(receiver.messages) == 2 * len(wrote)


async def test_disorder_lets_later_items_pass_but_loses_none(
    meta: Meta, receiver: Receiver, set_switches: Switch
) -> None:
    set_switches(disorder=0.5)
    thread = meta.simulator.acts.thread("sara-khalil", "cafe-whatsapp")
    for number in range(20):
        meta.simulator.speaking.say(thread, f"{number}")
    await meta.settled()
    order = [int(message["text"]["body"]) for message in receiver.messages]
    assert sorted(order) == list(range(20))
    assert any(before > after for before, after in pairwise(order))


async def test_a_wrong_signature_is_refused_and_comes_again(
    meta: Meta, receiver: Receiver, set_switches: Switch
) -> None:
    set_switches(wrong_signature=True)
    await meta.control("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp", "text": "Hi"})
    await eventually(lambda: receiver.refused >= 2)
    set_switches(wrong_signature=False)
    await meta.settled()
    assert len(receiver.messages) == 1


async def test_held_webhooks_go_out_when_the_switch_turns(meta: Meta, receiver: Receiver) -> None:
    await meta.control("", {"hold_webhooks": True})
    await meta.control("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp", "text": "Hi"})
    assert (await meta.control("/drain", {"timeout": 0.1}))["outstanding"] == 1
    assert receiver.bodies == []
    await meta.control("", {"hold_webhooks": False})
    assert (await meta.control("/drain", {"timeout": 5}))["drained"]
    assert len(receiver.messages) == 1


async def test_an_unsubscribed_account_hears_nothing(meta: Meta, receiver: Receiver) -> None:
    path = "102290000000101/subscribed_apps"
    assert (await meta.graph(path))[1]["data"] != []
    assert await meta.graph(path, method="DELETE") == (200, {"success": True})
    assert (await meta.graph(path))[1] == {"data": []}
    await meta.said("sara-khalil", "cafe-whatsapp", "Anybody?")
    assert receiver.bodies == []
    assert len(meta.logged("item_dropped")) == 1
    assert await meta.graph(path, {}) == (200, {"success": True})
    await meta.said("sara-khalil", "cafe-whatsapp", "And now?")
    assert len(receiver.messages) == 1


async def test_after_long_failure_a_page_is_unsubscribed_and_a_number_is_not(meta: Meta, receiver: Receiver) -> None:
    await meta.control("", {"patience_seconds": 0.1})
    receiver.answers = [500] * 30
    await meta.control("/customers/sara-khalil/say", {"inbox": "school-messenger", "text": "Anybody?"})
    await eventually(lambda: meta.world.switches.unsubscribed == ["school-messenger"])
    assert [each["reason"] for each in meta.logged("item_dropped")] == ["no answer for too long"]
    await meta.control("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp", "text": "Anybody?"})
    await eventually(lambda: not receiver.answers)
    await meta.settled()
    assert (len(receiver.messaging), len(receiver.messages)) == (0, 1)
    assert meta.world.switches.unsubscribed == ["school-messenger"]
    await meta.graph("109870000000201/subscribed_apps", {})
    await meta.said("sara-khalil", "school-messenger", "And now?")
    assert [item["message"]["text"] for item in receiver.messaging] == ["And now?"]


@pytest.mark.parametrize(
    ("disabled", "inbox"), [("page", "school-messenger"), ("whatsapp_business_account", "cafe-whatsapp")]
)
async def test_an_app_without_webhooks_of_a_kind_hears_the_others(
    meta: Meta, receiver: Receiver, disabled: str, inbox: str
) -> None:
    await meta.control("", {"webhooks_disabled": [disabled]})
    callbacks = (await meta.graph("420000000000042/subscriptions"))[1]["data"]
    assert {each["object"] for each in callbacks if not each["active"]} == {disabled}
    for each in ("school-messenger", "cafe-whatsapp"):
        await meta.said("sara-khalil", each, "Anybody?")
    assert [each["inbox"] for each in meta.logged("item_dropped")] == [inbox]
    assert len(receiver.messages) + len(receiver.messaging) == 1


async def test_the_handshake_wants_the_bare_challenge(meta: Meta) -> None:
    assert await meta.control("/handshake", {}) == {"ok": True, "status": 200}


async def test_raw_bodies_are_signed_as_they_are(meta: Meta, receiver: Receiver) -> None:
    await meta.control("/raw", {"body": {"object": "page", "entry": [{"id": "0", "unheard_of": "é"}]}})
    await meta.settled()
    assert receiver.raw == [b'{"object":"page","entry":[{"id":"0","unheard_of":"\\u00e9"}]}']
