"""The response clocks: what starts, meets, reopens, pauses and moves them."""

from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from conftest import TestServices
from factories import load_conversation, make_conversation, make_message, make_viewer
from work_scenes import ago, arrive, of_kind, pending, with_organisation, with_policy, write_again

from server.actions import assign, lifecycle, queueing, sla
from server.actions.unit import Topic, unit
from server.domain.model import Author, ConversationState, MessageStatus, Presence, Priority
from server.domain.organisation import Calendar, Span
from server.domain.routing import Enqueue


async def timers(services: TestServices, target: str | None = None) -> list[Any]:
    return await services.pool.fetch(
        "select * from sla_timer where $1::text is null or target = $1 order by id", target
    )


async def replied(services: TestServices, conversation_id: int, sent_at: datetime) -> int:
    """An advisor's reply went out and Meta accepted it, as intake, `send` and `deliver` leave it."""
    message_id = await make_message(services.pool, conversation_id, author=Author.ADVISOR, at=sent_at)
    async with unit(services) as work:
        conversation = await work.lock(conversation_id)
        if conversation.waiting_since is not None and conversation.waiting_since <= sent_at:
            conversation.waiting_since = None
        await sla.meet(work, conversation, sent_at)
    return message_id


async def failed(services: TestServices, conversation_id: int, message_id: int) -> None:
    await services.pool.execute("update message set status = 'failed' where id = $1", message_id)
    async with unit(services) as work:
        await sla.reopen(work, await work.lock(conversation_id))


async def test_waiting_for_people_starts_the_clock_at_the_customers_own_time(services: TestServices) -> None:
    services = with_policy(services, first=600, resolution=3600)
    since = ago(minutes=2)

    await arrive(services, at=since)

    first, resolution = await timers(services)
    assert (first["target"], first["state"], first["started_at"]) == ("first_response", "running", since)
    assert (first["due_at"] - since, first["warn_at"] - since) == (timedelta(seconds=600), timedelta(seconds=450))
    assert resolution["target"] == "resolution"
    assert services.publisher.kinds.count("SlaStarted") == 2


async def test_a_bot_conversation_has_no_clock_until_it_is_handed_off(services: TestServices) -> None:
    services = with_policy(services)
    conversation = await make_conversation(services.pool, sector="hospitality", state=ConversationState.BOT)
    await write_again(services, conversation.id)
    assert await timers(services) == []

    async with unit(services) as work:
        handed = await work.lock(conversation.id)
        to = Enqueue("hospitality", Priority.NORMAL, (), "asked_for_person")
        await queueing.enqueue_many(work, [(handed, to)])

    (first,) = await timers(services)
    assert first["started_at"] == conversation.waiting_since


async def test_a_customers_clock_ahead_of_ours_waits_since_now(services: TestServices) -> None:
    services = with_policy(services)
    await arrive(services, at=ago(minutes=-5))
    (first,) = await timers(services)
    assert first["started_at"] <= ago()


async def test_a_reply_in_time_meets_the_target_stamped_with_its_sent_time(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=2))
    sent_at = ago(seconds=20)

    await replied(services, omar.id, sent_at)
    await replied(services, omar.id, sent_at)

    (first,) = await timers(services)
    assert (first["state"], first["met_at"], first["breached_at"]) == ("met", sent_at, None)
    assert len(of_kind(services.publisher.events, "SlaMet")) == 1


async def test_a_reply_sent_in_time_but_known_late_undoes_the_breach(services: TestServices) -> None:
    services = with_policy(services, first=60)
    omar = await arrive(services, at=ago(seconds=65))
    await services.pool.execute("update sla_timer set state = 'breached', breached_at = due_at, noticed_at = now()")

    await replied(services, omar.id, ago(seconds=30))

    (first,) = await timers(services)
    assert (first["state"], first["breached_at"]) == ("met", None)


async def test_a_late_reply_is_a_breach_with_both_times_even_if_nobody_noticed_before(services: TestServices) -> None:
    services = with_policy(services, first=60)
    omar = await arrive(services, at=ago(seconds=90))
    sent_at = ago(seconds=5)

    await replied(services, omar.id, sent_at)

    (first,) = await timers(services)
    assert (first["state"], first["breached_at"], first["met_at"]) == ("breached", first["due_at"], sent_at)
    assert first["noticed_at"] > first["due_at"]
    assert [each.kind for each in services.publisher.events[-2:]] == ["SlaBreached", "SlaMet"]


