"""A person is here while a socket holds its lease; a dead browser gives the work back with its age."""

import pytest
from conftest import TestServices
from factories import load_conversation, make_viewer
from work_scenes import ago, arrive, let_time_pass, of_kind, pending

from server.actions import assign, presence
from server.actions.unit import Topic
from server.domain.access import Viewer
from server.domain.errors import Forbidden
from server.domain.model import ConversationState, Presence, Role


async def shown(services: TestServices, viewer: Viewer) -> tuple[str, str | None]:
    row = await services.pool.fetchrow(
        "select presence, presence_reason from advisor where user_id = $1", viewer.user_id
    )
    assert row is not None
    return row["presence"], row["presence_reason"]


async def test_the_first_socket_brings_nobody_online_before_they_choose_to(services: TestServices) -> None:
    salma = await make_viewer(services.pool)

    await presence.open_lease(services, salma.user_id, "socket-a", "web-1")
    assert await presence.renew_leases(services, "web-1", ["socket-a"]) == []

    assert await shown(services, salma) == ("offline", None)
    assert services.publisher.events == []


async def test_going_online_wakes_the_matcher_and_a_lost_socket_later_comes_back_as_it_was(
    services: TestServices,
) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")
    assert Topic.WAITING in services.waker.topics
    (changed,) = of_kind(services.publisher.events, "PresenceChanged")
    assert (changed.stream, changed.version, changed.user_id) == (f"user:{salma.user_id}", 1, salma.user_id)

    await let_time_pass_for(services, "socket-a", presence.LEASE_SECONDS + 1)
    await presence.reap(services)
    assert (await shown(services, salma))[0] == "offline"
    await presence.open_lease(services, salma.user_id, "socket-b", "web-1")
    assert await shown(services, salma) == ("online", None)


