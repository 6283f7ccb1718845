"""What Meta says about a message while we do not know yet whether Meta has it: its sender was killed."""

import time

from arriving import apply_all, deliver, inbox_of, lead, messaging
from conftest import TestServices

from server.actions import upkeep
from server.domain.model import Channel

READER = "7001"


async def test_a_read_before_the_answer_of_our_own_call(services: TestServices) -> None:
    page = inbox_of(services, "hospitality", Channel.MESSENGER)
    person = {"sender": {"id": READER}, "recipient": {"id": page.external_id}}
    now = round(time.time() * 1000)
    await deliver(services, messaging(page, person | {"timestamp": now, "message": {"mid": "m_1", "text": "Hello"}}))
    # The bot's answer is out, and its sender is killed before it hears what Meta said.
    [out] = await services.pool.fetch("update outbox set state = 'sending' where seq = 1 returning *")
    later = now + 3_000
    await deliver(services, messaging(page, person | {"timestamp": later, "read": {"watermark": later}}))
    await settle(services)
    assert await status(services, out["message_id"]) == "queued"

    echo = {"mid": "m_2", "is_echo": True, "app_id": 1, "metadata": str(out["local_id"]), "text": "?"}
    back = {"sender": person["recipient"], "recipient": person["sender"], "timestamp": now + 100, "message": echo}
    await deliver(services, messaging(page, back))
    assert await status(services, out["message_id"]) == "accepted"
    await settle(services)
    assert await status(services, out["message_id"]) == "read"
    assert await services.pool.fetchval("select count(*) from parked_status") == 0


async def test_an_echo_of_a_place_is_recognised_by_the_words_it_was_sent_with(services: TestServices) -> None:
    account = inbox_of(services, "hospitality", Channel.INSTAGRAM)
    person = {"sender": {"id": READER}, "recipient": {"id": account.external_id}}
    now = round(time.time() * 1000)
    await deliver(services, messaging(account, person | {"timestamp": now, "message": {"mid": "m_1", "text": "Hello"}}))
    place = {"kind": "location", "latitude": 21.5, "longitude": 39.25, "name": "Havana Café", "address": "Corniche"}
    [out] = await services.pool.fetch(
        "update outbox set state = 'sending', payload = $1 where seq = 1 returning *", place
    )
    text = "Havana Café\nCorniche\nhttps://maps.google.com/?q=21.5,39.25"
    echo = {"mid": "m_2", "is_echo": True, "text": text}
    back = {"sender": person["recipient"], "recipient": person["sender"], "timestamp": now + 100, "message": echo}
    await deliver(services, messaging(account, back))
    assert await status(services, out["message_id"]) == "accepted"
    assert await services.pool.fetchval("select count(*) from message where author = 'business'") == 0


async def settle(services: TestServices) -> None:
    await upkeep.settle_parked(services, await lead(services))
    await apply_all(services)


async def status(services: TestServices, message_id: int) -> str:
    found: str = await services.pool.fetchval("select status from message where id = $1", message_id)
    return found
