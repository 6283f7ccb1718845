"""A chat that another app of the page holds: a person's answer takes it, a bot's leaves it alone."""

import pytest
from conftest import TestServices
from delivering import message, rows, say, talk
from playing_meta import Meta, accept, says

from server.actions.deliver import Deliverer
from server.domain.model import Channel, Purpose

ELSEWHERE = says(400, {"error": {"message": "Another app is controlling this thread now", "code": 2018300}})
GRANTED = says(200, {"success": True})
REFUSED = says(400, {"error": {"message": "Only the primary receiver may take", "code": 10}})


def asked(meta: Meta) -> list[str]:
    return [request.path.rpartition("/")[2] for request in meta.requests]


async def test_a_persons_answer_takes_the_chat_and_leaves(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    conversation = await talk(services, sector="education", channel=Channel.MESSENGER)
    meta.script = [ELSEWHERE, GRANTED, accept]
    message_id = await say(services, conversation, "Good morning")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["status"] == "accepted"
    assert asked(meta) == ["messages", "take_thread_control", "messages"]
    recipient = meta.sends[0]["recipient"]
    assert meta.sends[1] == {"recipient": recipient}
    assert await rows(services) == [("accepted", 1)]


async def test_where_it_may_not_be_taken_it_is_asked_for(
    services: TestServices, deliverer: Deliverer, meta: Meta
) -> None:
    conversation = await talk(services, sector="education", channel=Channel.MESSENGER)
    meta.script = [ELSEWHERE, REFUSED, GRANTED]
    message_id = await say(services, conversation, "Good morning")
    await deliverer.deliver_due()
    assert (await message(services, message_id))["status"] == "failed"
    assert asked(meta) == ["messages", "take_thread_control", "request_thread_control"]


@pytest.mark.parametrize("purpose", [Purpose.OUT_OF_HOURS, Purpose.ACKNOWLEDGEMENT])
async def test_what_nobody_typed_leaves_it_alone(
    services: TestServices, deliverer: Deliverer, meta: Meta, purpose: Purpose
) -> None:
    conversation = await talk(services, sector="education", channel=Channel.MESSENGER)
    meta.answer = ELSEWHERE
    await say(services, conversation, "Good morning", purpose=purpose)
    await deliverer.deliver_due()
    assert asked(meta) == ["messages"]
