"""How accounts stand at Meta and who people are: asked of the simulator, told in the product."""

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from arriving import deliver
from conftest import TestServices
from simulator.meta_side import SECRET, Meta, Receiver

from server.actions import profiles
from server.actions.profiles import Namer
from server.actions.subscriptions import Checker
from server.actions.tokens import Tokens
from server.channels.graph_media import GraphMedia
from server.channels.graph_nodes import GraphNodes
from server.domain.media_hosts import media_hosts
from server.domain.organisation import Inbox
from server.files.folder import FolderStore
from server.simulator import inboxes
from server.simulator.config import SimulatorConfig
from server.store.vault import Vault, generate_key

Switch = Callable[..., None]
CAFE, SCHOOL, DESK = "hospitality-whatsapp", "education-messenger", "financial-instagram"


@pytest.fixture
def config(receiver: Receiver, tmp_path: Path) -> SimulatorConfig:
    accounts = inboxes.read()
    return SimulatorConfig(
        callback=receiver.url, inboxes=accounts.inboxes, secret=SECRET, meta_id=accounts.app_ids["default"], pace=0.0,
        retry_ceiling_seconds=0.2, log=tmp_path / "meta.jsonl", seed=7,
    )  # fmt: skip


@pytest.fixture
def kept(services: TestServices, tmp_path: Path) -> TestServices:
    return msgspec.structs.replace(services, files=FolderStore(tmp_path / "files"))


