"""The ground other tests stand on."""

import redis.asyncio
from conftest import TestServices
from factories import load_conversation, make_conversation, make_message, make_viewer

from server.actions.unit import Topic, unit
from server.domain.events import ConversationResolved
from server.domain.model import Author, Channel, ConversationState, Presence
from server.store.pool import Pool


async def test_a_conversation_is_made_whole(pool: Pool) -> None:
    salma = await make_viewer(pool, "Salma Fathy", presence=Presence.ONLINE)
    assigned = await make_conversation(pool, owner=salma, channel=Channel.INSTAGRAM)
    queued = await make_conversation(pool, sector="hospitality")
    message_id = await make_message(pool, assigned.id, author=Author.ADVISOR, author_id=salma.user_id)

    assert assigned.state is ConversationState.ASSIGNED
    assert assigned.owner_id == salma.user_id
    assert queued.state is ConversationState.QUEUED
    assert queued.bots
    assert await pool.fetchval("select count(*) from waiting") == 1
    assert (await load_conversation(pool, assigned.id)).last_message_id == message_id


async def test_services_record_what_a_unit_publishes_and_wakes(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    async with unit(services) as work:
        work.record(await work.lock(conversation.id), ConversationResolved(), actor="system")
        work.wake(Topic.WAITING)

    assert services.publisher.kinds == ["ConversationResolved"]
    assert services.waker.topics == [Topic.WAITING]


async def test_every_test_has_its_own_database(pool: Pool) -> None:
    assert await pool.fetchval("select count(*) from conversation") == 0


async def test_valkey_is_a_real_server(valkey: str) -> None:
    client = redis.asyncio.from_url(valkey)
    assert await client.ping()
    await client.aclose()
