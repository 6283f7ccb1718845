"""Sends nobody can vouch for: never sent again, held for a while, then shown to a person (P5)."""

import asyncio
from typing import Any

import pytest
from conftest import TestServices
from delivering import another, message, moved, pass_time, rows, say, talk
from playing_meta import Meta, drop, says, stall

from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.channels.graph import Accepted, GraphClient
from server.store import messages


async def test_a_kill_between_claim_and_record_never_sends_again(
    services: TestServices, deliverer: Deliverer, graph: GraphClient, meta: Meta
) -> None:
    conversation = await talk(services)
    message_id = await say(services, conversation, "Did it arrive?", "Next")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    await deliverer.call(claimed, asyncio.get_running_loop().time())
    # Here the process ends. Others find its lease lapsed, then the row's.
    await services.pool.execute("update lease set expires_at = now() - interval '1 second'")
    heir = another(services, graph)
    assert await heir.deliver_due() == 0
    await pass_time(services, 41)
    assert await heir.deliver_due() == 0
    assert (await rows(services))[0] == ("uncertain", 1)
    assert moved(services) == []
    await pass_time(services, 61)
    assert await heir.deliver_due() == 1, "after the hold the conversation goes on"
    assert meta.texts == ["Did it arrive?", "Next"]
    assert moved(services) == ["uncertain", "accepted"]
    first = await services.pool.fetchval("select min(id) from message where author = 'advisor'")
    assert (await message(services, first))["status"] == "uncertain"
    assert (await message(services, message_id))["status"] == "accepted"


@pytest.mark.parametrize("answer", [stall, drop, says(502, "<html>"), says(200, {})])
async def test_an_uncertain_send_holds_its_conversation_and_is_then_shown(
    services: TestServices, deliverer: Deliverer, meta: Meta, answer: Any
) -> None:
    meta.answer = answer
    message_id = await say(services, await talk(services), "Did it arrive?")
    assert await deliverer.deliver_due() == 1
    assert await rows(services) == [("uncertain", 1)]
    assert (await message(services, message_id))["status"] == "queued"
    await deliverer.deliver_due()
    assert moved(services) == []
    await pass_time(services, 61)
    await deliverer.deliver_due()
    assert (await message(services, message_id))["status"] == "uncertain"
    await deliverer.deliver_due()
    assert moved(services) == ["uncertain"]
    assert len(meta.sends) == 1


async def test_a_late_yes_ends_the_uncertainty(services: TestServices, deliverer: Deliverer) -> None:
    message_id = await say(services, await talk(services), "Did it arrive?")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    await pass_time(services, 41)
    await deliverer.tend()
    await deliverer.record([Result(claimed, Accepted("wamid.LATE"))])
    assert await rows(services) == [("accepted", 1)]
    assert (await message(services, message_id))["provider_id"] == "wamid.LATE"


async def test_what_a_status_settled_is_not_settled_twice(services: TestServices, deliverer: Deliverer) -> None:
    """The status came with our local id while the call was out: facts §12.7."""
    message_id = await say(services, await talk(services), "Did it arrive?")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    async with services.pool.acquire() as connection:
        await messages.recognise(connection, [(message_id, "wamid.S")])
        await messages.settle(connection, [(str(claimed.local_id), "wamid.S")])
    await deliverer.record([Result(claimed, Accepted("wamid.S"))])
    await pass_time(services, 200)
    assert await deliverer.deliver_due() == 0
    assert await rows(services) == [("accepted", 1)]


async def test_a_process_that_was_frozen_does_not_call_late(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    await say(services, await talk(services), "Good morning")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    answer = await deliverer.call(claimed, asyncio.get_running_loop().time() - 60)
    await deliverer.record([Result(claimed, answer)])
    assert meta.sends == []
    assert await rows(services) == [("queued", 1)]


async def test_a_definite_no_after_the_hold_is_left_to_a_person(services: TestServices, deliverer: Deliverer) -> None:
    """Later messages may have gone: sending this one by itself would break the order."""
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    await pass_time(services, 41)
    await deliverer.tend()
    await pass_time(services, 61)
    answer = await deliverer.call(claimed, asyncio.get_running_loop().time() - 60)
    await deliverer.record([Result(claimed, answer)])
    assert await rows(services) == [("failed", 1)]
    assert (await message(services, message_id))["status"] == "failed"
