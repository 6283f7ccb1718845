"""Promises that no other test would miss if their guard went: each of these is named by a bug in `bugs`."""

import asyncio
from typing import Any

import asyncpg
import pytest
import real_payloads
from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from factories import make_conversation, make_customer, make_viewer
from guards.working_day import a_working_day, from_the_log, misplaced
from work_scenes import ago, arrive, with_policy

from server.actions import assign, deadlines, presence
from server.actions.journal import Journal
from server.actions.send import send
from server.actions.unit import Services, unit
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden
from server.domain.model import Author, ConversationState, Presence, Purpose, Role
from server.domain.outgoing import Text
from server.store import feed, sla, views


async def test_nothing_is_acknowledged_before_it_is_committed(services: TestServices) -> None:
    async with services.pool.acquire() as slow_disk:
        held = slow_disk.transaction()
        await held.start()
        await slow_disk.execute("lock table journal in access exclusive mode")
        stored = asyncio.create_task(Journal(services.pool, services.waker).append("default", {}, b"{}"))
        await asyncio.sleep(0.3)
        assert not stored.done()
        await held.rollback()
    await stored
    assert await services.pool.fetchval("select count(*) from journal") == 1


async def test_a_repeat_of_everything_changes_nothing(services: TestServices) -> None:
    """Messages, statuses, echoes, reactions, reads: all kinds we have a real payload of, days later once more."""
    accounts = real_payloads.accounts_of(services.organisation(), "hospitality")
    ours = [real_payloads.at(body, accounts) for body in real_payloads.read().values()]
    await deliver(services, *ours)
    before = await counts(services)
    assert before["messages"] > 20
    await deliver(services, *ours[::-1])
    assert await counts(services) == before


async def test_an_item_the_database_refuses_stands_alone(services: TestServices) -> None:
    await services.pool.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin"
        " if new.text = 'bad' then raise exception 'no' using errcode = '22000'; end if; return new; end $$"
    )
    await services.pool.execute("create trigger refuse before insert on message for each row execute function refuse()")
    inbox = inbox_of(services, "financial")
    good = [f"good {number}" for number in range(6)]
    told = [*good[:4], "bad", *good[4:]]
    await deliver(services, *(whatsapp(inbox, text, phone=f"1555000{n:04d}") for n, text in enumerate(told)))

    texts = {row[0] for row in await services.pool.fetch("select text from message where direction = 'inbound'")}
    assert texts == set(good)
    aside = [tuple(row) for row in await services.pool.fetch("select reason, inbox_id from quarantine")]
    assert aside == [("refused", inbox.id)]
    assert await services.pool.fetchval("select count(*) from journal where applied_at is null") == 0


async def test_what_the_database_refuses_is_set_aside_with_the_rule_and_without_the_words(
    services: TestServices,
) -> None:
    await services.pool.execute("alter table message add constraint no_bad check (text <> 'bad')")
    await deliver(services, whatsapp(inbox_of(services, "financial"), "bad"))
    assert await services.pool.fetchval("select detail from quarantine") == "CheckViolationError no_bad"


async def test_without_a_live_socket_nobody_is_offered_anything(services: TestServices) -> None:
    """Whatever their presence row still says."""
    salma = await make_viewer(services.pool, presence=Presence.ONLINE, live=False)
    await arrive(services)
    assert await assign.match(services) == 0
    await presence.open_lease(services, salma.user_id, "socket", "web")
    assert await assign.match(services) == 1


async def test_the_database_keeps_one_unresolved_conversation_for_a_person_and_inbox(services: TestServices) -> None:
    omar = await make_customer(services.pool)
    await make_conversation(services.pool, customer=omar)
    with pytest.raises(asyncpg.UniqueViolationError):
        await make_conversation(services.pool, customer=omar)
    await make_conversation(services.pool, customer=omar, state=ConversationState.RESOLVED)


async def test_a_conversation_is_always_in_exactly_one_place(services: TestServices) -> None:
    async for _ in a_working_day(services):
        assert await misplaced(services) == []


