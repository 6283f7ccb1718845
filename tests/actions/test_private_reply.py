"""The one private reply to a comment in doubt, in merges and beside messages; and who only opened the chat."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from arriving import deliver, inbox_of, messaging, whatsapp_value
from conftest import TestServices
from delivering import answer
from factories import load_conversation, make_viewer
from playing_meta import Meta, drop, refuses

from server.actions import merges, windows
from server.actions.deliver import Deliverer
from server.actions.reply import discard, retry
from server.actions.unit import unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import WindowClosed
from server.domain.model import Channel, Role
from server.domain.window import Allowed, By, Closed, Reason

NOW = datetime.now(UTC)
ONE, TWO = "8001", "8002"
_numbers = itertools.count(17_900)


def comment(
    services: TestServices, author: str = ONE, *, hours: float = 1, sector: str = "financial"
) -> dict[str, Any]:
    inbox = inbox_of(services, sector, Channel.INSTAGRAM)
    at = NOW - timedelta(hours=hours)
    value = {"id": str(next(_numbers)), "text": "How much?", "from": {"id": author, "username": f"reader.{author}"}}
    entry = {
        "id": inbox.external_id, "time": int(at.timestamp()), "changes": [{"field": "comments", "value": value}],
    }  # fmt: skip
    return {"object": "instagram", "entry": [entry]}


def writes(services: TestServices, author: str, *, hours: float) -> dict[str, Any]:
    inbox = inbox_of(services, "financial", Channel.INSTAGRAM)
    at = int((NOW - timedelta(hours=hours)).timestamp() * 1000)
    said = {"mid": f"ig_{next(_numbers)}", "text": "Hello"}
    return messaging(
        inbox, {"sender": {"id": author}, "recipient": {"id": inbox.external_id}, "timestamp": at, "message": said}
    )


async def taken(services: TestServices, viewer: Viewer) -> Conversation:
    id = await services.pool.fetchval(
        "update conversation set state = 'assigned', owner_id = $1, queue_id = null returning id", viewer.user_id
    )
    return await load_conversation(services.pool, id)


async def verdict(services: TestServices, id: int) -> Allowed | Closed:
    async with unit(services) as work:
        return await windows.ask(work, await work.lock(id))


async def test_one_in_doubt_counts_whatever_is_decided_about_it(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    await deliver(services, comment(services))
    talk = await taken(services, salma)
    meta.script = [drop]
    message_id = (await answer(services, salma, talk))["message_id"]
    await deliverer.deliver_due()
    await services.pool.execute("update outbox set holds_until = now() - interval '1 second'")
    await deliverer.deliver_due()
    assert await services.pool.fetchval("select status from message where id = $1", message_id) == "uncertain"
    with pytest.raises(WindowClosed) as refused:
        await retry(services, salma, message_id, "again")
    assert refused.value.extra["reason"] == "one_private_reply"
    await discard(services, salma, message_id, "never-mind")
    found = await verdict(services, talk.id)
    assert isinstance(found, Closed)
    assert found.reason is Reason.ONE_PRIVATE_REPLY
    assert len(meta.sends) == 1


async def test_one_that_meta_refused_or_that_was_stopped_does_not_count(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    await deliver(services, comment(services))
    talk = await taken(services, salma)
    meta.script = [refuses(100)]
    await answer(services, salma, talk)
    await deliverer.deliver_due()
    assert "comment_id" in meta.sends[0]["recipient"]
    talk = await load_conversation(services.pool, talk.id)
    stopped = (await answer(services, salma, talk, "Once more", command_id="c2"))["message_id"]
    await discard(services, salma, stopped, "stop")
    found = await verdict(services, talk.id)
    assert isinstance(found, Allowed)
    assert found.by is By.PRIVATE_REPLY


async def test_a_comment_that_meta_says_takes_no_reply_is_not_offered_again(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    """Deleted, or answered in Instagram's own app: each further try would fail as well."""
    await deliver(services, comment(services))
    talk = await taken(services, salma)
    meta.script = [refuses(100, 2534025)]
    await answer(services, salma, talk)
    await deliverer.deliver_due()
    found = await verdict(services, talk.id)
    assert isinstance(found, Closed)
    assert found.reason is Reason.ONE_PRIVATE_REPLY


