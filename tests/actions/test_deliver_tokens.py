"""An inbox whose token is missing, refused or sealed under a lost key waits; its messages come to no harm."""

import asyncio

from conftest import TestServices
from delivering import VAULT, another, message, moved, pass_time, rows, say, talk
from factories import make_viewer
from playing_meta import Meta, refuses

from server.actions import inboxes
from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.channels.graph import GraphClient
from server.store.vault import Vault, generate_key


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
