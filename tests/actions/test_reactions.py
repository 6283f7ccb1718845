"""Signs an advisor puts on a customer's message: in order like messages, answering nobody, gone when refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from arriving import deliver, inbox_of, whatsapp_status
from conftest import TestServices
from delivering import message, pass_time
from factories import load_conversation, make_conversation, make_customer, make_message, make_viewer
from playing_meta import Meta, refuses

from server.actions.deliver import Deliverer
from server.actions.reactions import react
from server.actions.reply import retry
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden, Invalid, NotFound, WindowClosed
from server.domain.model import Author, Channel, Role


@pytest.fixture
async def salma(services: TestServices) -> Viewer:
    return await make_viewer(services.pool, "Salma Fathy")


async def talk_on(services: TestServices, viewer: Viewer, channel: Channel = Channel.WHATSAPP) -> Conversation:
    customer = await make_customer(services.pool, channel=channel)
    return await make_conversation(services.pool, owner=viewer, channel=channel, customer=customer)


async def said(services: TestServices, talk: Conversation, **more: Any) -> int:
    return await make_message(services.pool, talk.id, provider_id="wamid.Q", **more)


async def shown(services: TestServices, message_id: int) -> str | None:
    found: str | None = await services.pool.fetchval(
        "select emoji from reaction where message_id = $1 and by = 'business'", message_id
    )
    return found


async def put(services: TestServices, viewer: Viewer, message_id: int, emoji: str = "👍", command: str = "c1") -> Any:
    return await react(services, viewer, message_id, command_id=command, emoji=emoji)


async def test_a_reaction_is_shown_at_once_and_leaves_like_a_message(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    before = await load_conversation(services.pool, talk.id)
    first = await put(services, salma, about)
    assert await put(services, salma, about) == first
    assert (await shown(services, about), services.publisher.kinds) == ("👍", ["MessageQueued", "MessageReacted"])
    assert await deliverer.deliver_due() == 1
    assert meta.sends[0]["reaction"] == {"message_id": "wamid.Q", "emoji": "👍"}
    after = await load_conversation(services.pool, talk.id)
    # It is no answer.
    assert (after.waiting_since, after.last_message_id) == (before.waiting_since, before.last_message_id)
    assert await services.pool.fetchval("select count(*) from sla_timer where state = 'met'") == 0
    await put(services, salma, about, "", "c2")
    assert await shown(services, about) == ""
    await deliverer.deliver_due()
    assert meta.sends[1]["reaction"]["emoji"] == ""


@pytest.mark.parametrize("channel", [Channel.MESSENGER, Channel.INSTAGRAM])
async def test_on_messenger_and_instagram_meta_gives_it_no_id(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta, channel: Channel
) -> None:
    talk = await talk_on(services, salma, channel)
    about = await said(services, talk)
    await put(services, salma, about, "❤")
    await put(services, salma, about, "", "c2")
    while await deliverer.deliver_due():
        pass
    assert [each["sender_action"] for each in meta.sends] == ["react", "unreact"]
    rows = await services.pool.fetch("select status, provider_id from message where kind = 'reaction' order by id")
    assert [tuple(row) for row in rows] == [("accepted", None), ("accepted", None)]


async def test_one_that_meta_refuses_is_taken_off_and_a_retry_puts_it_back(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    await put(services, salma, about)
    meta.script = [refuses(131009)]
    await deliverer.deliver_due()
    assert (await shown(services, about), services.publisher.kinds[-1]) == ("", "MessageReacted")
    own = await services.pool.fetchval("select id from message where kind = 'reaction'")
    assert (await message(services, own))["status"] == "failed"
    await retry(services, salma, own, "again-please")
    assert await shown(services, about) == "👍"
    await pass_time(services, 60)
    await deliverer.deliver_due()
    assert (await message(services, own))["status"] == "accepted"


async def test_a_newer_one_stays_when_the_older_is_refused(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    await put(services, salma, about)
    await put(services, salma, about, "🎉", "c2")
    meta.script = [refuses(131009)]
    await deliverer.deliver_due()
    assert await shown(services, about) == "🎉"


async def test_who_and_what_may_not(services: TestServices, salma: Viewer) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    supervisor = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR)
    stranger = await make_viewer(services.pool, "Hany", sectors=("hospitality",))
    with pytest.raises(Forbidden):
        await put(services, supervisor, about)
    for viewer, target in ((stranger, about), (salma, 10**9)):
        with pytest.raises(NotFound):
            await put(services, viewer, target)
    with pytest.raises(Invalid):
        await put(services, salma, about, "ok")
    own = await make_message(services.pool, talk.id, author=Author.ADVISOR)
    with pytest.raises(Invalid):
        await put(services, salma, own)
    old = await make_message(services.pool, talk.id, at=datetime.now(UTC) - timedelta(days=31))
    with pytest.raises(Invalid):
        await put(services, salma, old)
    await services.pool.execute("update message set revoked_at = now() where id = $1", about)
    with pytest.raises(Invalid):
        await put(services, salma, about)
    assert await services.pool.fetchval("select count(*) from outbox") == 0


async def test_the_window_counts_for_reactions_too(services: TestServices, salma: Viewer) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    await services.pool.execute("update conversation set last_inbound_at = now() - interval '25 hours'")
    with pytest.raises(WindowClosed):
        await put(services, salma, about)


async def test_one_that_fails_later_is_taken_off_by_the_status(
    services: TestServices, salma: Viewer, deliverer: Deliverer
) -> None:
    talk = await talk_on(services, salma)
    about = await said(services, talk)
    await put(services, salma, about)
    await deliverer.deliver_due()
    provider_id = await services.pool.fetchval("select provider_id from message where kind = 'reaction'")
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp_status(inbox, provider_id, "failed", errors=[{"code": 131026, "title": "No"}]))
    assert await shown(services, about) == ""