async def test_chosen_presence_stays_over_a_new_socket(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")
    for choice in (Presence.AWAY, Presence.WRAP_UP, Presence.OFFLINE):
        await presence.set_presence(services, salma, choice)
        await presence.open_lease(services, salma.user_id, f"socket-{choice}", "web-1")
        assert (await shown(services, salma))[0] == choice

    await presence.set_presence(services, salma, Presence.ONLINE)
    await presence.set_presence(services, salma, Presence.ONLINE)
    assert len(of_kind(services.publisher.events, "PresenceChanged")) == 5


async def test_without_a_place_for_conversations_there_is_no_presence(services: TestServices) -> None:
    nadia = await make_viewer(services.pool, "Nadia", role=Role.ADMINISTRATOR)

    await presence.open_lease(services, nadia.user_id, "socket-a", "web-1")
    with pytest.raises(Forbidden):
        await presence.set_presence(services, nadia, Presence.ONLINE)


async def test_going_away_gives_pending_offers_to_others_at_once(services: TestServices) -> None:
    salma = await make_viewer(services.pool, "Salma", presence=Presence.ONLINE)
    omar = await arrive(services, at=ago(minutes=4))
    await assign.match(services)
    karim = await make_viewer(services.pool, "Karim", presence=Presence.ONLINE)

    await presence.set_presence(services, salma, Presence.AWAY)
    await assign.match(services)

    (offer,) = await pending(services.pool)
    assert (offer["advisor_id"], offer["entered_at"]) == (karim.user_id, omar.waiting_since)
    (withdrawn,) = of_kind(services.publisher.events, "OfferWithdrawn")
    assert withdrawn.user_id == salma.user_id


async def test_a_page_that_loads_anew_loses_nothing(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "before")
    await arrive(services)
    await assign.match(services)

    await presence.close_lease(services, "before")
    await presence.reap(services)
    await presence.open_lease(services, salma.user_id, "after", "web-1")
    await let_time_pass_for(services, "before", 10)
    await presence.reap(services)

    assert await shown(services, salma) == ("online", None)
    assert len(await pending(services.pool, salma.user_id)) == 1


async def test_a_killed_browser_gives_the_offer_back_at_once_and_the_work_after_the_grace(
    services: TestServices,
) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")
    since = ago(minutes=20)
    taken, offered = await arrive(services, at=since), await arrive(services, "Rania", at=ago(minutes=5))
    await assign.match(services)
    for offer in await pending(services.pool):
        if offer["conversation_id"] == taken.id:
            await assign.accept(services, salma, offer["id"])

    # Nothing renews the lease any more.
    await let_time_pass_for(services, "socket-a", presence.LEASE_SECONDS + 1)
    await presence.reap(services)

    assert await shown(services, salma) == ("offline", presence.CONNECTION_LOST)
    assert (await load_conversation(services.pool, offered.id)).state is ConversationState.QUEUED
    assert (await load_conversation(services.pool, taken.id)).owner_id == salma.user_id

    await let_time_pass(services.pool, presence.GRACE_SECONDS + 1)
    assert await presence.reap(services) == 1
    assert await presence.reap(services) == 0

    stored = await load_conversation(services.pool, taken.id)
    assert (stored.state, stored.owner_id) == (ConversationState.QUEUED, None)
    rows = await services.pool.fetch("select conversation_id, entered_at from waiting order by rank")
    assert [each["conversation_id"] for each in rows] == [taken.id, offered.id]
    assert rows[0]["entered_at"] == since
    (released,) = of_kind(services.publisher.events, "ConversationReleased")
    assert (released.user_id, released.data["reason"]) == (salma.user_id, "not_here")
    assert await services.pool.fetchval("select end_reason from assignment") == "not_here"


async def test_somebody_back_within_the_grace_keeps_their_work(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")
    omar = await arrive(services)
    await assign.match(services)
    await assign.accept(services, salma, (await pending(services.pool))[0]["id"])
    await let_time_pass_for(services, "socket-a", presence.LEASE_SECONDS + 1)
    await presence.reap(services)

    await presence.open_lease(services, salma.user_id, "socket-b", "web-2")
    await let_time_pass(services.pool, presence.GRACE_SECONDS + 1)
    await services.pool.execute("update presence_lease set expires_at = now() + interval '1 minute'")
    await presence.reap(services)

    assert await shown(services, salma) == ("online", None)
    assert (await load_conversation(services.pool, omar.id)).owner_id == salma.user_id


async def test_a_renewed_lease_brings_back_whoever_an_outage_marked_lost(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")
    await presence.set_presence(services, salma, Presence.WRAP_UP)
    await let_time_pass_for(services, "socket-a", 40)
    await presence.reap(services)
    assert (await shown(services, salma))[0] == "offline"

    unknown = await presence.renew_leases(services, "web-1", ["socket-a", "socket-of-yesterday"])

    assert unknown == ["socket-of-yesterday"]
    # Away, not online: they had not been taking conversations.
    assert await shown(services, salma) == ("away", None)


async def test_another_process_cannot_renew_our_sockets(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "socket-a")

    assert await presence.renew_leases(services, "web-2", ["socket-a"]) == ["socket-a"]


async def test_one_of_two_tabs_is_enough(services: TestServices) -> None:
    salma = await make_viewer(services.pool)
    await come_online(services, salma, "desk")
    await presence.open_lease(services, salma.user_id, "phone", "web-2")
    await let_time_pass_for(services, "desk", 40)

    await presence.reap(services)

    assert await shown(services, salma) == ("online", None)


async def come_online(services: TestServices, viewer: Viewer, socket_id: str) -> None:
    await presence.open_lease(services, viewer.user_id, socket_id, "web-1")
    await presence.set_presence(services, viewer, Presence.ONLINE)


async def let_time_pass_for(services: TestServices, socket_id: str, seconds: float) -> None:
    await services.pool.execute(
        "update presence_lease set expires_at = expires_at - make_interval(secs => $2) where socket_id = $1",
        socket_id, seconds,
    )  # fmt: skip
