"""What Meta tells an account reaches the inbox it concerns, and what an account tells of its customers the customer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from arriving import deliver, inbox_of, messaging, whatsapp
from conftest import TestServices
from delivering import message, rows, say, talk
from factories import make_conversation, make_message
from real_payloads import accounts_of, at
from understood import payload

from server.actions import accounts
from server.domain.inbound import UNDATED, AccountItem, Severity
from server.domain.model import Author, Channel, MessageStatus
from server.domain.organisation import Inbox, Organisation

NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


def inbox(id: str, *, account: str = "waba", display: str = "", app: str = "default") -> Inbox:
    return Inbox(
        id=id, sector="financial", channel=Channel.WHATSAPP, names={}, external_id=f"phone-{id}", account_id=account,
        display=display, app=app,
    )  # fmt: skip


def news(account_id: str = "waba", **data: Any) -> AccountItem:
    return AccountItem(
        channel=Channel.WHATSAPP, account_id=account_id, path="", raw=b"{}", key="account:x", at=UNDATED,
        field="account_update", event="X", severity=Severity.INFO, data=data,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "app", "reached"),
    [
        (news(), "default", "a"),
        (news(display_phone_number="15550000002"), "default", "b"),
        (news(display_phone_number="19990000000"), "default", "a"),
        # News that another app signed is about the numbers it looks after.
        (news(), "other", "c"),
        (news("elsewhere"), "default", None),
    ],
)
def test_news_of_an_account_goes_to_one_of_its_numbers(item: AccountItem, app: str, reached: str | None) -> None:
    known = [inbox("a", display="+1 555 000 0001"), inbox("b", display="+1 (555) 000-0002"), inbox("c", app="other")]
    organisation = Organisation(inboxes={each.id: each for each in known})
    found = accounts.inbox_of(organisation, item, app)
    assert (found.id if found else None) == reached


@pytest.mark.parametrize(
    ("displays", "concerned"),
    [
        ({"a": "", "b": ""}, ["a", "b"]),
        ({"a": "+1 555 000 0001", "b": "+1 (555) 000-0002"}, ["b"]),
        # Of the number that was not written down nothing is known: neither is taken for the other.
        ({"a": "+1 555 000 0001", "b": ""}, ["a", "b"]),
    ],
)
async def test_news_of_a_number_is_told_of_its_inbox_alone_only_where_it_is_surely_that(
    services: TestServices, displays: dict[str, str], concerned: list[str]
) -> None:
    known = inbox_of(services, "financial")
    shared = {
        id: msgspec.structs.replace(known, id=id, external_id=f"phone-{id}", account_id="100200300", display=display)
        for id, display in displays.items()
    }
    for each in shared.values():
        await services.pool.execute(
            "insert into inbox (id, sector_id, app_id, channel, external_id, definition)"
            " values ($1, 'financial', $2, 'whatsapp', $3, $4)",
            each.id, each.app, each.external_id, msgspec.to_builtins(each),
        )  # fmt: skip
    organisation = services.organisation()
    grown = msgspec.structs.replace(organisation, inboxes={**organisation.inboxes, **shared})
    flagged = {"display_phone_number": "15550000002", "event": "FLAGGED", "max_daily_conversations_per_business": 250}
    entry = {"id": "100200300", "time": int(NOON.timestamp()),
             "changes": [{"field": "phone_number_quality_update", "value": flagged}]}  # fmt: skip
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    await deliver(msgspec.structs.replace(services, organisation=lambda: grown), body)
    [row] = await services.pool.fetch("select inbox_ids, severity from account_event")
    assert (row["inbox_ids"], row["severity"]) == (concerned, "critical")


def test_undated_news_counts_from_when_it_came_and_again_an_hour_later() -> None:
    first, second = (accounts.dated(news(), NOON + timedelta(hours=hours)) for hours in (0, 1))
    assert first.at == NOON
    assert first.key != second.key
    assert accounts.dated(first, NOON + timedelta(days=1)) is first


async def test_every_field_of_the_account_is_kept_for_operators(services: TestServices) -> None:
    organisation = services.organisation()
    whatsapp_inbox = inbox_of(services, "financial")
    body = at(payload("whatsapp_account_fields"), accounts_of(organisation, "financial"))
    body = body.replace(b'"100200300"', f'"{whatsapp_inbox.account_id}"'.encode())
    await deliver(services, body, body)
    fields = [
        row["field"] for row in await services.pool.fetch("select field from account_event where source = 'meta'")
    ]
    assert len(set(fields)) == 24
    assert len(fields) == 29, "each once"
    assert await services.pool.fetchval("select count(*) from quarantine") == 0
    kept = await services.pool.fetchval("select string_agg(data::text, ' ') from account_event")
    assert "old words" not in kept
    assert "Omar Aziz" not in kept


async def test_instagram_names_the_last_message_read_and_means_those_before_it(services: TestServices) -> None:
    conversation = await make_conversation(services.pool, channel=Channel.INSTAGRAM)
    value: str = await services.pool.fetchval("select value from identity where id = $1", conversation.identity_id)
    known = services.organisation().inboxes[conversation.inbox_id]
    ids = [
        await make_message(
            services.pool, conversation.id, author=Author.ADVISOR, provider_id=f"ig_{number}",
            status=MessageStatus.ACCEPTED, at=NOON + timedelta(seconds=number),
        )
        for number in range(3)
    ]  # fmt: skip
    await services.pool.execute(
        "update identity set scope = $2 where id = $1", conversation.identity_id, known.external_id
    )
    seen = {"sender": {"id": value}, "recipient": {"id": known.external_id}, "read": {"mid": "ig_1"},
            "timestamp": int(NOON.timestamp() * 1000) + 9000}  # fmt: skip
    await deliver(services, messaging(known, seen))
    assert [(await message(services, each))["status"] for each in ids] == ["read", "read", "accepted"]


async def test_a_played_voice_message_is_known_to_be_played(services: TestServices) -> None:
    message_id = await say(services, await talk(services), "As if it were a voice message")
    await services.pool.execute(
        "update message set status = 'accepted', provider_id = 'wamid.voice' where direction = 'outbound'"
    )
    body = payload("whatsapp_played").replace(b"wamid.B3", b"wamid.voice")
    await deliver(services, at(body, accounts_of(services.organisation(), "financial")))
    assert (await message(services, message_id))["status"] == "played"
    assert await rows(services)


async def test_calls_are_shown_and_answered_by_people(services: TestServices) -> None:
    accounts = accounts_of(services.organisation(), "financial")
    await deliver(services, at(payload("whatsapp_calls"), accounts))
    kinds = [row["kind"] for row in await services.pool.fetch("select kind from message where author = 'customer'")]
    assert sorted(kinds) == ["call", "call_ended"]
    assert await services.pool.fetchval("select unread from conversation") == 1


async def test_what_another_app_answers_leaves_an_advisors_conversation_where_it_is(services: TestServices) -> None:
    known = inbox_of(services, "financial")
    await deliver(services, whatsapp(known, "Hello", at=NOON))
    before = await services.pool.fetchrow("select state, unread from conversation")
    held = whatsapp(known, "And this to the agent", at=NOON + timedelta(seconds=5))
    held["entry"][0]["changes"][0]["field"] = "standby"
    await deliver(services, held)
    after = await services.pool.fetchrow("select state, unread from conversation")
    assert before is not None
    assert after is not None
    assert (after["state"], after["unread"]) == (before["state"], before["unread"] + 1)