@pytest.fixture
async def nodes(meta: Meta) -> AsyncIterator[GraphNodes]:
    async with GraphNodes(graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0") as client:
        yield client


@pytest.fixture
def tokens(kept: TestServices) -> Tokens:
    return Tokens(kept, Vault([generate_key()]), default_token="a-token", app_secret=lambda app_id: SECRET)


@pytest.fixture
def checker(kept: TestServices, nodes: GraphNodes, tokens: Tokens) -> Checker:
    return Checker(kept, nodes, tokens)


@pytest.fixture
async def namer(kept: TestServices, meta: Meta, nodes: GraphNodes, tokens: Tokens) -> AsyncIterator[Namer]:
    async with GraphMedia(
        graph_url=meta.url, instagram_graph_url=meta.url, version="v26.0", hosts=media_hosts([meta.url])
    ) as media:
        yield Namer(kept, nodes, tokens, media)


def inbox(services: TestServices, id: str) -> Inbox:
    return services.organisation().inboxes[id]


async def told(services: TestServices) -> list[tuple[str, bool]]:
    rows = await services.pool.fetch("select event, ended_at is null as lasting from account_event order by id")
    return [(row["event"], row["lasting"]) for row in rows]


async def standing(services: TestServices, inbox_id: str) -> Any:
    return await services.pool.fetchrow("select * from inbox_health where inbox_id = $1", inbox_id)


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
    assert (await standing(kept, DESK))["subscription"]["state"] == "elsewhere"
    assert await told(kept) == []
    assert (await checker.check_due() or 0) > 500


@pytest.mark.parametrize("inbox_id", [CAFE, SCHOOL])
async def test_after_meta_unsubscribed_we_subscribe_again_and_tell_once(
    kept: TestServices, checker: Checker, meta: Meta, inbox_id: str
) -> None:
    known = inbox(kept, inbox_id)
    await checker.check(known)
    await meta.graph(f"{known.account_id or known.external_id}/subscribed_apps", method="DELETE")
    await checker.check(known)
    assert (await standing(kept, inbox_id))["subscription"]["state"] == "restored"
    status, answer = await meta.graph(f"{known.account_id or known.external_id}/subscribed_apps")
    assert (status, len(answer["data"])) == (200, 1)
    assert await told(kept) == [("UNSUBSCRIBED", True)]
    [alert] = [each for each in kept.publisher.events if each.kind == "AccountAlerted"]
    assert (alert.sector_id, alert.data["severity"]) == (known.sector, "critical")
    await checker.check(known)
    assert await told(kept) == [("UNSUBSCRIBED", False)]


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


async def test_a_number_in_trouble_is_told(kept: TestServices, checker: Checker, meta: Meta) -> None:
    await meta.control(
        f"/inboxes/{CAFE}/account", {"field": "phone_number_quality_update", "value": {"event": "FLAGGED"}}
    )
    await checker.check(inbox(kept, CAFE))
    number = (await standing(kept, CAFE))["number"]
    assert number["quality_rating"] != "GREEN" or number["status"] != "CONNECTED"


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


async def said(meta: Meta, receiver: Receiver, services: TestServices, inbox_id: str) -> int:
    """Layla writes; the identity we know her by."""
    await meta.said("layla-mansour", inbox_id, "Hello")
    await deliver(services, *receiver.raw)
    receiver.raw.clear()
    id: int = await services.pool.fetchval("select id from identity order by id desc limit 1")
    return id


async def identity(services: TestServices, id: int) -> Any:
    return await services.pool.fetchrow(
        "select i.*, p.* from identity i join profile p on p.identity_id = i.id where i.id = $1", id
    )


@pytest.mark.parametrize("inbox_id", [SCHOOL, DESK])
async def test_name_and_picture_come_later_and_screens_follow(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, inbox_id: str
) -> None:
    id = await said(meta, receiver, kept, inbox_id)
    assert (await identity(kept, id))["name"] == ""
    await namer.look_up_due()
    known = await identity(kept, id)
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    assert known["name"] == person.name
    assert known["username"] == (person.handle if inbox_id == DESK else None)
    assert known["picture_key"]
    assert await kept.files.size(known["picture_key"])
    name = await kept.pool.fetchval("select contact_name from conversation_summary")
    assert name == person.name
    assert [each.kind for each in kept.publisher.events].count("ContactChanged") == 2
    # Within a week nobody asks again; later only if she still writes.
    assert (await namer.look_up_due() or 0) > profiles.FRESH_SECONDS - 60
    await kept.pool.execute("update profile set run_at = now()")
    assert (await namer.look_up_due() or 0) > 3600
    assert (await identity(kept, id))["attempts"] == 0


async def test_who_wrote_again_after_a_week_is_asked_about_anew(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer
) -> None:
    id = await said(meta, receiver, kept, SCHOOL)
    await namer.look_up_due()
    await kept.pool.execute("update profile set run_at = now(), fetched_at = now() - interval '8 days'")
    await kept.pool.execute("update identity set name = 'Formerly'")
    await namer.look_up_due()
    assert (await identity(kept, id))["name"] != "Formerly"


@pytest.mark.parametrize(
    ("inbox_id", "profile", "trouble"),
    [
        (SCHOOL, "gone", "consent"),
        (SCHOOL, "consent", "permission"),
        (DESK, "gone", "unknown"),
        (DESK, "consent", "consent"),
    ],
)
async def test_without_consent_the_customer_stays_nameless_and_served(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, inbox_id: str, profile: str, trouble: str
) -> None:
    id = await said(meta, receiver, kept, inbox_id)
    await meta.control("/customers/layla-mansour/set", {"inbox": inbox_id, "profile": profile})
    await namer.look_up_due()
    known = await identity(kept, id)
    assert (known["name"], known["trouble"], known["picture_key"]) == ("", trouble, None)
    assert "·" in await kept.pool.fetchval("select contact_name from conversation_summary")
    assert (await namer.look_up_due() or 0) > 3600


async def test_a_dead_picture_leaves_the_name(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, set_switches: Switch
) -> None:
    id = await said(meta, receiver, kept, DESK)
    set_switches(media_fault="missing")
    await namer.look_up_due()
    known = await identity(kept, id)
    assert known["name"]
    assert known["picture_key"] is None


async def test_an_expired_token_only_delays_the_look_up(
    kept: TestServices, meta: Meta, receiver: Receiver, namer: Namer, set_switches: Switch
) -> None:
    id = await said(meta, receiver, kept, DESK)
    set_switches(expired_tokens=["*"])
    await namer.look_up_due()
    assert (await identity(kept, id))["trouble"] == "token"
    set_switches(expired_tokens=[])
    await kept.pool.execute("update profile set run_at = now()")
    await namer.look_up_due()
    assert (await identity(kept, id))["name"]
