"""What comes with an acceptance: statuses that were faster, and the clock it meets."""

from datetime import UTC, datetime, timedelta

from conftest import TestServices
from delivering import message, moved, say, talk
from playing_meta import Meta, says

from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.channels.graph import Accepted
from server.domain.conversation import Conversation
from server.domain.model import MessageStatus
from server.store import messages


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