async def test_each_message_after_an_answer_starts_the_next_response_once(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=5))
    await replied(services, omar.id, ago(minutes=3))
    asked = ago(minutes=2)

    await write_again(services, omar.id, at=asked)
    await write_again(services, omar.id, at=ago(minutes=1))

    (following,) = await timers(services, "next_response")
    assert (following["state"], following["started_at"]) == ("running", asked)


async def test_a_message_written_while_the_reply_was_on_its_way_is_not_answered_by_it(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=5))
    sent_at, asked = ago(minutes=2), ago(minutes=1)
    # `send` took note that the customer is answered; then they wrote again; then Meta accepted.
    await services.pool.execute("update conversation set waiting_since = null")
    await write_again(services, omar.id, at=asked)

    await replied(services, omar.id, sent_at)

    assert [(each["target"], each["state"]) for each in await timers(services)] == [
        ("first_response", "met"), ("next_response", "running"),
    ]  # fmt: skip
    assert (await timers(services, "next_response"))[0]["started_at"] == asked


async def test_a_reply_that_fails_later_opens_its_target_again(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=2))
    message_id = await replied(services, omar.id, ago(minutes=1))

    await failed(services, omar.id, message_id)

    (first,) = await timers(services)
    assert (first["state"], first["met_at"]) == ("running", None)
    assert (await load_conversation(services.pool, omar.id)).waiting_since == first["started_at"]
    (resumed,) = of_kind(services.publisher.events, "SlaResumed")
    assert resumed.data["timer_id"] == first["id"]


async def test_a_failed_reply_counts_for_nothing_while_another_one_stands(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=3))
    broken = await replied(services, omar.id, ago(minutes=2))
    second_at = ago(minutes=1)
    await replied(services, omar.id, second_at)

    await failed(services, omar.id, broken)

    (first,) = await timers(services)
    assert (first["state"], first["met_at"]) == ("met", second_at)


async def test_when_the_failed_reply_was_the_only_one_the_oldest_question_counts_again(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=5))
    message_id = await replied(services, omar.id, ago(minutes=4))
    await write_again(services, omar.id, at=ago(minutes=1))

    await failed(services, omar.id, message_id)

    assert [(each["target"], each["state"]) for each in await timers(services)] == [
        ("first_response", "running"), ("next_response", "cancelled"),
    ]  # fmt: skip


async def test_the_resolution_clock_rests_while_the_customer_is_asked(services: TestServices) -> None:
    services = with_policy(services, resolution=3600)
    omar = await arrive(services, at=ago(minutes=10))
    await replied(services, omar.id, ago())

    (resting,) = await timers(services, "resolution")
    assert (resting["state"], resting["due_at"]) == ("paused", None)
    assert abs(resting["remaining_seconds"] - 3000) <= 2

    await write_again(services, omar.id)
    (going,) = await timers(services, "resolution")
    assert (going["state"], going["remaining_seconds"]) == ("running", None)
    assert abs((going["due_at"] - ago()).total_seconds() - 3000) <= 2
    assert (len(of_kind(services.publisher.events, "SlaPaused")), services.publisher.kinds.count("SlaResumed")) == (
        1,
        1,
    )


async def test_a_policy_may_let_it_run_on(services: TestServices) -> None:
    services = with_policy(services, resolution=3600, pause_while_waiting_on_customer=False)
    omar = await arrive(services)
    await replied(services, omar.id, ago())

    assert [each["state"] for each in await timers(services, "resolution")] == ["running"]


async def test_resolving_meets_the_resolution_and_drops_what_was_not_answered(services: TestServices) -> None:
    services = with_policy(services, resolution=3600)
    salma = await make_viewer(services.pool, presence=Presence.ONLINE)
    omar = await arrive(services)
    await assign.match(services)
    await assign.accept(services, salma, (await pending(services.pool))[0]["id"])

    await lifecycle.resolve(services, salma, omar.id, command_id="c1")

    assert [(each["target"], each["state"]) for each in await timers(services)] == [
        ("first_response", "cancelled"), ("resolution", "met"),
    ]  # fmt: skip


async def test_the_clock_goes_on_through_decline_and_hand_back(services: TestServices) -> None:
    services = with_policy(services)
    salma = await make_viewer(services.pool, presence=Presence.ONLINE)
    await arrive(services)
    await assign.match(services)
    await assign.decline(services, salma, (await pending(services.pool))[0]["id"])

    assert len(await timers(services)) == 1


