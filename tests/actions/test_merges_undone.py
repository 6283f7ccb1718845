"""Whoever waited in a conversation that a merge ended waits again once the merge is undone: in place, as old, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from delivering import answer
from factories import load_conversation, make_conversation, make_customer, make_viewer
from people_scenes import AT as SOME_TIME
from people_scenes import contacts, talks

from server.actions import lifecycle, merges, sla
from server.actions.unit import unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import ConversationState, Presence, Role

ONE, TWO = "15550002222", "15550003333"
AT = SOME_TIME.replace(microsecond=0)
LATER = AT + timedelta(minutes=1)


async def two_wait(services: TestServices, sector: str = "financial") -> tuple[Viewer, dict[str, int]]:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR, sectors=(sector,), presence=Presence.ONLINE)
    inbox = inbox_of(services, sector)
    await deliver(services, whatsapp(inbox, "One", phone=ONE, at=AT))
    await deliver(services, whatsapp(inbox, "Two", "And two", phone=TWO, at=LATER))
    return nadia, await contacts(services)


async def merge(services: TestServices, viewer: Viewer, one: int, other: int) -> int:
    done = await merges.merge(services, viewer, one, other_id=other, command_id="merge-001")
    merge_id: int = done["merge_id"]
    return merge_id


async def undo(services: TestServices, viewer: Viewer, merge_id: int) -> None:
    await merges.undo(services, viewer, merge_id, command_id="undo-0001")


async def places(services: TestServices) -> list[tuple[Any, ...]]:
    rows = await services.pool.fetch(
        "select conversation_id, queue_id, entered_at, rank, priority from waiting order by conversation_id"
    )
    return [tuple(row) for row in rows]


async def clocks(services: TestServices) -> list[tuple[Any, ...]]:
    """What is at work, by conversation, and since when."""
    rows = await services.pool.fetch(
        "select conversation_id, target, started_at, due_at, state from sla_timer"
        " where state in ('running', 'paused') or (state = 'breached' and met_at is null)"
        " order by conversation_id, target"
    )
    return [tuple(row) for row in rows]


async def standing(services: TestServices) -> list[tuple[Any, ...]]:
    return [
        (each["state"], each["contact_id"], each["waiting_since"], each["last_inbound_at"], each["unread"],
         each["resolved_at"], each["queue_id"])
        for each in await talks(services)
    ]  # fmt: skip


async def test_two_who_wait_wait_again_as_if_nothing_had_been(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    before = [await standing(services), await places(services), await clocks(services)]
    assert [each[0] for each in before[0]] == ["queued", "queued"]
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    assert [each[0] for each in await standing(services)] == ["queued", "resolved"]
    assert len(await places(services)) == 1
    services.publisher.events.clear()

    await undo(services, nadia, merge_id)
    assert [await standing(services), await places(services), await clocks(services)] == before
    _, ended = await talks(services)
    told = [each for each in services.publisher.events if each.conversation_id == ended["id"]]
    assert [each.kind for each in told][:3] == ["ContactsSeparated", "ConversationReopened", "ConversationQueued"]
    assert {each.actor for each in told[:3]} == {nadia.actor}
    assert max(each.version for each in told) == ended["version"]
    # It is the same opening: nobody is greeted twice.
    assert ended["opening"] == 1


async def test_what_came_since_is_the_wait_of_whom_it_came_to(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    merge_id = await merge(services, nadia, known[TWO], known[ONE])
    first, _ = await talks(services)
    await answer(services, nadia, await owned(services, first["id"], nadia), "Hello")
    at = datetime.now(UTC).replace(microsecond=0)
    await deliver(services, whatsapp(inbox_of(services, "financial"), "One again", phone=ONE, at=at))
    await undo(services, nadia, merge_id)
    first, second = await talks(services)
    assert (first["state"], first["waiting_since"]) == ("assigned", at)
    assert (second["state"], second["waiting_since"], second["unread"]) == ("queued", LATER, 2)


async def test_whom_we_had_answered_waits_for_nothing_again(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    first, _ = await talks(services)
    await answer(services, nadia, await owned(services, first["id"], nadia), "Hello One")
    async with unit(services) as work:
        await sla.meet(work, await work.lock(first["id"]), work.now)
    before = [await standing(services), await places(services), await clocks(services)]
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    first, _ = await talks(services)
    assert (first["state"], first["waiting_since"]) == ("assigned", LATER)
    await undo(services, nadia, merge_id)
    assert [await standing(services), await places(services), await clocks(services)] == before


async def test_whom_somebody_answered_meanwhile_waits_no_more(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    # The second one's address is where the conversation answers by now.
    await deliver(services, whatsapp(inbox_of(services, "financial"), "Anybody there?", phone=TWO))
    first, _ = await talks(services)
    await answer(services, nadia, await owned(services, first["id"], nadia), "Here I am")
    await services.pool.execute("update message set status = 'delivered' where author = 'advisor'")
    await undo(services, nadia, merge_id)
    _, second = await talks(services)
    assert (second["state"], second["contact_id"]) == ("resolved", known[TWO])
    assert await places(services) == []


async def test_an_answer_to_the_other_one_is_none_to_them(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    first, _ = await talks(services)
    await answer(services, nadia, await owned(services, first["id"], nadia), "Hello One")
    await services.pool.execute("update message set status = 'delivered' where author = 'advisor'")
    await undo(services, nadia, merge_id)
    first, second = await talks(services)
    assert (first["state"], first["waiting_since"]) == ("assigned", None)
    assert (second["state"], second["waiting_since"]) == ("queued", LATER)
    assert [each[2] for each in await places(services)] == [LATER]


async def test_what_was_resolved_before_stays_so(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    _, second = await talks(services)
    await lifecycle.resolve(services, nadia, second["id"], command_id="resolve-1")
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    await undo(services, nadia, merge_id)
    assert [each["state"] for each in await talks(services)] == ["queued", "resolved"]


async def test_meta_s_window_is_each_customers_own_again(services: TestServices) -> None:
    nadia, known = await two_wait(services)
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    first, second = await talks(services)
    assert first["last_inbound_at"] == second["last_inbound_at"]
    await undo(services, nadia, merge_id)
    first, second = await talks(services)
    assert (first["last_inbound_at"], second["last_inbound_at"]) == (
        AT.replace(microsecond=0),
        second["last_inbound_at"],
    )


async def test_whoever_has_another_conversation_by_now_has_one(services: TestServices) -> None:
    """P6: one unresolved conversation of a person in an inbox."""
    nadia, known = await two_wait(services)
    merge_id = await merge(services, nadia, known[ONE], known[TWO])
    first, _ = await talks(services)
    await lifecycle.resolve(services, nadia, first["id"], command_id="resolve-1")
    await services.pool.execute("update conversation set resolved_at = resolved_at - interval '3 days' where id = $1",
                                first["id"])  # fmt: skip
    await services.pool.execute("update conversation set resolved_at = resolved_at - interval '4 days' where id <> $1",
                                first["id"])  # fmt: skip
    await services.pool.execute("update contact_merge set at = at - interval '4 days'")
    await deliver(services, whatsapp(inbox_of(services, "financial"), "A new matter", phone=TWO))
    await undo(services, nadia, merge_id)
    assert [(each["state"], each["contact_id"]) for each in await talks(services)] == [
        ("resolved", known[ONE]), ("resolved", known[TWO]), ("queued", known[TWO]),
    ]  # fmt: skip


async def test_the_owner_has_it_again_and_who_left_does_not(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR)
    for number, presence in enumerate((Presence.ONLINE, Presence.OFFLINE)):
        salma = await make_viewer(services.pool, presence=presence)
        one, other = await make_customer(services.pool), await make_customer(services.pool)
        await make_conversation(services.pool, customer=one, owner=nadia, at=AT)
        theirs = await make_conversation(services.pool, customer=other, owner=salma, at=LATER)
        done = await merges.merge(
            services, nadia, one.contact_id, other_id=other.contact_id, command_id=f"merge-00{number}"
        )
        assert (await load_conversation(services.pool, theirs.id)).state is ConversationState.RESOLVED
        await merges.undo(services, nadia, done["merge_id"], command_id=f"undo-000{number}")
        found = await load_conversation(services.pool, theirs.id)
        if presence is Presence.ONLINE:
            assert (found.state, found.owner_id, found.waiting_since) == ("assigned", salma.user_id, LATER)
        else:
            assert (found.state, found.owner_id) == ("queued", None)
            assert [each[2] for each in await places(services)] == [LATER]


async def test_the_bot_goes_on_with_both(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR, sectors=("hospitality",))
    one, other = await make_customer(services.pool), await make_customer(services.pool)
    first = await make_conversation(
        services.pool, sector="hospitality", customer=one, state=ConversationState.BOT, at=AT
    )
    second = await make_conversation(
        services.pool, sector="hospitality", customer=other, state=ConversationState.BOT, at=LATER
    )
    steps = {"flow": "restaurant", "step": "people"}
    await services.pool.execute("update conversation set flow_state = $1 where id = $2", steps, second.id)
    merge_id = await merge(services, nadia, one.contact_id, other.contact_id)
    await undo(services, nadia, merge_id)
    states = [await load_conversation(services.pool, each.id) for each in (first, second)]
    assert [each.state for each in states] == ["bot", "bot"]
    assert states[1].flow_state == steps


async def test_whom_only_the_other_one_brought_to_people_is_the_bots_again(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR, sectors=("hospitality",))
    one, other = await make_customer(services.pool), await make_customer(services.pool)
    bot = await make_conversation(services.pool, sector="hospitality", customer=one, state=ConversationState.BOT, at=AT)
    await services.pool.execute("update conversation set waiting_since = null where id = $1", bot.id)
    waits = await make_conversation(services.pool, sector="hospitality", customer=other, at=LATER)
    merge_id = await merge(services, nadia, one.contact_id, other.contact_id)
    assert (await load_conversation(services.pool, bot.id)).state is ConversationState.QUEUED
    await undo(services, nadia, merge_id)
    assert (await load_conversation(services.pool, bot.id)).state is ConversationState.BOT
    assert [each[0] for each in await places(services)] == [waits.id]
    assert {each[0] for each in await clocks(services)} == {waits.id}


async def owned(services: TestServices, conversation_id: int, viewer: Viewer) -> Conversation:
    await lifecycle.take_over(services, viewer, conversation_id, command_id="take-over-1")
    return await load_conversation(services.pool, conversation_id)
