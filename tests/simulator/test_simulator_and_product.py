"""The simulator and the product's channels were written from the facts sheet apart: each must understand the other."""

from collections.abc import Callable

import msgspec
import pytest
from simulator.meta_side import BUSINESSES, SECRET, Meta, Receiver

from server.channels import envelope, instagram, messenger, signature, whatsapp_render
from server.channels.graph import Accepted, GraphClient, Refused, Unknown
from server.domain.inbound import Address, EchoItem, Inbound, MessageItem, Rejected, StatusItem, WatermarkItem
from server.domain.model import Channel, IdentityKind, MessageStatus
from server.domain.organisation import Inbox
from server.domain.outgoing import Choices, Location, Option, Outgoing, Text

Switch = Callable[..., None]

RENDER = {
    Channel.WHATSAPP: whatsapp_render.render,
    Channel.MESSENGER: messenger.render,
    Channel.INSTAGRAM: instagram.render,
}
KINDS = {
    Channel.WHATSAPP: IdentityKind.WHATSAPP_USER,
    Channel.MESSENGER: IdentityKind.PAGE_USER,
    Channel.INSTAGRAM: IdentityKind.INSTAGRAM_USER,
}
INBOXES = ("cafe-whatsapp", "school-messenger", "desk-instagram")
MENU = tuple(Option(id=f"o{number}", title=f"الخيار {number}", description="وصف") for number in range(3))
MANY = tuple(Option(id=f"o{number}", title=f"Option {number}") for number in range(9))


def understood(receiver: Receiver) -> list[Inbound]:
    items: list[Inbound] = []
    for body in receiver.raw:
        assert signature.verify(body, signature.sign(body, SECRET), {"default": [SECRET]}) == "default"
        for item in envelope.read(body):
            assert not isinstance(item, Rejected), (item.reason, item.detail)
            items.append(item)
    return items


async def send(meta: Meta, inbox_id: str, outgoing: Outgoing, local_id: str = "out-1") -> object:
    inbox = msgspec.convert({"id": inbox_id, **BUSINESSES["inboxes"][inbox_id]}, Inbox)
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    address = Address(KINDS[inbox.channel], person.identifier(meta.world.inboxes[inbox_id]))
    payload = RENDER[inbox.channel](outgoing, address, local_id)
    async with GraphClient(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0") as client:
        return await client.send(inbox, "a-token", payload, app_secret=SECRET)


@pytest.mark.parametrize("inbox", INBOXES)
@pytest.mark.parametrize(
    "outgoing",
    [
        Text("أهلًا وسهلًا"),
        Choices("كيف نساعدكم؟", MENU),
        Choices("How can we help?", MANY, button="See all"),
        Location(21.54, 39.17, "Havana Café", "Corniche Road"),
    ],
)
async def test_what_the_product_renders_is_accepted_and_shown(meta: Meta, inbox: str, outgoing: Outgoing) -> None:
    outcome = await send(meta, inbox, outgoing)
    assert isinstance(outcome, Accepted), outcome
    thread = meta.simulator.acts.thread("layla-mansour", inbox)
    (line,) = thread.lines
    assert line.id == outcome.provider_id
    if isinstance(outgoing, Choices):
        assert [option.title for option in line.options] == [option.title for option in outgoing.options]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_customers_do_is_understood(meta: Meta, receiver: Receiver, inbox: str) -> None:
    await meta.control("/customers/layla-mansour/start", {"inbox": inbox, "entrance": "ad"})
    await meta.said("layla-mansour", inbox, "مساء الخير 🙂")
    outcome = await send(meta, inbox, Choices("كيف نساعدكم؟", MENU))
    assert isinstance(outcome, Accepted)
    await meta.control("/customers/layla-mansour/look", {"inbox": inbox})
    await meta.control("/customers/layla-mansour/press", {"inbox": inbox, "option": "o1"})
    await meta.control("/customers/layla-mansour/start", {"inbox": inbox, "entrance": "link"})
    await meta.settled()
    items = understood(receiver)
    messages = [item for item in items if isinstance(item, MessageItem)]
    assert any(item.text == "مساء الخير 🙂" for item in messages)
    assert any(item.payload == "o1" for item in messages)
    assert any(item.referral is not None and item.referral.source_id for item in messages)
    assert {item.account_id for item in items} == {BUSINESSES["inboxes"][inbox]["external_id"]}
    assert len({item.key for item in items}) == len(items)
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    for message in messages:
        assert message.sender.addresses[0].value == person.identifier(meta.world.inboxes[inbox])


async def test_receipts_are_understood_on_each_channel(meta: Meta, receiver: Receiver) -> None:
    for inbox in INBOXES:
        await meta.said("layla-mansour", inbox, "Hi")
        await meta.control("/customers/layla-mansour/look", {"inbox": inbox})
        assert isinstance(await send(meta, inbox, Text("Welcome"), f"out-{inbox}"), Accepted)
        await meta.settled()
    items = understood(receiver)
    statuses = [item.status for item in items if isinstance(item, StatusItem) and item.channel is Channel.WHATSAPP]
    assert statuses == [MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ]
    assert {item.local_id for item in items if isinstance(item, StatusItem) and item.channel is Channel.WHATSAPP} == {
        "out-cafe-whatsapp"
    }
    echoes = {item.channel: item for item in items if isinstance(item, EchoItem)}
    assert echoes[Channel.MESSENGER].metadata == "out-school-messenger"
    assert echoes[Channel.MESSENGER].app_id == meta.config.meta_id
    assert echoes[Channel.INSTAGRAM].text == "Welcome"
    assert any(isinstance(item, WatermarkItem) and item.status is MessageStatus.READ for item in items)
    reads = [item for item in items if isinstance(item, StatusItem) and item.channel is Channel.INSTAGRAM]
    assert [item.status for item in reads] == [MessageStatus.READ]


async def test_refusals_and_silence_are_told_apart(meta: Meta, receiver: Receiver, set_switches: Switch) -> None:
    set_switches(throttle=1.0)
    refused = await send(meta, "cafe-whatsapp", Text("x"))
    assert isinstance(refused, Refused)
    assert refused.failure.code == 130429
    set_switches(throttle=0.0, server_errors=1.0)
    assert isinstance(await send(meta, "cafe-whatsapp", Text("x")), Unknown)
    set_switches(server_errors=0.0)
    await meta.control("/customers/layla-mansour/set", {"inbox": "cafe-whatsapp", "last_wrote_hours_ago": 25})
    assert isinstance(await send(meta, "cafe-whatsapp", Text("x")), Accepted)
    await meta.settled()
    (failed,) = [item for item in understood(receiver) if isinstance(item, StatusItem)]
    assert failed.failure is not None
    assert (failed.status, failed.failure.code) == (MessageStatus.FAILED, 131047)


async def test_answers_typed_elsewhere_are_echoes_of_another_app(meta: Meta, receiver: Receiver) -> None:
    for inbox in INBOXES:
        await meta.said("sara-khalil", inbox, "Hi")
        await meta.control("/customers/sara-khalil/business", {"inbox": inbox, "text": "From my phone"})
    await meta.settled()
    echoes = [item for item in understood(receiver) if isinstance(item, EchoItem)]
    assert sorted(item.channel for item in echoes) == sorted(KINDS)
    assert all(item.text == "From my phone" and item.app_id != meta.config.meta_id for item in echoes)