async def test_business_hours_rest_the_clock(services: TestServices) -> None:
    organisation = services.organisation()
    closed = Calendar(
        id="closed", time_zone="Asia/Riyadh",
        hours=tuple(Span(weekday=day, opens=time(9), closes=time(10)) for day in range(7)),
    )  # fmt: skip
    organisation = msgspec.structs.replace(organisation, calendars=organisation.calendars | {"closed": closed})
    services = with_policy(with_organisation(services, organisation), calendar="closed", first=5400)

    await arrive(services)

    (first,) = await timers(services)
    # An hour and a half of work does not fit into one day of this desk.
    assert timedelta(hours=23) < first["due_at"] - first["started_at"] < timedelta(hours=48)


async def test_a_rule_that_raises_the_priority_moves_the_clocks_by_the_time_left(services: TestServices) -> None:
    services = with_policy(services, first=600, resolution=3600)
    omar = await arrive(services, at=ago(seconds=100))
    rank = await services.pool.fetchval("select rank from waiting")
    async with unit(services) as work:
        conversation = await work.lock(omar.id)
        await queueing.enqueue_many(work, [(conversation, Enqueue("financial", Priority.URGENT, (), "raised"))])

    row = await services.pool.fetchrow("select * from waiting")
    assert row is not None
    assert (row["priority"], row["entered_at"]) == ("urgent", omar.waiting_since)
    assert rank - row["rank"] == timedelta(seconds=3300)
    first, resolution = await timers(services)
    assert abs((first["due_at"] - first["started_at"]).total_seconds() - 200) <= 1
    assert abs((resolution["due_at"] - resolution["started_at"]).total_seconds() - 1200) <= 1
    assert (first["priority"], first["target_seconds"]) == ("urgent", 200)
    assert services.publisher.kinds.count("PriorityChanged") == 1
    assert services.publisher.kinds.count("ConversationQueued") == 1


async def test_a_raised_priority_never_puts_a_deadline_into_the_past(services: TestServices) -> None:
    services = with_policy(services, first=600)
    omar = await arrive(services, at=ago(seconds=500))
    async with unit(services) as work:
        conversation = await work.lock(omar.id)
        await queueing.enqueue_many(work, [(conversation, Enqueue("financial", Priority.URGENT, (), "raised"))])
        now = work.now

    (first,) = await timers(services)
    assert first["due_at"] == now
    assert Topic.TIMERS in services.waker.topics


async def test_an_offered_conversation_takes_the_new_priority_and_stays_offered(services: TestServices) -> None:
    await make_viewer(services.pool, presence=Presence.ONLINE)
    omar = await arrive(services)
    await assign.match(services)
    async with unit(services) as work:
        conversation = await work.lock(omar.id)
        await queueing.enqueue_many(work, [(conversation, Enqueue("financial", Priority.URGENT, (), "raised"))])

    stored = await load_conversation(services.pool, omar.id)
    assert (stored.state, stored.priority) == (ConversationState.OFFERED, Priority.URGENT)
    assert await services.pool.fetchval("select count(*) from waiting") == 0


async def test_a_rule_may_move_it_to_another_queue_with_its_age(services: TestServices) -> None:
    omar = await arrive(services, at=ago(minutes=9))
    async with unit(services) as work:
        conversation = await work.lock(omar.id)
        await queueing.enqueue_many(work, [(conversation, Enqueue("portfolios", Priority.HIGH, (), "raised"))])

    row = await services.pool.fetchrow("select * from waiting")
    assert row is not None
    assert (row["queue_id"], row["entered_at"], row["skills"]) == ("portfolios", omar.waiting_since, ["portfolio"])


async def test_an_uncertain_or_discarded_reply_is_no_answer(services: TestServices) -> None:
    services = with_policy(services)
    omar = await arrive(services, at=ago(minutes=3))
    broken = await replied(services, omar.id, ago(minutes=2))
    for status in (MessageStatus.UNCERTAIN, MessageStatus.DISCARDED, MessageStatus.QUEUED):
        await make_message(services.pool, omar.id, author=Author.ADVISOR, at=ago(minutes=1), status=status)

    await failed(services, omar.id, broken)

    assert [each["state"] for each in await timers(services)] == ["running"]
