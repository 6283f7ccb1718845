"""Who may resolve, hand back, transfer, take over and reassign; what each does; and who hears of it."""

from collections.abc import Awaitable, Callable

import pytest
from conftest import TestServices
from factories import load_conversation, make_conversation, make_message, make_viewer
from work_scenes import ago, arrive, both, let_time_pass, of_kind, pending

from server.actions import assign, lifecycle, matching, notes, presence
from server.actions.unit import Topic
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import AtCapacity, Conflict, Forbidden, Invalid, MajlisError, NotFound
from server.domain.model import ConversationState, Presence, Role

ONLINE = Presence.ONLINE


async def owned(services: TestServices, salma: Viewer, minutes: int = 10) -> Conversation:
    """A conversation Salma accepted."""
    conversation = await arrive(services, at=ago(minutes=minutes))
    await assign.match(services)
    (offer,) = await pending(services.pool, salma.user_id)
    await assign.accept(services, salma, offer["id"])
    return await load_conversation(services.pool, conversation.id)


async def test_resolving_frees_the_place_and_tells_the_owner(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)
    services.waker.topics.clear()

    result = await lifecycle.resolve(services, salma, conversation.id, command_id="c1")

    stored = await load_conversation(services.pool, conversation.id)
    assert (stored.state, stored.owner_id, stored.unread) == (ConversationState.RESOLVED, None, 0)
    assert stored.resolved_at is not None
    assert result == {"conversation_id": stored.id, "version": stored.version, "state": "resolved"}
    assert services.publisher.kinds[-3:] == ["ConversationReleased", "SlaMet", "ConversationResolved"]
    assert of_kind(services.publisher.events, "ConversationReleased")[0].user_id == salma.user_id
    assert Topic.WAITING in services.waker.topics


async def test_a_repeated_command_gets_the_first_answer_even_at_the_same_moment(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)

    results = await both(
        *(lifecycle.resolve(services, salma, conversation.id, command_id="same") for _ in range(4)),
    )

    assert all(each == results[0] for each in results)
    assert services.publisher.kinds.count("ConversationResolved") == 1
    with pytest.raises(Conflict, match="resolved already"):
        await lifecycle.resolve(services, await supervisor(services), conversation.id, command_id="other")


