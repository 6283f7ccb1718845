"""Sends whose answer was lost, told by what Meta says next (facts §12.6, §12.7): never sent again."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from conftest import TestServices
from factories import make_conversation, make_customer, make_viewer
from playing_meta import Meta, refuses, stall

from server.actions.arrivals import Arrival
from server.actions.deliver import Deliverer
from server.actions.receive import receive
from server.actions.reply import reply, retry
from server.actions.unit import unit
from server.channels import envelope
from server.domain.conversation import Conversation
from server.domain.inbound import Rejected
from server.domain.model import Channel
from server.store.vault import Vault, generate_key

AT = 1790000000


@pytest.fixture
async def meta() -> AsyncIterator[Meta]:
    async with Meta() as playing:
        yield playing


@pytest.fixture
async def deliverer(services: TestServices, meta: Meta) -> AsyncIterator[Deliverer]:
    async with meta.client(0.3) as graph:
        yield Deliverer(services, graph, Vault([generate_key()]), default_token="TOKEN")


async def begin(services: TestServices, channel: Channel, text: str = "Hello") -> tuple[Conversation, int, str]:
    owner = await make_viewer(services.pool)
    customer = await make_customer(services.pool, channel=channel)
    inbox = services.organisation().inboxes[f"financial-{channel}"]
    if channel is not Channel.WHATSAPP:
        await services.pool.execute(
            "update identity set scope = $2 where id = $1", customer.identity_id, inbox.external_id
        )
    talk = await make_conversation(services.pool, owner=owner, channel=channel, customer=customer)
    result = await reply(services, owner, talk.id, command_id="c1", text=text, based_on_version=talk.version)
    return talk, result["message_id"], customer.value


async def arrive(services: TestServices, channel: Channel, body: dict[str, Any]) -> None:
    organisation = services.organisation()
    inbox = organisation.inboxes[f"financial-{channel}"]
    items = envelope.read(json.dumps(body).encode())
    async with unit(services) as work:
        await receive(work, [
            Arrival(inbox=inbox, sector=organisation.sectors[inbox.sector], item=item)
            for item in items if not isinstance(item, Rejected)
        ])  # fmt: skip


def whatsapp_status(name: str, local_id: str, **more: Any) -> dict[str, Any]:
    status = {"id": "wamid.S1", "status": name, "timestamp": str(AT), "recipient_id": "201000000000"} | more
    value = {"metadata": {"phone_number_id": "700"}, "statuses": [status | {"biz_opaque_callback_data": local_id}]}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def echo(kind: str, account: str, customer: str, **message: Any) -> dict[str, Any]:
    item = {
        "sender": {"id": account}, "recipient": {"id": customer}, "timestamp": AT * 1000,
        "message": {"mid": "m_echo", "is_echo": True, "app_id": 1000000000000001} | message,
    }  # fmt: skip
    return {"object": kind, "entry": [{"id": account, "time": AT * 1000, "messaging": [item]}]}


async def outbound(services: TestServices) -> list[tuple[str, str, str | None]]:
    found = await services.pool.fetch(
        "select author, status, provider_id from message where direction = 'outbound' order by id"
    )
    return [(row["author"], row["status"], row["provider_id"]) for row in found]


async def state(services: TestServices) -> str:
    found: str = await services.pool.fetchval("select state from outbox")
    return found


async def local_id(services: TestServices) -> str:
    return str(await services.pool.fetchval("select local_id from outbox"))


async def test_a_status_with_our_opaque_id_tells_that_it_was_sent(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = stall
    await begin(services, Channel.WHATSAPP)
    await deliverer.deliver_due()
    assert await state(services) == "uncertain"
    await arrive(services, Channel.WHATSAPP, whatsapp_status("sent", meta.sends[0]["biz_opaque_callback_data"]))
    assert await state(services) == "accepted"
    assert await outbound(services) == [("advisor", "sent", "wamid.S1")]
    await services.pool.execute("update outbox set holds_until = now() - interval '1 hour'")
    assert await deliverer.deliver_due() == 0
    assert len(meta.sends) == 1


async def test_an_echo_that_carries_our_id_adds_no_message(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = stall
    _, _, customer = await begin(services, Channel.MESSENGER)
    await deliverer.deliver_due()
    account = services.organisation().inboxes["financial-messenger"].external_id
    metadata = meta.sends[0]["message"]["metadata"]
    await arrive(services, Channel.MESSENGER, echo("page", account, customer, text="Hello", metadata=metadata))
    assert await state(services) == "accepted"
    assert await outbound(services) == [("advisor", "accepted", "m_echo")]


async def test_an_instagram_echo_is_told_by_person_and_words(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = stall
    _, _, customer = await begin(services, Channel.INSTAGRAM)
    await deliverer.deliver_due()
    account = services.organisation().inboxes["financial-instagram"].external_id
    await arrive(services, Channel.INSTAGRAM, echo("instagram", account, customer, text="Hello"))
    assert await state(services) == "accepted"
    assert await outbound(services) == [("advisor", "accepted", "m_echo")]


async def test_an_instagram_echo_of_the_same_words_belongs_to_the_call_that_was_out(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    """Two of our sends say the same and neither was answered: Instagram's echo names no app, only a time."""
    meta.answer = stall
    talk, first, customer = await begin(services, Channel.INSTAGRAM)
    await deliverer.deliver_due()
    await services.pool.execute(
        "update outbox set sending_at = sending_at - interval '2 minutes', holds_until = now() - interval '1 minute'"
    )
    owner_id = await services.pool.fetchval("select owner_id from conversation where id = $1", talk.id)
    owner = msgspec.structs.replace(await make_viewer(services.pool), user_id=owner_id)
    version = await services.pool.fetchval("select version from conversation where id = $1", talk.id)
    second = (await reply(services, owner, talk.id, command_id="c2", text="Hello", based_on_version=version))[
        "message_id"
    ]
    await deliverer.deliver_due()
    account = services.organisation().inboxes["financial-instagram"].external_id
    for mid, ago in (("m_second", 0), ("m_first", 120)):
        body = echo("instagram", account, customer, mid=mid, text="Hello", app_id=None)
        body["entry"][0]["messaging"][0]["timestamp"] = int((time.time() - ago) * 1000)
        await arrive(services, Channel.INSTAGRAM, body)

    found = await services.pool.fetch(
        "select id, author, provider_id from message where direction = 'outbound' order by id"
    )
    assert [tuple(each) for each in found] == [(first, "advisor", "m_first"), (second, "advisor", "m_second")]


