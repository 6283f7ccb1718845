"""A supervisor joins two contacts and parts them again: everything comes back, and who may not see it hears nothing."""

from datetime import timedelta
from typing import Any

import pytest
from arriving import deliver, inbox_of, whatsapp
from conftest import TestServices
from factories import load_conversation, make_conversation, make_customer, make_viewer
from people_scenes import AT, contacts, talks

from server.actions import merges
from server.domain.access import Viewer
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.model import Channel, ConversationState, Role


async def overseer(services: TestServices, *sectors: str) -> Viewer:
    return await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR, sectors=sectors or ("financial",))


async def test_a_supervisor_merges_by_hand_and_everything_comes_back(services: TestServices) -> None:
    nadia = await overseer(services)
    sara = await make_customer(services.pool, "Sara")
    twin = await make_customer(services.pool, "Sara H.", channel=Channel.INSTAGRAM)
    first = await make_conversation(services.pool, customer=sara)
    second = await make_conversation(services.pool, customer=twin, channel=Channel.INSTAGRAM)
    old = await make_conversation(services.pool, customer=twin, channel=Channel.INSTAGRAM,
                                  state=ConversationState.RESOLVED)  # fmt: skip
    for contact, label in ((sara.contact_id, "vip"), (twin.contact_id, "vip"), (twin.contact_id, "careful")):
        await services.pool.execute("insert into contact_label values ($1, 'financial', $2)", contact, label)
    await services.pool.execute(
        "insert into suppression (contact_id, inbox_id, category, value, source, at)"
        " values ($1, 'financial-instagram', 'marketing', 'stop', 'preference', now())", twin.contact_id)  # fmt: skip
    before = await _picture(services)

    done = await merges.merge(services, nadia, sara.contact_id, other_id=twin.contact_id, command_id="merge-001")
    again = await merges.merge(services, nadia, sara.contact_id, other_id=twin.contact_id, command_id="merge-001")
    assert done == again
    assert done["contact_id"] == sara.contact_id
    for each in (first, second, old):
        assert (await load_conversation(services.pool, each.id)).contact_id == sara.contact_id
    assert (
        await services.pool.fetchval("select merged_into from contact where id = $1", twin.contact_id)
        == sara.contact_id
    )
    labels = await services.pool.fetch("select label from contact_label where contact_id = $1", sara.contact_id)
    assert {row["label"] for row in labels} == {"vip", "careful"}
    # Two inboxes: both go on.
    assert [row["state"] for row in await talks(services)] == ["queued", "queued", "resolved"]

    undone = await merges.undo(services, nadia, done["merge_id"], command_id="undo-0001")
    assert undone["other_id"] == twin.contact_id
    assert await _picture(services) == before
    with pytest.raises(Conflict):
        await merges.undo(services, nadia, done["merge_id"], command_id="undo-0002")


async def test_what_began_since_goes_with_its_address(services: TestServices) -> None:
    nadia = await overseer(services)
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "One", phone="15550002222", at=AT))
    await deliver(services, whatsapp(inbox, "Two", phone="15550003333", at=AT + timedelta(minutes=1)))
    known = await contacts(services)
    done = await merges.merge(
        services, nadia, known["15550002222"], other_id=known["15550003333"], command_id="merge-001"
    )
    first, second = await talks(services)
    assert (first["state"], second["state"]) == ("queued", "resolved")
    # The second number writes in the first one's conversation, which answers there from now on.
    await deliver(services, whatsapp(inbox, "Two again", phone="15550003333"))
    first, second = await talks(services)
    assert first["unread"] == 3
    await merges.undo(services, nadia, done["merge_id"], command_id="undo-0001")
    first, second = await talks(services)
    assert (first["contact_id"], second["contact_id"]) == (known["15550002222"], known["15550003333"])
    value = "select value from identity where id = $1"
    assert await services.pool.fetchval(value, first["identity_id"]) == "15550002222"
    await deliver(services, whatsapp(inbox, "Two once more", phone="15550003333"))
    assert await services.pool.fetchval(
        "select contact_id from conversation where id = (select conversation_id from message order by id desc limit 1)"
    ) == known["15550003333"]  # fmt: skip


