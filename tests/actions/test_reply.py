"""The owner's answer: once, not stale, inside the window; and notices, once each."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest
from conftest import TestServices
from delivering import answer
from factories import make_conversation, make_customer, make_message, make_viewer
from playing_meta import Meta

from server.actions.deliver import Deliverer
from server.actions.reply import reply
from server.actions.send import send
from server.actions.unit import Topic, unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden, Invalid, NotFound, StaleReply, WindowClosed
from server.domain.events import ConversationAssigned, ConversationResolved, MessageEchoed, MessageReceived, NoteAdded
from server.domain.model import Author, Channel, ConversationState, Purpose, Role
from server.domain.outgoing import Text
from server.store.commands import first_result, forget, keep_result


@pytest.fixture
async def talk(services: TestServices, salma: Viewer) -> Conversation:
    return await make_conversation(services.pool, owner=salma)


async def note(services: TestServices, talk: Conversation, fact: Any, actor: str) -> int:
    async with unit(services) as work:
        conversation = await work.lock(talk.id)
        work.record(conversation, fact, actor=actor)
        return conversation.version


async def test_an_answer_is_queued_with_its_version(services: TestServices, salma: Viewer, talk: Conversation) -> None:
    result = await answer(services, salma, talk, "How much would you like to invest?")
    row = await services.pool.fetchrow("select * from message where id = $1", result["message_id"])
    assert row is not None
    assert (row["author"], row["author_id"], row["status"]) == ("advisor", salma.user_id, "queued")
    assert result["version"] == talk.version + 1
    assert services.publisher.kinds == ["MessageQueued"]
    assert Topic.OUTBOX in services.waker.topics


async def test_a_repeat_gets_the_first_result(services: TestServices, salma: Viewer, talk: Conversation) -> None:
    first = await answer(services, salma, talk)
    assert await answer(services, salma, talk) == first
    assert await services.pool.fetchval("select count(*) from outbox") == 1


async def test_the_same_command_twice_at_once_happens_once(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    results = await asyncio.gather(*(answer(services, salma, talk) for _ in range(5)))
    assert all(each == results[0] for each in results)
    assert await services.pool.fetchval("select count(*) from outbox") == 1


async def test_a_command_that_failed_may_be_given_again(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    with pytest.raises(Invalid):
        await answer(services, salma, talk, " ")
    assert await answer(services, salma, talk)


async def test_one_persons_command_id_is_not_anothers(services: TestServices, salma: Viewer) -> None:
    other = await make_viewer(services.pool, "Karim Adel")
    async with services.pool.acquire() as connection, connection.transaction():
        assert await first_result(connection, salma.user_id, "c1", "act") is None
        await keep_result(connection, salma.user_id, "c1", "act", {"done": 1})
        assert await first_result(connection, other.user_id, "c1", "act") is None
        assert await first_result(connection, salma.user_id, "c1", "act") == {"done": 1}
        await forget(connection)
        assert await first_result(connection, salma.user_id, "c1", "act") == {"done": 1}


@pytest.mark.parametrize(
    "fact",
    [ConversationAssigned(advisor_id=7, reason="reassigned"), ConversationResolved(), MessageEchoed(message_id=1)],
)
async def test_what_others_did_since_makes_it_stale(
    services: TestServices, salma: Viewer, talk: Conversation, fact: Any
) -> None:
    nadia = await make_viewer(services.pool, "Nadia Samir", role=Role.SUPERVISOR)
    await note(services, talk, fact, nadia.actor)
    with pytest.raises(StaleReply) as stale:
        await answer(services, salma, talk)
    changes: Any = stale.value.extra["changes"]
    [change] = changes
    assert (change["kind"], change["actor_name"]) == (type(fact).__name__, "Nadia Samir")
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    assert msgspec.json.encode(stale.value.extra)


async def test_a_stale_reply_names_whom_the_change_is_about(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    nadia = await make_viewer(services.pool, "Nadia Samir", role=Role.SUPERVISOR)
    await note(services, talk, ConversationAssigned(advisor_id=salma.user_id, reason="reassigned"), nadia.actor)
    with pytest.raises(StaleReply) as stale:
        await answer(services, salma, talk)
    changes: Any = stale.value.extra["changes"]
    assert [each["subject_name"] for each in changes] == [salma.name]


@pytest.mark.parametrize("author", [Author.ADVISOR, Author.BOT])
async def test_a_colleagues_or_bots_message_since_makes_it_stale(
    services: TestServices, salma: Viewer, author: Author
) -> None:
    talk = await make_conversation(services.pool, owner=salma, sector="hospitality", channel=Channel.MESSENGER)
    salma = msgspec.structs.replace(salma, sectors=frozenset({"hospitality"}))
    colleague = await make_viewer(services.pool, "Karim Adel", sectors=("hospitality",))
    async with unit(services) as work:
        locked = await work.lock(talk.id)
        author_id = colleague.user_id if author is Author.ADVISOR else None
        purpose = Purpose.BOT if author is Author.BOT else Purpose.REPLY
        await send(work, locked, Text("Meanwhile"), author=author, author_id=author_id, purpose=purpose)
    with pytest.raises(StaleReply):
        await answer(services, salma, talk)
    assert await answer(services, salma, talk, based_on_version=talk.version + 1)


async def test_the_customers_new_messages_and_ones_own_do_not(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    await note(services, talk, MessageReceived(message_id=1), "customer")
    await note(services, talk, NoteAdded(note_id=1), "user:999")
    await answer(services, salma, talk, command_id="c0")
    async with unit(services) as work:
        locked = await work.lock(talk.id)
        await send(work, locked, Text("Thank you"), author=Author.SYSTEM, purpose=Purpose.ACKNOWLEDGEMENT)
    assert await answer(services, salma, talk)


async def test_a_version_from_the_future_is_no_version(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    with pytest.raises(Invalid):
        await answer(services, salma, talk, based_on_version=talk.version + 1)


async def test_only_the_owner_answers(services: TestServices, salma: Viewer, talk: Conversation) -> None:
    nadia = await make_viewer(services.pool, "Nadia Samir", role=Role.SUPERVISOR)
    karim = await make_viewer(services.pool, "Karim Adel")
    elsewhere = await make_viewer(services.pool, "Rana Wael", role=Role.SUPERVISOR, sectors=("education",))
    with pytest.raises(Forbidden):
        await answer(services, nadia, talk)
    for stranger in (karim, elsewhere):
        with pytest.raises(NotFound):
            await answer(services, stranger, talk)
    with pytest.raises(NotFound):
        await reply(services, salma, 999_999, command_id="c9", text="Hi", based_on_version=0)


async def test_a_resolved_conversation_takes_no_answer(services: TestServices, salma: Viewer) -> None:
    talk = await make_conversation(services.pool, owner=salma, state=ConversationState.RESOLVED)
    with pytest.raises(Forbidden):
        await answer(services, msgspec.structs.replace(salma, role=Role.SUPERVISOR), talk)


async def test_the_window_is_checked_when_composing(services: TestServices, salma: Viewer) -> None:
    at = datetime.now(UTC) - timedelta(hours=24, minutes=1)
    talk = await make_conversation(services.pool, owner=salma, at=at)
    with pytest.raises(WindowClosed) as closed:
        await answer(services, salma, talk)
    assert closed.value.extra["closed_at"] == at + timedelta(hours=24)


async def test_limits_are_told_before_sending(services: TestServices, salma: Viewer) -> None:
    customer = await make_customer(services.pool, channel=Channel.INSTAGRAM)
    talk = await make_conversation(services.pool, owner=salma, channel=Channel.INSTAGRAM, customer=customer)
    with pytest.raises(Invalid) as refused:
        await answer(services, salma, talk, "س" * 501)
    limit: Any = refused.value.extra["limit"]
    assert limit["max"] == 1000


async def test_a_quoted_message_goes_by_metas_id(
    services: TestServices, salma: Viewer, talk: Conversation, deliverer: Deliverer, meta: Meta
) -> None:
    quoted = await make_message(services.pool, talk.id, text="And bonds?", provider_id="wamid.Q")
    other = await make_conversation(services.pool, owner=salma)
    await answer(services, salma, talk, reply_to=quoted)
    with pytest.raises(Invalid) as refused:
        await reply(services, salma, other.id, command_id="c2", text="Hi", based_on_version=0, reply_to=quoted)
    assert refused.value.extra == {"field": "reply_to"}, "never into another conversation"
    await deliverer.deliver_due()
    assert [each.get("context") for each in meta.sends] == [{"message_id": "wamid.Q"}]


async def test_nul_is_not_sent(services: TestServices, salma: Viewer, talk: Conversation) -> None:
    result = await answer(services, salma, talk, "He\0llo")
    found = await services.pool.fetchval("select text from message where id = $1", result["message_id"])
    assert found == "Hello"


async def test_a_bot_speaks_as_a_bot_and_nobody_else_does(services: TestServices) -> None:
    talk = await make_conversation(
        services.pool, sector="hospitality", channel=Channel.MESSENGER, state=ConversationState.BOT
    )
    for author, purpose in ((Author.BOT, Purpose.REPLY), (Author.SYSTEM, Purpose.BOT)):
        with pytest.raises(Forbidden):
            async with unit(services) as work:
                await send(work, await work.lock(talk.id), Text("Hello"), author=author, purpose=purpose)


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.OUT_OF_HOURS])
async def test_a_notice_comes_once_per_opening(services: TestServices, talk: Conversation, purpose: Purpose) -> None:
    async def notice() -> None:
        async with unit(services) as work:
            await send(work, await work.lock(talk.id), Text("Thanks"), author=Author.SYSTEM, purpose=purpose)

    await notice()
    with pytest.raises(asyncpg.UniqueViolationError):
        await notice()
    await services.pool.execute("update conversation set opening = opening + 1")
    await notice()
