"""The Meta health page: what is wrong stands there with its remedy; who can help hears of it at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from arriving import deliver, inbox_of, whatsapp
from factories import make_conversation, make_viewer
from live_server import LiveServer

from server.actions import detectors
from server.domain.access import Viewer
from server.domain.model import Role
from server.store.pool import Pool

ALL = ("hospitality", "education", "financial")


async def administrator(pool: Pool, **more: Any) -> Viewer:
    return await make_viewer(pool, "Amira", role=Role.ADMINISTRATOR, **{"sectors": ALL, **more})


def template(inbox: Any, event: str, severity: str = "") -> dict[str, Any]:
    value = {"event": event, "message_template_id": 77, "message_template_name": "hello_again",
             "message_template_language": "en", "reason": "NONE"}  # fmt: skip
    change = {"field": "message_template_status_update", "value": value}
    entry = {"id": inbox.account_id, "time": int(datetime.now(UTC).timestamp()), "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def checks(health: dict[str, Any], inbox_id: str) -> dict[str, Any]:
    [inbox] = [each for each in health["inboxes"] if each["id"] == inbox_id]
    return {each["what"]: each for each in inbox["checks"]}


async def _phone(pool: Pool, identity_id: int) -> str:
    value: str = await pool.fetchval("select value from identity where id = $1", identity_id)
    return value


async def test_each_thing_that_is_wrong_has_its_remedy(server: LiveServer) -> None:
    amira = await administrator(server.pool)
    cafe = inbox_of(server.services, "hospitality")
    await server.pool.execute(
        "insert into inbox_health (inbox_id, checked_at, heard_at, subscription, token, number)"
        ' values ($1, now(), now(), \'{"state": "restored", "restored_at": "2026-11-22T10:00:00+00:00"}\','
        ' \'{"state": "invalid"}\','
        ' \'{"quality_rating": "RED", "status": "CONNECTED", "verified_name": "Havana"}\')',
        cafe.id,
    )
    await server.pool.execute(
        "update inbox set paused_at = now(), paused_reason = '190: Session has expired' where id = $1", cafe.id
    )
    await server.pool.execute(
        "insert into parked_status (inbox_id, provider_id, status, at, parked_at)"
        " values ($1, 'wamid.lost', 'sent', now(), now() - interval '20 minutes')", cafe.id)  # fmt: skip
    await server.pool.execute(
        "insert into quarantine (received_at, app_id, sector_id, inbox_id, path, reason, body)"
        " values (now(), 'default', 'hospitality', $1, 'entry[0]', 'unknown_kind', 'x')", cafe.id)  # fmt: skip
    async with server.console(amira) as console:
        health = await console.get("/api/meta-health")
        found = checks(health, cafe.id)
        assert health["severity"] == "critical"
        assert {what: each["severity"] for what, each in found.items()} == {
            "token": "critical", "sending": "critical", "subscription": "warning", "number": "warning", "heard": None,
            "quarantine": "warning", "uncertain": None, "unconfirmed": None, "strays": "warning",
        }  # fmt: skip
        assert all(each["remedy"] for each in found.values() if each["severity"])
        assert f"majlis inbox token {cafe.id}" in found["token"]["remedy"]
        assert "Session has expired" in found["sending"]["words"]
        well = checks(health, "financial-whatsapp")
        assert [what for what, each in well.items() if each["severity"]] == []
        assert (await console.post(f"/api/meta-health/{cafe.id}/check", {"command_id": "check-001"}))[
            "inbox"
        ] == cafe.id
        assert await server.pool.fetchval("select run_at <= now() from inbox_health where inbox_id = $1", cafe.id)


async def test_a_bad_word_of_metas_is_heard_by_those_who_can_help_and_by_nobody_else(server: LiveServer) -> None:
    amira, nadia = await administrator(server.pool), await make_viewer(server.pool, "Nadia", role=Role.SUPERVISOR)
    salma, clara = await make_viewer(server.pool), await administrator(server.pool, sectors=("hospitality",))
    desk = inbox_of(server.services, "financial")
    async with (
        server.console(amira) as first, server.console(nadia) as second, server.console(salma) as third,
        server.console(clara) as fourth,
    ):  # fmt: skip
        consoles = (first, second, third, fourth)
        for console in consoles:
            await console.connect()
        await deliver(server.services, template(desk, "DISABLED"), template(desk, "APPROVED"))
        for console in (first, second):
            push = await console.until("event", kind="AccountAlerted")
            assert push["data"]["severity"] == "critical"
        # Everything before this one was sent before it.
        talk = await make_conversation(server.pool, owner=salma)
        await deliver(server.services, whatsapp(desk, "later", phone=await _phone(server.pool, talk.identity_id)))
        await third.until("event", kind="MessageReceived")
        for console in (third, fourth):
            assert [each for each in console.events if each["kind"] == "AccountAlerted"] == []
        health = await first.get("/api/meta-health")
        assert [each["words"] for each in health["events"]][:2] == [
            "Template hello_again was approved", "Meta disabled the template hello_again",
        ]  # fmt: skip
        assert (await fourth.get("/api/meta-health"))["events"] == []
        await second.get("/api/meta-health", status=403)


@pytest.mark.parametrize(
    ("event", "checked", "waits"),
    [("DISABLED", "5 minutes", (0, 0)), ("DISABLED", "10 seconds", (30, 50)), ("APPROVED", "5 minutes", (290, 300))],
)
async def test_bad_news_has_meta_asked_soon_and_not_for_each_of_a_burst(
    server: LiveServer, event: str, checked: str, waits: tuple[int, int]
) -> None:
    desk = inbox_of(server.services, "financial")
    await server.pool.execute(
        "insert into inbox_health (inbox_id, checked_at, run_at)"
        " values ($1, now() - $2::text::interval, now() + interval '300 seconds')", desk.id, checked)  # fmt: skip
    await deliver(server.services, template(desk, event))
    left = await server.pool.fetchval(
        "select greatest(extract(epoch from run_at - now()), 0)::float8 from inbox_health where inbox_id = $1", desk.id
    )
    assert waits[0] <= left <= waits[1]


async def test_an_owner_reads_it_in_arabic_and_asks_nothing(server: LiveServer) -> None:
    owner = await make_viewer(server.pool, "Hoda", role=Role.OWNER, sectors=ALL, language="ar")
    async with server.console(owner) as console:
        health = await console.get("/api/meta-health")
        assert health["may_check"] is False
        assert "رمز الدخول" in [each["title"] for each in health["inboxes"][0]["checks"]]
        await console.post("/api/meta-health/financial-whatsapp/check", {"command_id": "check-001"}, status=403)


async def test_of_an_account_that_sectors_share_each_sees_its_own_inboxes(server: LiveServer) -> None:
    await server.pool.execute("insert into journal (app_id, headers, body, received_at)"
                              " values ('default', '{}', '{}', now() - interval '10 minutes')")  # fmt: skip
    await detectors.look(server.services)
    names: dict[str, list[str]] = {}
    for sectors in (("hospitality",), ("financial",)):
        async with server.console(await administrator(server.pool, sectors=sectors)) as console:
            health = await console.get("/api/meta-health")
        [event] = [each for each in health["events"] if each["event"] == "JOURNAL_LAG"]
        assert event["inboxes"] == [each["name"] for each in health["inboxes"]] != []
        names[sectors[0]] = event["inboxes"]
    assert not set(names["hospitality"]) & set(names["financial"])