async def test_an_echo_before_the_answer_is_the_same_message(services: TestServices, deliverer: Deliverer) -> None:
    _, message_id, customer = await begin(services, Channel.MESSENGER)
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    account = services.organisation().inboxes["financial-messenger"].external_id
    body = echo("page", account, customer, text="Hello", metadata=claimed.local_id)
    await arrive(services, Channel.MESSENGER, body)
    assert claimed.message_id == message_id
    assert await outbound(services) == [("advisor", "accepted", "m_echo")]


async def test_what_a_person_typed_in_metas_inbox_is_a_message_of_its_own(
    services: TestServices, deliverer: Deliverer
) -> None:
    _, _, customer = await begin(services, Channel.MESSENGER)
    await deliverer.tend()
    await deliverer.claim(10)
    account = services.organisation().inboxes["financial-messenger"].external_id
    body = echo("page", account, customer, text="Hello", app_id=26390203743090)
    await arrive(services, Channel.MESSENGER, body)
    assert ("business", "sent", "m_echo") in await outbound(services)
    assert await state(services) == "sending"


async def test_a_failure_told_later_reaches_the_advisor(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    _, message_id, _ = await begin(services, Channel.WHATSAPP)
    await deliverer.deliver_due()
    provider_id = await services.pool.fetchval("select provider_id from message where id = $1", message_id)
    failed = whatsapp_status(
        "failed", await local_id(services), id=provider_id, errors=[{"code": 131026, "title": "No"}]
    )
    await arrive(services, Channel.WHATSAPP, failed)
    row = await services.pool.fetchrow("select status, failure from message where id = $1", message_id)
    assert row is not None
    assert (row["status"], row["failure"]["code"]) == ("failed", 131026)


async def test_statuses_out_of_order_end_at_read(services: TestServices, deliverer: Deliverer) -> None:
    """Facts §12.2: the same delivery three times, then read, sent, delivered."""
    _, message_id, _ = await begin(services, Channel.WHATSAPP)
    await deliverer.deliver_due()
    provider_id = await services.pool.fetchval("select provider_id from message where id = $1", message_id)
    for name in ("read", "read", "read", "sent", "delivered"):
        await arrive(services, Channel.WHATSAPP, whatsapp_status(name, await local_id(services), id=provider_id))
    assert await services.pool.fetchval("select status from message where id = $1", message_id) == "read"


async def test_news_of_an_earlier_attempt_does_not_undo_the_next(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [refuses(131026)]
    talk, message_id, _ = await begin(services, Channel.WHATSAPP)
    await deliverer.deliver_due()
    earlier = await local_id(services)
    owner_id = await services.pool.fetchval("select owner_id from conversation where id = $1", talk.id)
    owner = msgspec.structs.replace(await make_viewer(services.pool), user_id=owner_id)
    await retry(services, owner, message_id, "r1")
    await arrive(services, Channel.WHATSAPP, whatsapp_status("failed", earlier))
    await deliverer.deliver_due()
    assert await services.pool.fetchval("select status from message where id = $1", message_id) == "accepted"
