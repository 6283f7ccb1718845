"""How accounts stand at Meta: asked of the simulator, told in the product."""

import time
from collections.abc import Callable

import pytest
from arriving import deliver
from conftest import TestServices
from simulator.meta_side import Meta, Receiver
from simulator.watched.standing import CAFE, DESK, inbox, standing, told

from server.actions.subscriptions import Checker
from server.actions.tokens import Tokens
from server.channels.graph_nodes import GraphNodes

Switch = Callable[..., None]


async def test_every_inbox_is_asked_about_once_and_all_is_well(kept: TestServices, checker: Checker) -> None:
    # Rows of inboxes applied since the last start are made by the first look.
    while (await checker.check_due() or 0.0) <= 1.0:
        pass
    rows = await kept.pool.fetch("select * from inbox_health where checked_at is not null")
    assert len(rows) == len(kept.organisation().inboxes)
    cafe = await standing(kept, CAFE)
    assert cafe["subscription"]["state"] == "subscribed"
    assert cafe["token"]["state"] == "valid"
    assert cafe["number"]["quality_rating"] == "GREEN"
    assert (await standing(kept, DESK))["subscription"]["state"] == "subscribed"
    assert await told(kept) == []
    assert (await checker.check_due() or 0) > 500


async def test_an_expired_token_is_seen_and_its_successor_too(
    kept: TestServices, checker: Checker, set_switches: Switch
) -> None:
    cafe = inbox(kept, CAFE)
    await checker.check(cafe)
    set_switches(expired_tokens=["*"])
    await checker.check(cafe)
    await checker.check(cafe)
    assert (await standing(kept, CAFE))["token"]["state"] == "invalid"
    assert await told(kept) == [("TOKEN_INVALID", True)]
    set_switches(expired_tokens=[])
    await checker.check(cafe)
    assert await told(kept) == [("TOKEN_INVALID", False)]


async def test_a_token_that_runs_out_within_a_week_is_told_before(
    kept: TestServices, checker: Checker, set_switches: Switch
) -> None:
    set_switches(token_expires_at=int(time.time()) + 3 * 86_400)
    await checker.check(inbox(kept, CAFE))
    assert await told(kept) == [("TOKEN_EXPIRING", True)]


@pytest.mark.parametrize(
    ("field", "event", "found"),
    [
        ("phone_number_quality_update", "FLAGGED", "NUMBER_QUALITY"),
        ("account_update", "DISABLED_UPDATE", "NUMBER_DOWN"),
    ],
)
async def test_a_number_in_trouble_is_told(
    kept: TestServices, checker: Checker, meta: Meta, field: str, event: str, found: str
) -> None:
    await checker.check(inbox(kept, CAFE))
    assert await told(kept) == []
    await meta.control(f"/inboxes/{CAFE}/account", {"field": field, "value": {"event": event}})
    await checker.check(inbox(kept, CAFE))
    assert await told(kept) == [(found, True)]


async def test_meta_out_of_reach_changes_no_verdict(
    kept: TestServices, nodes: GraphNodes, checker: Checker, tokens: Tokens
) -> None:
    await checker.check(inbox(kept, CAFE))
    before = await standing(kept, CAFE)
    async with GraphNodes(
        graph_url="http://127.0.0.1:9", instagram_graph_url="http://127.0.0.1:9", version="v26.0"
    ) as gone:
        await Checker(kept, gone, tokens).check(inbox(kept, CAFE))
    after = await standing(kept, CAFE)
    assert [after[name] for name in ("token", "subscription", "number")] == [
        before[name] for name in ("token", "subscription", "number")
    ]
    assert (after["run_at"] - after["checked_at"]).total_seconds() < 200
    assert await told(kept) == []


async def test_account_fields_arrive_as_events_and_the_bad_ones_alarm(
    kept: TestServices, meta: Meta, receiver: Receiver
) -> None:
    fields = (await meta.control("/account-fields"))["whatsapp"]
    assert len(fields) > 10
    for field in fields:
        await meta.control(f"/inboxes/{CAFE}/account", {"field": field})
    await meta.settled()
    await deliver(kept, *receiver.raw)
    assert await kept.pool.fetchval("select count(*) from quarantine") == 0
    rows = await kept.pool.fetch("select field, severity, inbox_ids from account_event")
    assert len({row["field"] for row in rows}) > 10
    assert all(CAFE in row["inbox_ids"] for row in rows)
    bad = [row for row in rows if row["severity"] != "info"]
    assert len([each for each in kept.publisher.events if each.kind == "AccountAlerted"]) == len(bad)
