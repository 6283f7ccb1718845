"""What nobody would notice is found, told once, and over when it is over."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from arriving import deliver, inbox_of, whatsapp, whatsapp_status
from conftest import TestServices
from factories import make_conversation, make_message

from server.actions import detectors
from server.domain.model import Author, MessageStatus
from server.domain.organisation import Calendar, Organisation, Span

# In Riyadh three in the afternoon.
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def told(services: TestServices) -> list[tuple[str, Any, bool]]:
    rows = await services.pool.fetch("select event, data, ended_at is null as lasting from account_event order by id")
    return [(row["event"], row["data"].get("count"), row["lasting"]) for row in rows]


async def test_a_status_without_its_message_is_found_after_a_while(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await deliver(services, whatsapp_status(inbox, "wamid.unknown", "sent"))
    assert await detectors.look(services) == 0
    await services.pool.execute("update parked_status set parked_at = now() - interval '11 minutes'")
    assert await detectors.look(services) == 1
    assert await detectors.look(services) == 0
    assert await told(services) == [("STATUSES_WITHOUT_MESSAGE", 1, True)]
    await deliver(services, whatsapp_status(inbox, "wamid.another", "sent"))
    await services.pool.execute("update parked_status set parked_at = now() - interval '11 minutes'")
    assert await detectors.look(services) == 0
    assert await told(services) == [("STATUSES_WITHOUT_MESSAGE", 2, True)]
    await services.pool.execute("delete from parked_status")
    await detectors.look(services)
    assert await told(services) == [("STATUSES_WITHOUT_MESSAGE", 2, False)]
    assert services.publisher.kinds.count("AccountAlerted") == 1


async def test_a_send_that_meta_accepted_and_forgot_is_found(services: TestServices) -> None:
    talk = await make_conversation(services.pool)
    message = await make_message(services.pool, talk.id, author=Author.BOT, status=MessageStatus.ACCEPTED)
    await services.pool.execute(
        "insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient,"
        " payload, state, finished_at) select id, sector_id, bots, inbox_id, $2, 1, 'reply', 1, '{}', '{}', 'accepted',"
        " now() - interval '16 minutes' from conversation where id = $1", talk.id, message)  # fmt: skip
    assert await detectors.look(services) == 1
    assert await told(services) == [("SENDS_WITHOUT_STATUS", 1, True)]
    await services.pool.execute("update message set status = 'delivered' where id = $1", message)
    await detectors.look(services)
    assert await told(services) == [("SENDS_WITHOUT_STATUS", 1, False)]


async def test_work_that_piles_up_is_told_in_every_sector_once(services: TestServices) -> None:
    await services.pool.execute(
        "insert into journal (app_id, headers, body, received_at)"
        " values ('default', '{}', 'x', now() - interval '5 minutes')"
    )
    assert await detectors.look(services) == 1
    alerts = [each for each in services.publisher.events if each.kind == "AccountAlerted"]
    assert sorted(each.sector_id or "" for each in alerts) == sorted(services.organisation().sectors)
    await services.pool.execute("update journal set applied_at = now()")
    await detectors.look(services)
    assert await told(services) == [("JOURNAL_LAG", None, False)]


async def test_whatever_comes_is_noted_as_heard(services: TestServices) -> None:
    inbox = inbox_of(services, "financial")
    await services.pool.execute("insert into inbox_health (inbox_id) values ($1)", inbox.id)
    await deliver(services, whatsapp(inbox, "Hello"))
    assert await services.pool.fetchval("select heard_at from inbox_health where inbox_id = $1", inbox.id)


async def test_silence_in_open_hours_is_told_and_is_over_with_the_next_word(services: TestServices) -> None:
    desk = inbox_of(services, "financial")
    heard = "insert into inbox_health (inbox_id, heard_at) values ($1, now() - interval '9 hours')"
    await services.pool.execute(heard, desk.id)
    assert await detectors.look(services) == 1
    assert await told(services) == [("SILENCE", None, True)]
    await deliver(services, whatsapp(desk, "Anybody there?"))
    assert await detectors.look(services) == 0
    assert await told(services) == [("SILENCE", None, False)]


@pytest.mark.parametrize(
    ("heard", "now", "silent"),
    [
        (None, NOON, False),
        (NOON - timedelta(hours=5), NOON, False),
        # One hour of the evening before and nine of this day.
        (NOON - timedelta(hours=20), NOON, True),
        # At three in the morning nobody expects anything.
        (NOON - timedelta(days=3), NOON + timedelta(hours=12), False),
    ],
)
async def test_only_open_hours_count_as_silence(
    organisation: Organisation, heard: datetime | None, now: datetime, silent: bool
) -> None:
    by_day = tuple(Span(weekday=day, opens=time(6), closes=time(20)) for day in range(7))
    sector = organisation.sectors["financial"]
    calendar = Calendar(id=sector.calendar, time_zone="Asia/Riyadh", hours=by_day)
    desk = next(each for each in organisation.inboxes.values() if each.sector == "financial")
    known = msgspec.structs.replace(organisation, calendars={**organisation.calendars, calendar.id: calendar})
    assert detectors.is_silent(known, desk, heard, now) is silent