async def test_what_somebody_undid_no_item_joins_again(services: TestServices) -> None:
    nadia = await overseer(services)
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp(inbox, "By phone", phone="15550002222", at=AT))
    await deliver(services, whatsapp(inbox, "By id", phone=None, user_id="EG.7001", at=AT))
    await deliver(services, whatsapp(inbox, "Both", phone="15550002222", user_id="EG.7001", at=AT))
    merge_id = await services.pool.fetchval("select id from contact_merge")
    await merges.undo(services, nadia, merge_id, command_id="undo-0001")
    await deliver(services, whatsapp(inbox, "Both again", phone="15550002222", user_id="EG.7001"))
    assert len(set((await contacts(services)).values())) == 2


async def test_a_merge_upon_a_merge_is_undone_from_the_end(services: TestServices) -> None:
    nadia = await overseer(services)
    ids = []
    for channel in (Channel.WHATSAPP, Channel.INSTAGRAM, Channel.MESSENGER):
        customer = await make_customer(services.pool, channel=channel)
        await make_conversation(services.pool, customer=customer, channel=channel)
        ids.append(customer.contact_id)
    inner = await merges.merge(services, nadia, ids[1], other_id=ids[2], command_id="merge-001")
    outer = await merges.merge(services, nadia, ids[0], other_id=ids[1], command_id="merge-002")
    with pytest.raises(Conflict):
        await merges.undo(services, nadia, inner["merge_id"], command_id="undo-0001")
    await merges.undo(services, nadia, outer["merge_id"], command_id="undo-0002")
    await merges.undo(services, nadia, inner["merge_id"], command_id="undo-0003")
    assert {row["contact_id"] for row in await talks(services)} == set(ids)


async def test_whoever_sees_only_one_side_neither_merges_nor_hears_of_it(services: TestServices) -> None:
    nadia, clara = await overseer(services), await overseer(services, "hospitality")
    salma = await make_viewer(services.pool)
    sara = await make_customer(services.pool, "Sara")
    twin = await make_customer(services.pool, "Sara H.", channel=Channel.INSTAGRAM)
    mine = await make_conversation(services.pool, customer=sara, owner=salma)
    theirs = await make_conversation(services.pool, customer=twin, channel=Channel.INSTAGRAM, sector="hospitality")
    for viewer in (nadia, clara, salma):
        with pytest.raises(NotFound):
            await merges.merge(services, viewer, sara.contact_id, other_id=twin.contact_id, command_id="merge-001")
    both = await overseer(services, "financial", "hospitality")
    done = await merges.merge(services, both, sara.contact_id, other_id=twin.contact_id, command_id="merge-002")
    told = {each.conversation_id: each for each in services.publisher.events if each.kind.startswith("Contact")}
    assert {told[each.id].kind for each in (mine, theirs)} == {"ContactChanged"}
    assert told[mine.id].data == {}
    for viewer in (nadia, clara):
        with pytest.raises(NotFound):
            await merges.undo(services, viewer, done["merge_id"], command_id="undo-0001")


async def test_an_advisor_may_not_merge(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    one, other = await make_customer(services.pool), await make_customer(services.pool, channel=Channel.INSTAGRAM)
    await make_conversation(services.pool, customer=one, owner=salma)
    await make_conversation(services.pool, customer=other, owner=salma, channel=Channel.INSTAGRAM)
    with pytest.raises(Forbidden):
        await merges.merge(services, salma, one.contact_id, other_id=other.contact_id, command_id="merge-001")


async def test_whom_people_were_asked_for_the_bot_does_not_keep(services: TestServices) -> None:
    nadia = await overseer(services, "hospitality")
    one, other = await make_customer(services.pool), await make_customer(services.pool)
    bot = await make_conversation(services.pool, sector="hospitality", customer=one, state=ConversationState.BOT, at=AT)
    await make_conversation(services.pool, sector="hospitality", customer=other)
    await merges.merge(services, nadia, one.contact_id, other_id=other.contact_id, command_id="merge-001")
    assert (await load_conversation(services.pool, bot.id)).state is ConversationState.QUEUED
    assert await services.pool.fetchval("select count(*) from waiting where conversation_id = $1", bot.id) == 1


async def _picture(services: TestServices) -> list[Any]:
    tables = (
        "select id, contact_id from identity", "select id, contact_id, identity_id, state from conversation",
        "select contact_id, sector_id, label from contact_label", "select contact_id, inbox_id, value from suppression",
        "select id, merged_into, name from contact",
    )  # fmt: skip
    return [sorted(tuple(row) for row in await services.pool.fetch(f"{each} order by 1, 2")) for each in tables]