async def test_where_each_conversation_is_can_be_told_from_the_log_alone(services: TestServices) -> None:
    async for _ in a_working_day(services):
        rebuilt = from_the_log(await services.pool.fetch("select conversation_id, kind, data from event order by id"))
        stored = await services.pool.fetch("select id, state, owner_id from conversation")
        assert rebuilt == {row["id"]: (row["state"], row["owner_id"]) for row in stored}


async def test_no_bot_speaks_in_the_financial_sector_whoever_writes_it(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    with pytest.raises((Forbidden, asyncpg.CheckViolationError)):
        await _say(services, conversation, Purpose.BOT)
    assert await services.pool.fetchval("select count(*) from outbox") == 0


async def test_the_outbox_itself_refuses_a_bot_where_there_are_none(services: TestServices) -> None:
    conversation = await make_conversation(services.pool)
    await _say(services, conversation, Purpose.ACKNOWLEDGEMENT)
    with pytest.raises(asyncpg.CheckViolationError):
        await services.pool.execute("update outbox set purpose = 'bot'")
    # Nor by calling the row one of a sector with bots.
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await services.pool.execute("update outbox set purpose = 'bot', bots = true")


async def test_the_acknowledgement_comes_once_however_much_is_written(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "Good morning"))
    await deliver(services, whatsapp(inbox, "Somebody has stolen my phone"))
    assert await services.pool.fetchval("select priority from conversation") == "urgent"
    said = await services.pool.fetch("select purpose from outbox where purpose <> 'out_of_hours'")
    assert [row["purpose"] for row in said] == ["acknowledgement"]
    assert await services.pool.fetchval("select count(*) from quarantine") == 0


async def test_of_two_who_found_a_deadline_the_second_fires_nothing(services: TestServices) -> None:
    services = with_policy(services, first=60)
    await arrive(services, at=ago(minutes=2))
    async with services.pool.acquire() as connection:
        found = await sla.due(connection, 10)
    assert len(found) == 1
    await deadlines.fire_due(services)
    async with services.pool.acquire() as connection:
        assert await sla.breach(connection, found) == []


async def test_what_was_open_during_a_snapshot_is_caught_up_after_it(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(services.pool)
    async with services.pool.acquire() as reader:
        async with services.pool.acquire() as writer, writer.transaction():
            late = await writer.fetchval(
                "insert into event (stream, version, kind, actor, sector_id, conversation_id)"
                " values ('conversation:' || $1::bigint, 1, 'SlaMet', 'system', 'financial', $1) returning id",
                conversation.id,
            )
            # Somebody else begins later and ends sooner.
            await services.pool.execute("select pg_current_xact_id()")
            snapshot = await views.cursor(reader)
        missed = await feed.missed(reader, nadia, snapshot.cursor, 100)
    assert late in [row.id for row, _ in missed.events]


async def test_who_missed_too_much_is_told_to_read_anew(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia Hosny", role=Role.SUPERVISOR)
    conversation = await make_conversation(services.pool)
    await services.pool.execute(
        "insert into event (stream, version, kind, actor, sector_id, conversation_id)"
        " select 'conversation:' || $1::bigint, n, 'SlaMet', 'system', 'financial', $1 from generate_series(1, 11) n",
        conversation.id,
    )
    async with services.pool.acquire() as reader:
        missed = await feed.missed(reader, nadia, 0, 10)
    assert (missed.resync, missed.events) == (True, [])


async def counts(services: Services) -> dict[str, Any]:
    tables = {
        "messages": "message", "events": "event", "outbox": "outbox", "conversations": "conversation",
        "contacts": "contact", "identities": "identity", "parked": "parked_status", "referrals": "referral",
        "refused": "quarantine where reason = 'refused'",
    }  # fmt: skip
    return {name: await services.pool.fetchval(f"select count(*) from {table}") for name, table in tables.items()}


async def _say(services: Services, conversation: Conversation, purpose: Purpose) -> None:
    async with unit(services) as work:
        locked = await work.lock(conversation.id)
        author = Author.BOT if purpose is Purpose.BOT else Author.SYSTEM
        await send(work, locked, Text("Hello"), author=author, purpose=purpose)