async def test_what_is_sent_again_as_a_private_reply_quotes_nothing(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    """The window was open when it was written; what is left now is a newer comment."""
    await deliver(services, writes(services, ONE, hours=2))
    talk = await taken(services, salma)
    quoted = await services.pool.fetchval("select id from message where direction = 'inbound'")
    await deliverer.deliver_due()
    meta.sends.clear()  # the acknowledgement
    meta.script = [refuses(100)]
    message_id = (await answer(services, salma, talk, reply_to=quoted))["message_id"]
    await deliverer.deliver_due()
    await services.pool.execute("update conversation set last_inbound_at = $1", NOW - timedelta(hours=30))
    await deliver(services, comment(services, hours=1))
    await retry(services, salma, message_id, "again")
    await deliverer.deliver_due()
    first, again = meta.sends
    assert "reply_to" in first
    assert "comment_id" in again["recipient"]
    assert "reply_to" not in again


async def test_what_waited_longer_than_seven_days_is_not_called(
    services: TestServices, salma: Viewer, deliverer: Deliverer, meta: Meta
) -> None:
    await deliver(services, comment(services, hours=7 * 24 - 1))
    talk = await taken(services, salma)
    await answer(services, salma, talk)
    await services.pool.execute(
        "update message set provider_at = provider_at - interval '2 hours' where kind = 'comment'"
    )
    await deliverer.deliver_due()
    assert meta.sends == []
    assert await services.pool.fetchval("select failure->>'subcode' from outbox") == "2534025"


async def test_their_first_words_after_a_comment_are_acknowledged_and_the_comment_is_not(
    services: TestServices,
) -> None:
    await deliver(services, comment(services))
    assert await services.pool.fetchval("select count(*) from outbox") == 0
    for _ in range(2):
        await deliver(services, writes(services, ONE, hours=0.1))
    assert await services.pool.fetchval("select count(*) from outbox where purpose = 'acknowledgement'") == 1
    assert await services.pool.fetchval("select count(comment_id) from outbox") == 0


async def test_news_in_any_order_ends_at_the_newest_comment(services: TestServices) -> None:
    await deliver(services, comment(services, hours=1), comment(services, hours=3))
    await deliver(services, writes(services, ONE, hours=2))
    row = await services.pool.fetchrow("select commented_at, last_inbound_at from conversation")
    assert row is not None
    assert abs(row["commented_at"] - NOW + timedelta(hours=1)) < timedelta(seconds=2)
    assert abs(row["last_inbound_at"] - NOW + timedelta(hours=2)) < timedelta(seconds=2)


async def test_of_two_that_become_one_the_newer_comment_goes_on_and_goes_back(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR, sectors=("financial",))
    await deliver(services, writes(services, ONE, hours=30), comment(services, TWO, hours=2))
    people = [row["id"] for row in await services.pool.fetch("select id from contact order by id")]
    first, _ = [row["id"] for row in await services.pool.fetch("select id from conversation order by opened_at")]
    merge_id = (await merges.merge(services, nadia, people[0], other_id=people[1], command_id="merge-001"))["merge_id"]
    found = await verdict(services, first)
    assert isinstance(found, Allowed)
    assert found.by is By.PRIVATE_REPLY
    await merges.undo(services, nadia, merge_id, command_id="undo-0001")
    again = await verdict(services, first)
    assert isinstance(again, Closed)
    assert again.reason is Reason.WINDOW_OVER


@pytest.mark.parametrize("sector", ["hospitality", "financial"])
async def test_who_only_opened_the_chat_is_not_written_to(services: TestServices, sector: str) -> None:
    inbox = inbox_of(services, sector)
    opened = {"from": "15550001111", "id": "wamid.W", "timestamp": str(int(NOW.timestamp())), "type": "request_welcome"}
    contact = {"profile": {"name": "Sara Haddad"}, "wa_id": "15550001111"}
    await deliver(services, whatsapp_value(inbox, contacts=[contact], messages=[opened]))
    found = await verdict(services, await services.pool.fetchval("select id from conversation"))
    assert isinstance(found, Closed)
    assert found.reason is Reason.NEVER_WROTE
    assert await services.pool.fetchval("select count(*) from outbox") == 0


async def test_who_only_opened_the_chat_meets_the_bot_with_their_first_words(services: TestServices) -> None:
    await test_who_only_opened_the_chat_is_not_written_to(services, "hospitality")
    inbox = inbox_of(services, "hospitality")
    said = {
        "from": "15550001111", "id": "wamid.X", "timestamp": str(int(NOW.timestamp()) + 1), "type": "text",
        "text": {"body": "Hello"},
    }  # fmt: skip
    contact = {"profile": {"name": "Sara Haddad"}, "wa_id": "15550001111"}
    await deliver(services, whatsapp_value(inbox, contacts=[contact], messages=[said]))
    assert await services.pool.fetchval("select count(*) from outbox where purpose = 'bot'") >= 1


async def test_who_was_acknowledged_before_is_not_again(services: TestServices) -> None:
    """As after an upgrade: an earlier version acknowledged a comment, which counts as their words no longer."""
    await deliver(services, writes(services, ONE, hours=1))
    await services.pool.execute("update conversation set last_inbound_at = null")
    await deliver(services, writes(services, ONE, hours=0.1))
    assert await services.pool.fetchval("select count(*) from outbox where purpose = 'acknowledgement'") == 1
    assert await services.pool.fetchval("select count(*) from quarantine") == 0
