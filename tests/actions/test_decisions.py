"""What a person decides about an answer that failed, is in doubt or waits: once more, or not at all."""

import pytest
from conftest import TestServices
from delivering import answer
from factories import make_conversation, make_message, make_viewer
from playing_meta import Meta, refuses, stall

from server.actions.deliver import Deliverer
from server.actions.reply import discard, retry
from server.actions.send import send
from server.actions.unit import unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Conflict, NotFound, WindowClosed
from server.domain.model import Author, Purpose
from server.domain.outgoing import Text


@pytest.fixture
async def talk(services: TestServices, salma: Viewer) -> Conversation:
    return await make_conversation(services.pool, owner=salma)


async def status(services: TestServices, message_id: int) -> str:
    found: str = await services.pool.fetchval("select status from message where id = $1", message_id)
    return found


async def attempts(services: TestServices) -> list[str]:
    return [row["state"] for row in await services.pool.fetch("select state from outbox order by seq")]


async def pass_time(services: TestServices) -> None:
    await services.pool.execute("update outbox set holds_until = now() - interval '1 second' where state = 'uncertain'")


async def test_a_failed_answer_is_sent_again_as_a_new_attempt(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [refuses(131026)]
    message_id = (await answer(services, salma, talk))["message_id"]
    await deliverer.deliver_due()
    assert await status(services, message_id) == "failed"
    first = await retry(services, salma, message_id, "r1")
    assert await retry(services, salma, message_id, "r1") == first
    assert await status(services, message_id) == "queued"
    assert await attempts(services) == ["failed", "queued"]
    await deliverer.deliver_due()
    assert await status(services, message_id) == "accepted"
    assert meta.sends[0]["biz_opaque_callback_data"] != meta.sends[1]["biz_opaque_callback_data"]
    with pytest.raises(Conflict):
        await retry(services, salma, message_id, "r2")
    assert len(meta.sends) == 2


async def test_an_uncertain_answer_is_sent_again_only_by_a_person(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [stall]
    message_id = (await answer(services, salma, talk))["message_id"]
    await deliverer.deliver_due()
    with pytest.raises(Conflict):
        await retry(services, salma, message_id, "r0")
    await pass_time(services)
    await deliverer.deliver_due()
    assert await status(services, message_id) == "uncertain"
    assert len(meta.sends) == 1
    await retry(services, salma, message_id, "r1")
    assert await attempts(services) == ["failed", "queued"]
    await deliverer.deliver_due()
    assert await status(services, message_id) == "accepted"
    assert len(meta.sends) == 2


async def test_a_failed_answer_can_be_let_be(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.script = [refuses(131026)]
    message_id = (await answer(services, salma, talk))["message_id"]
    await deliverer.deliver_due()
    first = await discard(services, salma, message_id, "d1")
    assert await discard(services, salma, message_id, "d1") == first
    assert await status(services, message_id) == "discarded"
    with pytest.raises(Conflict):
        await retry(services, salma, message_id, "r1")


async def test_what_has_not_left_can_be_stopped_and_what_is_leaving_cannot(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    one = (await answer(services, salma, talk, "one"))["message_id"]
    two = (await answer(services, salma, talk, "two", command_id="c2"))["message_id"]
    await deliverer.tend()
    [claimed] = await deliverer.claim(10)
    with pytest.raises(Conflict):
        await discard(services, salma, one, "d1")
    await discard(services, salma, two, "d2")
    assert await status(services, two) == "discarded"
    assert await attempts(services) == ["sending", "failed"]
    assert claimed.message_id == one


async def test_what_is_in_doubt_cannot_be_called_unsent(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = stall
    message_id = (await answer(services, salma, talk))["message_id"]
    await deliverer.deliver_due()
    assert (await status(services, message_id), await attempts(services)) == ("queued", ["uncertain"])
    with pytest.raises(Conflict, match="on its way"):
        await discard(services, salma, message_id, "d1")
    assert (await status(services, message_id), await attempts(services)) == ("queued", ["uncertain"])
    await pass_time(services)
    await deliverer.tend()
    await discard(services, salma, message_id, "d2")
    assert await status(services, message_id) == "discarded"


async def test_notices_and_other_peoples_messages_are_not_sent_again(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = refuses(131026)
    async with unit(services) as work:
        locked = await work.lock(talk.id)
        notice = await send(work, locked, Text("Thanks"), author=Author.SYSTEM, purpose=Purpose.ACKNOWLEDGEMENT)
    await deliverer.deliver_due()
    with pytest.raises(Conflict):
        await retry(services, salma, notice, "r1")
    karim = await make_viewer(services.pool, "Karim Adel")
    for act in (retry, discard):
        with pytest.raises(NotFound):
            await act(services, karim, notice, "k1")
        with pytest.raises(NotFound):
            await act(services, salma, 999_999, "k2")


async def test_no_retry_outside_the_window(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    meta.answer = refuses(131000)
    message_id = (await answer(services, salma, talk))["message_id"]
    for _ in range(4):
        await deliverer.deliver_due()
        await services.pool.execute("update outbox set run_at = now()")
    assert await status(services, message_id) == "failed"
    await services.pool.execute("update conversation set last_inbound_at = now() - interval '25 hours'")
    with pytest.raises(WindowClosed):
        await retry(services, salma, message_id, "r1")


async def test_what_was_typed_on_the_business_phone_has_no_attempt_to_repeat(
    services: TestServices, salma: Viewer
) -> None:
    talk = await make_conversation(services.pool, owner=salma)
    echo = await make_message(services.pool, talk.id, author=Author.BUSINESS)
    with pytest.raises(Conflict):
        await retry(services, salma, echo, "r1")