async def test_handing_back_keeps_the_age_and_asks_somebody_else_first(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    conversation = await owned(services, salma)

    await lifecycle.hand_back(services, salma, conversation.id, command_id="c1")

    row = await services.pool.fetchrow("select * from waiting")
    assert row is not None
    assert row["entered_at"] == conversation.waiting_since
    assert await assign.match(services) == 0
    karim = await make_viewer(services.pool, "Karim", presence=ONLINE)
    assert await assign.match(services) == 1
    assert (await pending(services.pool))[0]["advisor_id"] == karim.user_id


async def test_what_was_handed_back_rests_like_what_was_declined(services: TestServices) -> None:
    """For who handed it back: while others are only busy not at all, alone after the pause."""
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    conversation = await owned(services, salma)
    await lifecycle.hand_back(services, salma, conversation.id, command_id="c1")
    await services.pool.execute(
        "update assignment set ended_at = ended_at - make_interval(secs => $1)", matching.ALONE_COOLDOWN_SECONDS - 5
    )
    assert await assign.match(services) == 0

    karim = await make_viewer(services.pool, "Karim", presence=ONLINE, capacity=0)
    await services.pool.execute("update assignment set ended_at = ended_at - interval '1 minute'")
    assert await assign.match(services) == 0

    await services.pool.execute("update advisor set presence = 'away' where user_id = $1", karim.user_id)
    assert await assign.match(services) == 1


async def test_a_transfer_to_a_queue_keeps_the_age_and_takes_that_queues_skills(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    conversation = await owned(services, salma)

    await lifecycle.transfer_to_queue(
        services, salma, conversation.id, queue_id="portfolios", command_id="c1", note="Wants a second account"
    )

    row = await services.pool.fetchrow("select * from waiting")
    assert row is not None
    assert (row["queue_id"], row["entered_at"], row["skills"]) == (
        "portfolios", conversation.waiting_since, ["portfolio"],
    )  # fmt: skip
    assert await services.pool.fetchval("select text from note") == "Wants a second account"
    # And back: the skill was the queue's, not the customer's.
    await lifecycle.transfer_to_queue(
        services, await supervisor(services), conversation.id, queue_id="financial", command_id="c2"
    )
    assert await services.pool.fetchval("select skills from waiting") == []
    with pytest.raises(Invalid) as refused:
        await lifecycle.transfer_to_queue(
            services, await supervisor(services), conversation.id, queue_id="hospitality", command_id="c3"
        )
    assert refused.value.extra == {"field": "queue"}


async def test_a_transfer_to_a_colleague_tells_both(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    conversation = await owned(services, salma)
    karim = await make_viewer(services.pool, "Karim", presence=Presence.AWAY)
    services.publisher.events.clear()

    await lifecycle.transfer_to_advisor(services, salma, conversation.id, advisor_id=karim.user_id, command_id="c1")

    stored = await load_conversation(services.pool, conversation.id)
    assert (stored.state, stored.owner_id) == (ConversationState.ASSIGNED, karim.user_id)
    assert [(each.kind, each.user_id) for each in services.publisher.events] == [
        ("ConversationTransferred", None),
        ("ConversationReleased", salma.user_id),
        ("ConversationAssigned", karim.user_id),
    ]


async def test_a_colleague_must_be_here_of_the_sector_and_free(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    conversation = await owned(services, salma)
    huda = await supervisor(services)
    gone = await make_viewer(services.pool, "Dina")
    elsewhere = await make_viewer(services.pool, "Amal", presence=ONLINE, sectors=("education",))
    full = await make_viewer(services.pool, "Karim", presence=ONLINE, capacity=0)

    async def transfer(to: Viewer) -> None:
        await lifecycle.transfer_to_advisor(
            services, salma, conversation.id, advisor_id=to.user_id, command_id=f"to-{to.user_id}"
        )

    for to, error in ((gone, Conflict), (elsewhere, Invalid), (full, AtCapacity), (salma, Conflict)):
        with pytest.raises(error):
            await transfer(to)
    # A supervisor may go beyond the capacity, visibly, but not past the wall.
    with pytest.raises(Invalid):
        await lifecycle.reassign(services, huda, conversation.id, advisor_id=elsewhere.user_id, command_id="r1")
    await lifecycle.reassign(services, huda, conversation.id, advisor_id=full.user_id, command_id="r2")
    assert (await load_conversation(services.pool, conversation.id)).owner_id == full.user_id


async def supervisor(services: TestServices) -> Viewer:
    return await make_viewer(services.pool, "Huda Saleh", role=Role.SUPERVISOR, presence=ONLINE)


@pytest.mark.parametrize("state", ["queued", "offered", "assigned", "bot"])
async def test_a_supervisor_takes_over_wherever_it_is(services: TestServices, state: str) -> None:
    huda = await supervisor(services)
    if state == "bot":
        huda = await make_viewer(services.pool, "Huda", role=Role.SUPERVISOR, sectors=("hospitality",))
        conversation = await make_conversation(services.pool, sector="hospitality", state=ConversationState.BOT)
    elif state == "assigned":
        conversation = await owned(services, await make_viewer(services.pool, presence=ONLINE))
    else:
        conversation = await arrive(services)
    if state == "offered":
        await make_viewer(services.pool, presence=ONLINE)
        await assign.match(services)

    await lifecycle.take_over(services, huda, conversation.id, command_id="c1")
    await lifecycle.take_over(services, huda, conversation.id, command_id="c2")

    stored = await load_conversation(services.pool, conversation.id)
    assert (stored.state, stored.owner_id) == (ConversationState.ASSIGNED, huda.user_id)
    assert await services.pool.fetchval("select count(*) from waiting") == 0
    assert await pending(services.pool) == []
    assert await services.pool.fetchval("select count(*) from assignment where ended_at is null") == 1
    kinds = services.publisher.kinds
    assert kinds.count("ConversationAssigned") == (2 if state == "assigned" else 1)
    assert kinds.count("OfferWithdrawn") == (1 if state == "offered" else 0)
    assert kinds.count("ConversationReleased") == (1 if state == "assigned" else 0)
    # Handed back, it waits since it first did, even if it was never offered.
    await lifecycle.hand_back(services, huda, conversation.id, command_id="c3")
    assert await services.pool.fetchval("select entered_at from waiting") == conversation.waiting_since


Act = Callable[[TestServices, Viewer, int], Awaitable[object]]
ACTS: dict[str, Act] = {
    "resolve": lambda s, v, id: lifecycle.resolve(s, v, id, command_id="x"),
    "hand_back": lambda s, v, id: lifecycle.hand_back(s, v, id, command_id="x"),
    "transfer": lambda s, v, id: lifecycle.transfer_to_queue(s, v, id, queue_id="portfolios", command_id="x"),
    "give": lambda s, v, id: lifecycle.transfer_to_advisor(s, v, id, advisor_id=v.user_id, command_id="x"),
    "take_over": lambda s, v, id: lifecycle.take_over(s, v, id, command_id="x"),
    "reassign": lambda s, v, id: lifecycle.reassign(s, v, id, advisor_id=v.user_id, command_id="x"),
    "mark_read": lambda s, v, id: lifecycle.mark_read(s, v, id, command_id="x"),
    "note": lambda s, v, id: notes.add(s, v, id, text="Called back", command_id="x"),
}


@pytest.mark.parametrize("act", ACTS)
async def test_nobody_reaches_beyond_their_sectors_or_a_strangers_conversation(
    services: TestServices, act: str
) -> None:
    conversation = await owned(services, await make_viewer(services.pool, presence=ONLINE))
    strangers = [
        await make_viewer(services.pool, "Amal", sectors=("education",), presence=ONLINE),
        await make_viewer(services.pool, "Huda", role=Role.SUPERVISOR, sectors=("hospitality",), presence=ONLINE),
        await make_viewer(services.pool, "Nadia", role=Role.ADMINISTRATOR, sectors=()),
        await make_viewer(services.pool, "Tarek", role=Role.OWNER),
        await make_viewer(services.pool, "Karim", presence=ONLINE),
    ]
    before = services.publisher.kinds
    for stranger in strangers:
        with pytest.raises(NotFound):
            await ACTS[act](services, stranger, conversation.id)
        with pytest.raises(NotFound):
            await ACTS[act](services, stranger, 999_999)
    assert services.publisher.kinds == before


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"mark_read", "note"}))
async def test_who_held_it_may_read_but_not_act(services: TestServices, act: str) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)
    huda = await supervisor(services)
    await lifecycle.take_over(services, huda, conversation.id, command_id="c1")

    with pytest.raises(Forbidden):
        await ACTS[act](services, salma, conversation.id)


