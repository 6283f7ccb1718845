"""From outbox to Meta: once, in order, and with the truth about what became of it (P5, P8)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import TestServices
from factories import load_conversation, make_conversation, make_customer, make_viewer
from playing_meta import Meta, accept, drop, refuses, says, stall

from server.actions import inboxes, outcomes
from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.actions.send import send
from server.actions.unit import unit
from server.channels.graph import Accepted, GraphClient
from server.domain.conversation import Conversation
from server.domain.model import Author, Channel, MessageStatus, Purpose
from server.domain.outgoing import Text
from server.store import messages
from server.store.queries import Queries
from server.store.vault import Vault, generate_key

VAULT = Vault([generate_key()])


@pytest.fixture
async def meta() -> AsyncIterator[Meta]:
    async with Meta() as playing:
        yield playing


@pytest.fixture
async def graph(meta: Meta) -> AsyncIterator[GraphClient]:
    async with meta.client(0.5) as client:
        yield client


@pytest.fixture
async def deliverer(services: TestServices, graph: GraphClient) -> Deliverer:
    return another(services, graph)


def another(services: TestServices, graph: GraphClient) -> Deliverer:
    return Deliverer(services, graph, VAULT, default_token="TOKEN")


async def talk(services: TestServices, **more: Any) -> Conversation:
    owner = more.pop("owner", None) or await make_viewer(services.pool)
    return await make_conversation(services.pool, owner=owner, **more)


async def say(services: TestServices, conversation: Conversation, *texts: str, purpose: Purpose = Purpose.REPLY) -> int:
    message_id = 0
    for text in texts:
        async with unit(services) as work:
            locked = await work.lock(conversation.id)
            message_id = await send(
                work, locked, Text(text), author=Author.ADVISOR, author_id=locked.owner_id, purpose=purpose
            )
    return message_id


async def message(services: TestServices, message_id: int) -> dict[str, Any]:
    return dict(await services.pool.fetchrow("select * from message where id = $1", message_id) or {})


async def rows(services: TestServices) -> list[tuple[str, int]]:
    return [
        (row["state"], row["attempts"])
        for row in await services.pool.fetch("select state, attempts from outbox order by id")
    ]


async def pass_time(services: TestServices, seconds: float) -> None:
    """Makes everything in the outbox that much older."""
    await services.pool.execute(
        "update outbox set run_at = run_at - $1::interval, lease_expires_at = lease_expires_at - $1::interval,"
        " holds_until = holds_until - $1::interval",
        timedelta(seconds=seconds),
    )


def moved(services: TestServices) -> list[str]:
    return [each.data["status"] for each in services.publisher.events if each.kind == "MessageMoved"]


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


async def test_an_expired_token_pauses_the_inbox_until_a_new_one_is_set(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    owner = await make_viewer(services.pool)
    meta.script = [refuses(190, status=401)]
    message_id = await say(services, await talk(services, owner=owner), "Good morning")
    await deliverer.deliver_due()
    paused = "select paused_reason from inbox where id = 'financial-whatsapp'"
    assert (await services.pool.fetchval(paused)).startswith("190")
    assert await rows(services) == [("queued", 1)]
    assert moved(services) == [], "nothing is wrong with the message"
    await pass_time(services, 60)
    assert await deliverer.deliver_due() == 0
    await inboxes.set_token(services, VAULT, "financial-whatsapp", "NEWTOKEN")
    assert await services.pool.fetchval(paused) is None
    assert await deliverer.deliver_due() == 1
    assert meta.requests[-1].headers["Authorization"] == "Bearer NEWTOKEN"
    assert (await message(services, message_id))["status"] == "accepted"


async def test_a_refused_old_token_does_not_pause_an_inbox_with_a_new_one(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    await say(services, await talk(services), "Good morning")
    meta.script = [refuses(190)]
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    answer = await deliverer.call(claimed, asyncio.get_running_loop().time())
    await inboxes.set_token(services, VAULT, "financial-whatsapp", "NEWTOKEN")
    await deliverer.record([Result(claimed, answer)])
    assert await deliverer.deliver_due() == 1
    assert await rows(services) == [("accepted", 2)]


async def test_an_inbox_without_a_token_waits_for_one(services: TestServices, graph: GraphClient, meta: Meta) -> None:
    await say(services, await talk(services), "Good morning")
    worker = Deliverer(services, graph, VAULT)
    await worker.deliver_due()
    assert meta.sends == []
    assert await worker.deliver_due() == 0
    await worker.release()
    assert await another(services, graph).deliver_due() == 1, "an administrator set META_ACCESS_TOKEN"


async def test_a_token_sealed_under_a_lost_key_pauses_too(
    services: TestServices, graph: GraphClient, meta: Meta
) -> None:
    await inboxes.set_token(services, Vault([generate_key()]), "financial-whatsapp", "SECRET")
    await say(services, await talk(services), "Good morning")
    await Deliverer(services, graph, VAULT).deliver_due()
    assert meta.sends == []
    assert await rows(services) == [("queued", 1)]


async def test_statuses_that_came_first_are_applied_with_the_acceptance(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    now = datetime.now(UTC)
    meta.answer = says(200, {"messages": [{"id": "wamid.EARLY"}]})
    parked = [
        messages.ParkedStatus(inbox_id="financial-whatsapp", provider_id="wamid.EARLY", status=status, at=at)
        for status, at in (
            (MessageStatus.READ, now + timedelta(seconds=2)),
            (MessageStatus.SENT, now),
            (MessageStatus.DELIVERED, now),
        )
    ]
    async with services.pool.acquire() as connection:
        await messages.park_statuses(connection, parked)
    message_id = await say(services, await talk(services), "Good morning")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["status"] == "read"
    assert moved(services) == ["accepted", "sent", "delivered", "read"]
    assert await services.pool.fetchval("select count(*) from parked_status") == 0


async def make_timer(services: TestServices, conversation: Conversation) -> None:
    await services.pool.execute(
        "insert into sla_timer (conversation_id, sector_id, policy_id, target, state, priority, target_seconds,"
        " started_at, due_at, warn_at) select $1, 'financial', min(id), 'first_response', 'running', 'normal', 300,"
        " now(), now() + interval '5 minutes', now() + interval '4 minutes' from sla_policy",
        conversation.id,
    )


async def test_an_accepted_reply_meets_the_first_response(services: TestServices, deliverer: Deliverer) -> None:
    conversation = await talk(services)
    await make_timer(services, conversation)
    await say(services, conversation, "Good morning")
    assert await services.pool.fetchval("select state from sla_timer") == "running"
    await deliverer.deliver_due()
    assert await services.pool.fetchval("select state from sla_timer") == "met"


async def test_a_status_faster_than_the_answer_changes_nothing_in_the_end(
    services: TestServices, deliverer: Deliverer
) -> None:
    conversation = await talk(services)
    await make_timer(services, conversation)
    message_id = await say(services, conversation, "Good morning")
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    async with services.pool.acquire() as connection:
        await messages.recognise(connection, [(message_id, "wamid.S")])
        await messages.settle(connection, [(str(claimed.local_id), "wamid.S")])
        move = messages.Move(id=message_id, status=MessageStatus.DELIVERED, at=datetime.now(UTC))
        await messages.move(connection, [move])
    await deliverer.record([Result(claimed, Accepted("wamid.S"))])
    assert (await message(services, message_id))["status"] == "delivered"
    assert moved(services) == []
    assert await services.pool.fetchval("select state from sla_timer") == "met"


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
    epochs = [row["inbox"] for row in held], [row["epoch"] for row in held]
    async with services.pool.acquire() as connection:
        explain = connection.transaction()
        await explain.start()
        [plan] = await connection.fetchval(
            "explain (analyze, format json) " + Queries("outbox").claim, *epochs, 64, 30.0
        )
        await explain.rollback()
    due = [each for each in nodes(plan["Plan"]) if each.get("Index Name") == "outbox_due"]
    assert due
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in due) <= 2
    assert [each.conversation_id for each in await deliverer.claim(64)] == [going.id]


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]
