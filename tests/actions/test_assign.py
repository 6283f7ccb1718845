"""Offers are leases: made in the queue's order within capacity, decided exactly once, and the place is kept."""

import asyncio
from datetime import timedelta

import pytest
from conftest import TestServices
from factories import load_conversation, make_message, make_viewer
from work_scenes import ago, another_process, arrive, both, let_time_pass, of_kind, pending

from server.actions import assign, matching
from server.actions.unit import Topic
from server.domain.errors import NotFound, OfferGone
from server.domain.model import Author, ConversationState, Presence, Priority, Role

ONLINE = Presence.ONLINE


async def test_the_head_of_the_queue_is_offered_to_an_online_advisor(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma Fathy", presence=ONLINE)
    omar = await arrive(services)

    assert await assign.match(services) == 1

    (offer,) = await pending(services.pool)
    assert (offer["conversation_id"], offer["advisor_id"]) == (omar.id, salma.user_id)
    assert (await load_conversation(services.pool, omar.id)).state is ConversationState.OFFERED
    (made,) = of_kind(services.publisher.events, "OfferMade")
    assert made.user_id == salma.user_id
    assert await services.pool.fetchval("select count(*) from waiting") == 0


async def test_an_accepted_conversation_is_the_advisors(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    omar = await arrive(services)
    await assign.match(services)
    (offer,) = await pending(services.pool)

    result = await assign.accept(services, salma, offer["id"])
    again = await assign.accept(services, salma, offer["id"])

    assert result == again
    stored = await load_conversation(services.pool, omar.id)
    assert (stored.state, stored.owner_id) == (ConversationState.ASSIGNED, salma.user_id)
    assert services.publisher.kinds.count("ConversationAssigned") == 1
    assert await services.pool.fetchval("select count(*) from assignment where ended_at is null") == 1


async def test_offers_follow_the_rank_strictly(services: TestServices) -> None:
    """An urgent customer passes those who waited up to an hour longer, and nobody else."""
    await make_viewer(services.pool, presence=ONLINE, capacity=100)
    waited_long = await arrive(services, "Hani", at=ago(hours=2))
    normal = await arrive(services, "Rania", at=ago(minutes=50))
    urgent = await arrive(services, "Omar", at=ago(minutes=1), priority=Priority.URGENT)
    newest = await arrive(services, "Laila", at=ago(seconds=1))

    await assign.match(services)

    offered = [each["conversation_id"] for each in await pending(services.pool)]
    assert offered == [waited_long.id, urgent.id, normal.id, newest.id]


async def test_offers_never_exceed_capacity_and_a_freed_place_is_filled(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE, capacity=2)
    for _ in range(3):
        await arrive(services)
    assert await assign.match(services) == 2
    assert await assign.match(services) == 0

    first, _ = await pending(services.pool)
    await assign.accept(services, salma, first["id"])
    assert await assign.match(services) == 0
    await services.pool.execute("update advisor set capacity = 3 where user_id = $1", salma.user_id)
    assert await assign.match(services) == 1


async def test_only_the_sectors_and_skills_fit(services: TestServices) -> None:
    await make_viewer(services.pool, "Amal", presence=ONLINE, sectors=("education",), skills=("arabic",))
    await make_viewer(services.pool, "Karim", presence=ONLINE, skills=("english",))
    layla = await make_viewer(services.pool, "Layla", presence=ONLINE, skills=("arabic",))
    await make_viewer(services.pool, "Nour", presence=Presence.AWAY, skills=("arabic",))
    await make_viewer(services.pool, "Dina", presence=ONLINE, live=False, skills=("arabic",))
    omar = await arrive(services, skills=("arabic",))

    await assign.match(services)

    (offer,) = await pending(services.pool)
    assert (offer["conversation_id"], offer["advisor_id"]) == (omar.id, layla.user_id)
    why = {each["why"] for each in offer["considered"]}
    assert why >= {"chosen", "lacks:arabic", "away", "offline"}
    assert all(each["advisor"] for each in offer["considered"])


async def test_a_head_nobody_can_take_holds_up_nobody(services: TestServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_PAGE", 3)
    await make_viewer(services.pool, presence=ONLINE, skills=("english",), capacity=1)
    for minutes in range(10, 20):
        await arrive(services, at=ago(minutes=minutes), skills=("arabic",))
    reachable = await arrive(services, skills=("english",))

    assert await assign.match(services) == 1
    assert [each["conversation_id"] for each in await pending(services.pool)] == [reachable.id]


async def test_a_queue_has_skills_of_its_own(services: TestServices) -> None:
    await make_viewer(services.pool, "Karim", presence=ONLINE)
    mona = await make_viewer(services.pool, "Mona", presence=ONLINE, skills=("portfolio",))
    await arrive(services, queue="portfolios")

    await assign.match(services)

    assert [each["advisor_id"] for each in await pending(services.pool)] == [mona.user_id]


async def test_supervisors_get_no_offers(services: TestServices) -> None:
    await make_viewer(services.pool, "Huda", role=Role.SUPERVISOR, presence=ONLINE)
    await arrive(services)

    assert await assign.match(services) == 0


async def test_a_declined_conversation_keeps_its_age_and_goes_to_somebody_else(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    since = ago(minutes=7)
    omar = await arrive(services, at=since)
    await arrive(services, "Rania", at=ago(minutes=1))
    await assign.match(services)
    offer = (await pending(services.pool))[0]
    assert offer["conversation_id"] == omar.id
    before = services.waker.topics.count(Topic.WAITING)

    await assign.decline(services, salma, offer["id"], "conflict of interest")
    await assign.decline(services, salma, offer["id"], "conflict of interest")

    row = await services.pool.fetchrow("select * from waiting where conversation_id = $1", omar.id)
    assert row is not None
    assert (row["entered_at"], row["rank"]) == (since, since - timedelta(seconds=300))
    assert services.waker.topics.count(Topic.WAITING) > before
    assert services.publisher.kinds.count("OfferDeclined") == 1

    # Nobody else is there: not at once, but later, to the same advisor.
    assert await assign.match(services) == 0
    karim = await make_viewer(services.pool, "Karim", presence=ONLINE)
    assert await assign.match(services) == 1
    assert [each["conversation_id"] for each in await pending(services.pool, karim.user_id)] == [omar.id]


async def test_with_nobody_else_a_declined_conversation_comes_back_after_a_pause(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    await arrive(services)
    await assign.match(services)
    (offer,) = await pending(services.pool)
    await assign.decline(services, salma, offer["id"])
    assert await assign.match(services) == 0

    await let_time_pass(services.pool, matching.ALONE_COOLDOWN_SECONDS + 1)
    await services.pool.execute("update presence_lease set expires_at = now() + interval '1 minute'")

    assert await assign.match(services) == 1


async def test_while_others_are_only_busy_the_one_who_declined_is_not_asked_again(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=ONLINE)
    await arrive(services)
    await assign.match(services)
    (offer,) = await pending(services.pool)
    await assign.decline(services, salma, offer["id"])
    await make_viewer(services.pool, "Karim", presence=ONLINE, capacity=0)
    await services.pool.execute("update offer set decided_at = decided_at - interval '1 minute'")

    assert await assign.match(services) == 0

    await services.pool.execute("update offer set decided_at = decided_at - interval '5 minutes'")
    assert await assign.match(services) == 1


async def test_an_expired_offer_returns_with_its_age_and_sets_the_advisor_away(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    since = ago(minutes=3)
    first, second = await arrive(services, at=since), await arrive(services, "Rania", at=ago(minutes=2))
    await assign.match(services)
    await services.pool.execute(
        "update offer set expires_at = now() - interval '1 millisecond' where conversation_id = $1", first.id
    )

    assert await assign.expire(services) == 1

    rows = await services.pool.fetch("select conversation_id, entered_at from waiting order by rank")
    # The other offer was withdrawn too: the advisor is not there.
    assert [each["conversation_id"] for each in rows] == [first.id, second.id]
    assert rows[0]["entered_at"] == since
    person = await services.pool.fetchrow("select * from advisor where user_id = $1", salma.user_id)
    assert person is not None
    assert (person["presence"], person["presence_reason"]) == ("away", "missed_offer")
    kinds = services.publisher.kinds
    assert (kinds.count("OfferExpired"), kinds.count("OfferWithdrawn"), kinds.count("PresenceChanged")) == (1, 1, 1)
    assert await assign.match(services) == 0


@pytest.mark.parametrize("did", ["accepted", "answered", "answered before"])
async def test_whoever_works_meanwhile_misses_nothing(services: TestServices, did: str) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    first = await arrive(services, at=ago(minutes=9))
    if did != "accepted":
        await assign.match(services)
        await assign.accept(services, salma, (await pending(services.pool))[0]["id"])
        await let_time_pass(services.pool, 1)
        await services.pool.execute("update assignment set assigned_at = now() - interval '1 minute'")
    if did == "answered before":
        await make_message(services.pool, first.id, author=Author.ADVISOR, author_id=salma.user_id)
    since = ago(minutes=2)
    late = await arrive(services, "Rania", at=since)
    await assign.match(services)
    offers = await pending(services.pool, salma.user_id)
    if did == "accepted":
        await assign.accept(services, salma, offers[0]["id"])
    elif did == "answered":
        await make_message(services.pool, first.id, author=Author.ADVISOR, author_id=salma.user_id)
    await services.pool.execute("update offer set expires_at = now() where state = 'pending'")

    assert await assign.expire(services) == 1

    assert await services.pool.fetchval("select entered_at from waiting where conversation_id = $1", late.id) == since
    presence = await services.pool.fetchval("select presence from advisor where user_id = $1", salma.user_id)
    assert presence == ("away" if did == "answered before" else "online")


async def test_an_outage_of_ours_sets_nobody_away(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    await arrive(services)
    await assign.match(services)
    await services.pool.execute("update offer set expires_at = now() - interval '1 minute'")

    assert await assign.expire(services) == 1
    assert await services.pool.fetchval("select presence from advisor where user_id = $1", salma.user_id) == "online"


async def test_an_offer_is_for_its_advisor_only(services: TestServices) -> None:
    await make_viewer(services.pool, "Salma", presence=ONLINE)
    karim = await make_viewer(services.pool, "Karim")
    await arrive(services)
    await assign.match(services)
    (offer,) = await pending(services.pool)

    for act in (assign.accept, assign.decline):
        with pytest.raises(NotFound):
            await act(services, karim, offer["id"])
        with pytest.raises(NotFound):
            await act(services, karim, 999_999)


async def test_too_late_is_said(services: TestServices) -> None:
    salma = await make_viewer(services.pool, presence=ONLINE)
    await arrive(services)
    await assign.match(services)
    (offer,) = await pending(services.pool)
    await services.pool.execute("update offer set expires_at = now() - interval '1 second'")

    with pytest.raises(OfferGone, match="time for this offer is over"):
        await assign.accept(services, salma, offer["id"])
    await assign.expire(services)
    with pytest.raises(OfferGone):
        await assign.accept(services, salma, offer["id"])
    with pytest.raises(OfferGone):
        await assign.decline(services, salma, offer["id"])
    assert await services.pool.fetchval("select count(*) from waiting") == 1


@pytest.mark.parametrize("round", range(5))
async def test_accept_and_expiry_race_and_exactly_one_wins(services: TestServices, database: str, round: int) -> None:
    """Many offers at the edge of their time, each accepted and expired at the same moment by two processes."""
    other = await another_process(services, database)
    salma = await make_viewer(services.pool, presence=ONLINE, capacity=20)
    for _ in range(20):
        await arrive(services)
    assert await assign.match(services) == 20
    await services.pool.execute(
        "update offer set expires_at = clock_timestamp() + random() * interval '40 milliseconds'"
    )
    ids = [each["id"] for each in await pending(services.pool)]

    async def accept(offer_id: int) -> bool:
        await asyncio.sleep(0.02)
        try:
            await assign.accept(services, salma, offer_id)
        except OfferGone:
            return False
        return True

    async def expire() -> None:
        for _ in range(10):
            await assign.expire(other)
            await asyncio.sleep(0.005)

    results = await asyncio.gather(expire(), *(accept(each) for each in ids))
    await assign.expire(services)
    await other.pool.close()

    accepted = {id for id, won in zip(ids, results[1:], strict=True) if won}
    rows = await services.pool.fetch(
        "select o.id, o.state, c.state as conversation, c.owner_id, w.conversation_id is not null as waits"
        " from offer o join conversation c on c.id = o.conversation_id"
        " left join waiting w on w.conversation_id = c.id"
    )
    assert len(rows) == 20
    for row in rows:
        won = row["id"] in accepted
        # Withdrawn: she has missed so many by then that she counts as away.
        assert row["state"] in (("accepted",) if won else ("expired", "withdrawn"))
        assert row["conversation"] == ("assigned" if won else "queued")
        assert row["owner_id"] == (salma.user_id if won else None)
        assert row["waits"] is not won
    events = services.publisher.events + other.publisher.events
    assert len(of_kind(events, "OfferAccepted")) == len(accepted)
    assert len(of_kind(events, "OfferExpired") + of_kind(events, "OfferWithdrawn")) == 20 - len(accepted)


async def test_two_processes_matching_at_once_never_exceed_capacity_or_offer_twice(
    services: TestServices, database: str
) -> None:
    other = await another_process(services, database)
    advisors = [await make_viewer(services.pool, f"Advisor {n}", presence=ONLINE, capacity=3) for n in range(5)]
    for _ in range(40):
        await arrive(services)

    matched = asyncio.Event()

    async def advise(process: TestServices, viewer_index: int) -> None:
        viewer = advisors[viewer_index]
        while True:
            last = matched.is_set()
            for offer in await pending(process.pool, viewer.user_id):
                act = assign.accept if offer["id"] % 2 else assign.decline
                await both(act(process, viewer, offer["id"]))
            if last:
                return
            await asyncio.sleep(0.005)

    async def matcher(process: TestServices) -> None:
        for _ in range(15):
            await assign.match(process)
            await asyncio.sleep(0.002)

    async def match_twice_at_once() -> None:
        await asyncio.gather(matcher(services), matcher(other))
        matched.set()

    async def watch() -> None:
        while not matched.is_set():
            loads = await services.pool.fetch(
                "select a.capacity, (select count(*) from conversation c"
                "  where c.owner_id = a.user_id and c.state = 'assigned')"
                " + (select count(*) from offer o where o.advisor_id = a.user_id and o.state = 'pending') as load"
                " from advisor a"
            )
            assert all(each["load"] <= each["capacity"] for each in loads)
            await asyncio.sleep(0.005)

    await asyncio.gather(match_twice_at_once(), watch(), *(advise(other if n % 2 else services, n) for n in range(5)))
    await other.pool.close()

    states = await services.pool.fetch("select state, count(*) from conversation group by state")
    assert sum(each["count"] for each in states) == 40
    assert 0 < await services.pool.fetchval("select count(*) from assignment where ended_at is null") <= 15
    broken = await services.pool.fetchval(
        "select count(*) from conversation c where"
        " (state = 'queued') <> exists (select from waiting w where w.conversation_id = c.id) or"
        " (state = 'offered') <> exists (select from offer o where o.conversation_id = c.id and o.state = 'pending')"
    )
    assert broken == 0


async def test_capacity_is_counted_again_under_the_advisors_lock(services: TestServices) -> None:
    """While the matcher decided, a supervisor gave the last free place away."""
    salma = await make_viewer(services.pool, presence=ONLINE, capacity=1)
    given, waiting = await arrive(services), await arrive(services, "Rania")
    await services.pool.execute("delete from waiting where conversation_id = $1", given.id)

    async with services.pool.acquire() as supervisor:
        transaction = supervisor.transaction()
        await transaction.start()
        await supervisor.execute("select from advisor where user_id = $1 for update", salma.user_id)
        matching_now = asyncio.create_task(assign.match(services))
        await asyncio.sleep(0.3)
        assert not matching_now.done()
        await supervisor.execute(
            "update conversation set state = 'assigned', owner_id = $2 where id = $1", given.id, salma.user_id
        )
        await transaction.commit()

    assert await matching_now == 0
    assert (await load_conversation(services.pool, waiting.id)).state is ConversationState.QUEUED


async def test_a_conversation_somebody_holds_is_left_for_later_and_blocks_nobody(services: TestServices) -> None:
    await make_viewer(services.pool, presence=ONLINE)
    held, free = await arrive(services, at=ago(minutes=5)), await arrive(services, "Rania")

    async with services.pool.acquire() as connection, connection.transaction():
        await connection.execute("select from conversation where id = $1 for update", held.id)
        async with asyncio.timeout(30):
            assert await assign.match(services) == 1
        assert [each["conversation_id"] for each in await pending(services.pool)] == [free.id]
    assert await assign.match(services) == 1


async def test_a_row_the_database_refuses_stands_alone(services: TestServices) -> None:
    await make_viewer(services.pool, presence=ONLINE, capacity=10)
    conversations = [await arrive(services, at=ago(minutes=9 - n)) for n in range(5)]
    bad = conversations[2].id
    await services.pool.execute(
        f"create function refuse() returns trigger language plpgsql as $$ begin"
        f" if new.conversation_id = {bad} then raise exception 'no'; end if; return new; end $$"
    )
    await services.pool.execute("create trigger refuse before insert on offer for each row execute function refuse()")

    assert await assign.match(services) == 4

    offered = {each["conversation_id"] for each in await pending(services.pool)}
    assert offered == {each.id for each in conversations} - {bad}
    assert (await load_conversation(services.pool, bad)).state is ConversationState.QUEUED
