"""From outbox to Meta: in order, and once however many try (P4, P5)."""

import asyncio
from typing import Any

from conftest import TestServices
from delivering import another, message, moved, rows, say, talk
from factories import load_conversation, make_customer, make_viewer
from playing_meta import Meta

from server.actions import outcomes
from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.channels.graph import Accepted, GraphClient
from server.domain.model import Channel
from server.store.queries import Queries


async def test_what_is_accepted_is_written_down(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    conversation = await talk(services)
    message_id = await say(services, conversation, "Good morning, how much would you like to invest?")
    assert await deliverer.deliver_due() == 1
    stored = await message(services, message_id)
    assert stored["status"] == "accepted"
    assert stored["provider_id"].startswith("wamid.")
    assert await rows(services) == [("accepted", 1)]
    assert moved(services) == ["accepted"]
    assert meta.sends[0]["biz_opaque_callback_data"]
    assert await deliverer.deliver_due() == 0
    assert len(meta.sends) == 1


async def test_messenger_and_instagram(services: TestServices, deliverer: Deliverer, meta: Meta) -> None:
    owner = await make_viewer(services.pool)
    for channel in (Channel.MESSENGER, Channel.INSTAGRAM):
        customer = await make_customer(services.pool, channel=channel)
        conversation = await talk(services, owner=owner, channel=channel, customer=customer)
        await say(services, conversation, f"on {channel}")
    assert await deliverer.deliver_due() == 2
    assert sorted(meta.texts) == ["on instagram", "on messenger"]
    assert {each["recipient"]["id"] for each in meta.sends if "recipient" in each}


async def test_the_conversation_version_moves_with_the_fact(services: TestServices, deliverer: Deliverer) -> None:
    conversation = await talk(services)
    await say(services, conversation, "Good morning")
    before = (await load_conversation(services.pool, conversation.id)).version
    await deliverer.deliver_due()
    assert (await load_conversation(services.pool, conversation.id)).version == before + 1
    assert outcomes.HOLD_SECONDS == 60


async def test_a_conversation_goes_in_order_and_others_beside_it(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    owner = await make_viewer(services.pool)
    omar, hana = await talk(services, owner=owner), await talk(services, owner=owner)
    await say(services, omar, "one", "two", "three")
    await say(services, hana, "eins")
    assert await deliverer.deliver_due() == 2
    assert sorted(meta.texts) == ["eins", "one"]
    while await deliverer.deliver_due():
        pass
    assert [text for text in meta.texts if text != "eins"] == ["one", "two", "three"]


async def test_two_workers_never_send_one_message_twice(services: TestServices, graph: GraphClient, meta: Meta) -> None:
    owner = await make_viewer(services.pool)
    for number in range(12):
        await say(services, await talk(services, owner=owner), f"{number} a", f"{number} b")
    workers = [another(services, graph) for _ in range(3)]
    for _ in range(4):
        await asyncio.gather(*(each.deliver_due(5) for each in workers))
        for each in workers:
            await each.release()
    while await workers[0].deliver_due():
        pass
    assert sorted(meta.texts) == sorted(f"{number} {half}" for number in range(12) for half in "ab")
    assert {state for state, _ in await rows(services)} == {"accepted"}


async def test_a_worker_whose_lease_was_taken_over_claims_nothing(services: TestServices, graph: GraphClient) -> None:
    await say(services, await talk(services), "Good morning")
    first, second = another(services, graph), another(services, graph)
    await first.tend()
    await services.pool.execute("update lease set expires_at = now() - interval '1 second'")
    assert await first.claim(10) == []
    await second.tend()
    assert await first.claim(10) == []
    assert len(await second.claim(10)) == 1


async def test_one_outcome_that_cannot_be_recorded_does_not_hold_the_others(
    services: TestServices, deliverer: Deliverer
) -> None:
    owner = await make_viewer(services.pool)
    for number in range(3):
        await say(services, await talk(services, owner=owner), str(number))
    await deliverer.tend()
    claimed = await deliverer.claim(10)
    ids = ["wamid.1", "wamid.\x00", "wamid.3"]
    await deliverer.record([Result(each, Accepted(id)) for each, id in zip(claimed, ids, strict=True)])
    assert [state for state, _ in await rows(services)] == ["accepted", "sending", "accepted"]


async def test_what_waits_for_a_paused_inbox_is_not_read(services: TestServices, deliverer: Deliverer) -> None:
    """However much it is: the others' rows are found beside it."""
    owner = await make_viewer(services.pool)
    paused = await talk(services, owner=owner)
    going = await talk(services, owner=owner, channel=Channel.MESSENGER)
    await say(services, paused, "Waits")
    await services.pool.execute(
        "insert into outbox"
        " (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient, payload)"
        " select conversation_id, sector_id, bots, inbox_id, message_id, n, purpose, opening, recipient, payload"
        " from outbox, generate_series(2, 5000) n"
    )
    await say(services, going, "Goes")
    await services.pool.execute("update inbox set paused_at = now() where id = $1", paused.inbox_id)
    await services.pool.execute("analyze outbox")
    await deliverer.tend()
    held = await services.pool.fetch("select substr(name, 8) as inbox, epoch from lease where name like 'outbox:%'")
    lanes = [row["inbox"] for row in held], [row["epoch"] for row in held], [64] * len(held)
    async with services.pool.acquire() as connection:
        explain = connection.transaction()
        await explain.start()
        [plan] = await connection.fetchval(
            "explain (analyze, format json) " + Queries("outbox").claim, *lanes, 64, 30.0
        )
        await explain.rollback()
    due = [each for each in nodes(plan["Plan"]) if each.get("Index Name") == "outbox_due"]
    assert due
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in due) <= 2
    assert [each.conversation_id for each in await deliverer.claim(64)] == [going.id]


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]