async def test_an_advisor_who_owns_it_does_not_supervise(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)

    for act in ("take_over", "reassign"):
        with pytest.raises(Forbidden):
            await ACTS[act](services, salma, conversation.id)
    nadia = await make_viewer(services.pool, "Nadia", role=Role.ADMINISTRATOR)
    with pytest.raises(Forbidden, match="do not take"):
        await ACTS["take_over"](services, nadia, conversation.id)


async def test_only_the_owners_look_marks_it_read(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)
    message_id = await make_message(services.pool, conversation.id)

    await lifecycle.mark_read(services, await supervisor(services), conversation.id, command_id="c1")
    assert (await load_conversation(services.pool, conversation.id)).unread == 1
    await lifecycle.mark_read(services, salma, conversation.id, command_id="c2")
    await lifecycle.mark_read(services, salma, conversation.id, command_id="c3")

    assert (await load_conversation(services.pool, conversation.id)).unread == 0
    (read,) = of_kind(services.publisher.events, "ConversationRead")
    assert read.data == {"message_id": message_id}


async def test_notes_are_written_once_and_checked(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    conversation = await owned(services, salma)

    first = await notes.add(services, salma, conversation.id, text=" Called back ", command_id="c1")
    again = await notes.add(services, salma, conversation.id, text=" Called back ", command_id="c1")

    assert first == again
    rows = await services.pool.fetch("select text, sector_id, author_id from note")
    assert [tuple(each) for each in rows] == [("Called back", "financial", salma.user_id)]
    for text in ("", "  ", "x" * 4001, "a\x00b"):
        with pytest.raises(Invalid):
            await notes.add(services, salma, conversation.id, text=text, command_id=f"bad-{len(text)}")


async def test_many_acts_at_once_leave_one_place(services: TestServices) -> None:
    """P6: whatever people do at the same moment, a conversation is in exactly one place afterwards."""
    huda, layla = await supervisor(services), await supervisor(services)
    salma = await make_viewer(services.pool, presence=ONLINE)
    karim = await make_viewer(services.pool, "Karim", presence=ONLINE)
    for round in range(6):
        conversation = await arrive(services)
        await assign.match(services)
        offers = await pending(services.pool)
        accepts = [assign.accept(services, v, o["id"]) for o in offers for v in (salma, karim)]
        results = await both(
            lifecycle.take_over(services, huda, conversation.id, command_id=f"a{round}"),
            lifecycle.reassign(services, layla, conversation.id, advisor_id=karim.user_id, command_id=f"b{round}"),
            lifecycle.transfer_to_queue(
                services, layla, conversation.id, queue_id="portfolios", command_id=f"c{round}"
            ),
            lifecycle.resolve(services, huda, conversation.id, command_id=f"d{round}"),
            *accepts,
        )
        assert all(isinstance(each, MajlisError | dict) for each in results)
        stored = await load_conversation(services.pool, conversation.id)
        places = await services.pool.fetchrow(
            "select (select count(*) from waiting where conversation_id = $1) as waiting,"
            " (select count(*) from offer where conversation_id = $1 and state = 'pending') as offered,"
            " (select count(*) from assignment where conversation_id = $1 and ended_at is null) as assigned",
            conversation.id,
        )
        assert places is not None
        assert tuple(places) == (
            stored.state is ConversationState.QUEUED,
            stored.state is ConversationState.OFFERED,
            stored.state is ConversationState.ASSIGNED,
        )


@pytest.mark.parametrize("act", ["take over", "reassign", "transfer"])
async def test_a_supervisor_who_was_offline_keeps_what_they_take(services: TestServices, act: str) -> None:
    huda = await make_viewer(services.pool, "Huda Saleh", role=Role.SUPERVISOR, live=True)
    conversation = await arrive(services)

    if act == "take over":
        await lifecycle.take_over(services, huda, conversation.id, command_id="c1")
    elif act == "reassign":
        await lifecycle.reassign(services, huda, conversation.id, advisor_id=huda.user_id, command_id="c1")
    else:
        await lifecycle.transfer_to_advisor(services, huda, conversation.id, advisor_id=huda.user_id, command_id="c1")

    (changed,) = of_kind(services.publisher.events, "PresenceChanged")
    assert (changed.user_id, changed.data["presence"], changed.actor) == (huda.user_id, "online", huda.actor)
    await after_the_grace(services)
    assert (await load_conversation(services.pool, conversation.id)).owner_id == huda.user_id


async def test_a_supervisor_loses_work_only_with_their_last_socket(services: TestServices) -> None:
    huda = await make_viewer(services.pool, "Huda Saleh", role=Role.SUPERVISOR, presence=ONLINE)
    conversation = await arrive(services)
    await lifecycle.take_over(services, huda, conversation.id, command_id="c1")
    await presence.set_presence(services, huda, Presence.OFFLINE)
    await after_the_grace(services)
    assert (await load_conversation(services.pool, conversation.id)).owner_id == huda.user_id

    await services.pool.execute("update presence_lease set expires_at = now() - interval '1 second'")
    assert await presence.reap(services) == 1
    assert (await load_conversation(services.pool, conversation.id)).state is ConversationState.QUEUED


async def after_the_grace(services: TestServices) -> None:
    await let_time_pass(services.pool, presence.GRACE_SECONDS + 1)
    await services.pool.execute("update presence_lease set expires_at = now() + interval '1 minute'")
    assert await presence.reap(services) == 0
