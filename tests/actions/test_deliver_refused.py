"""What is not sent, and what Meta will not take: tried again, rested, or failed with the reason (P8)."""

from datetime import UTC, datetime, timedelta

from conftest import TestServices
from delivering import another, message, moved, pass_time, rows, say, talk
from factories import make_viewer
from playing_meta import Meta, accept, refuses

from server.actions.deliver import Deliverer
from server.channels.graph import GraphClient
from server.domain.model import Channel


async def test_nobody_there_is_tried_again_by_itself(services: TestServices, meta: Meta) -> None:
    message_id = await say(services, await talk(services), "Good morning")
    async with GraphClient(
        graph_url="http://127.0.0.1:9", instagram_graph_url="http://127.0.0.1:9", version="v26.0"
    ) as nowhere:
        worker = another(services, nowhere)
        assert await worker.deliver_due() == 1
        assert await rows(services) == [("queued", 1)]
        assert await worker.deliver_due() == 0
        await worker.release()
    await pass_time(services, 3)
    async with meta.client() as graph:
        assert await another(services, graph).deliver_due() == 1
    assert (await message(services, message_id))["status"] == "accepted"
    assert len(meta.sends) == 1


async def test_a_pair_limit_delays_this_recipient_only(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    owner = await make_viewer(services.pool)
    meta.script = [refuses(131056), accept, accept]
    omar = await talk(services, owner=owner)
    await say(services, omar, "one", "two")
    assert await deliverer.deliver_due() == 1
    await say(services, await talk(services, owner=owner), "eins")
    assert await deliverer.deliver_due() == 1
    assert meta.texts == ["one", "eins"]
    await pass_time(services, 3)
    assert await deliverer.deliver_due() == 0, "four seconds, says Meta"
    await pass_time(services, 2)
    await deliverer.deliver_due()
    await deliverer.deliver_due()
    assert meta.texts == ["one", "eins", "one", "two"]
    assert moved(services) == ["accepted"] * 3


async def test_a_number_limit_rests_the_inbox(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    owner = await make_viewer(services.pool)
    meta.script = [refuses(130429)]
    await say(services, await talk(services, owner=owner), "one")
    await deliverer.deliver_due()
    await say(services, await talk(services, owner=owner), "two")
    assert await deliverer.deliver_due() == 0
    messenger = await talk(services, owner=owner, channel=Channel.MESSENGER)
    await say(services, messenger, "elsewhere")
    assert await deliverer.deliver_due() == 1


async def test_retries_end_in_a_failure_for_the_advisor(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = refuses(131000, status=500)
    message_id = await say(services, await talk(services), "Good morning")
    for _ in range(10):
        await deliverer.deliver_due()
        await pass_time(services, 4000)
    assert len(meta.sends) == 4
    stored = await message(services, message_id)
    assert stored["status"] == "failed"
    assert stored["failure"]["code"] == 131000
    assert moved(services) == ["failed"]


async def test_after_a_failure_the_conversation_goes_on(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [refuses(131026)]
    await say(services, await talk(services), "one", "two")
    await deliverer.deliver_due()
    await deliverer.deliver_due()
    assert await rows(services) == [("failed", 1), ("accepted", 1)]


async def test_meta_says_the_window_is_closed(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    meta.answer = refuses(131047)
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["failure"]["code"] == 131047


async def test_a_closed_window_is_refused_without_a_call(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    conversation = await talk(services, at=datetime.now(UTC) - timedelta(hours=25))
    message_id = await say(services, conversation, "Good morning")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["failure"]["code"] == 131047
    assert meta.sends == []


async def test_no_bot_speaks_where_there_are_none(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    """The database refuses such a row; were there one, the call would still not be made."""
    message_id = await say(services, await talk(services), "Buy now")
    await services.pool.execute("alter table outbox drop constraint outbox_check")
    await services.pool.execute("update outbox set purpose = 'bot'")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["status"] == "failed"
    assert meta.sends == []
