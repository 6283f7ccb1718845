"""Message templates: read from Meta, page by page, and moved by its news."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from arriving import deliver
from conftest import TestServices
from factories import make_conversation, make_viewer
from playing_meta import Meta, refuses, says
from templating import ACCOUNT, BODY, keep, listed, page

from server.actions import templates
from server.actions.template_sync import Reader
from server.actions.tokens import Tokens
from server.actions.unit import Topic, unit
from server.channels.graph import GraphClient
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Forbidden
from server.domain.inbound import AccountItem
from server.domain.model import Channel, Role
from server.store import templates as store
from server.store.vault import Vault, generate_key


@pytest.fixture
def reader(services: TestServices, graph: GraphClient) -> Reader:
    return Reader(services, graph, Tokens(services, Vault([generate_key()]), default_token="TOKEN"))


@pytest.fixture
async def talk(services: TestServices, salma: Viewer) -> Conversation:
    """The window closed an hour ago."""
    return await make_conversation(services.pool, owner=salma, at=datetime.now(UTC) - timedelta(hours=25))


async def only(services: TestServices, *accounts: str) -> None:
    """Makes only these accounts due."""
    async with services.pool.acquire() as connection:
        await store.expect(connection, sorted(templates.accounts(services.organisation())))
    await services.pool.execute("update template_sync set due_at = now() + interval '1 day'")
    await services.pool.execute("update template_sync set due_at = now() where account = any($1::text[])", accounts)


async def read(services: TestServices, reader: Reader, meta: Meta, *script: Any, account: str = ACCOUNT) -> None:
    meta.script = list(script)
    await only(services, account)
    await reader.read_due()


async def names(services: TestServices) -> list[tuple[str, str, str]]:
    rows = await services.pool.fetch("select name, language, status from template order by name, language")
    return [tuple(row) for row in rows]


async def test_the_whole_list_is_read_page_by_page(services: TestServices, reader: Reader, meta: Meta) -> None:
    await read(services, reader, meta, page(listed("a"), listed("b"), after="X"), page(listed("b", language="ar")))
    assert await names(services) == [("a", "en", "approved"), ("b", "ar", "approved"), ("b", "en", "approved")]
    assert meta.requests[1].query["after"] == "X"
    assert meta.requests[0].path.endswith(f"/{ACCOUNT}/message_templates")
    assert meta.requests[0].headers["Authorization"] == "Bearer TOKEN"
    assert await services.pool.fetchval(
        "select due_at > now() + interval '23 hours' and synced_at is not null from template_sync where account = $1",
        ACCOUNT,
    )


async def test_templates_of_different_length_are_kept_whole(services: TestServices, reader: Reader, meta: Meta) -> None:
    footer, header = {"type": "FOOTER", "text": "Havana Café"}, {"type": "HEADER", "format": "TEXT", "text": "News"}
    await read(services, reader, meta, page(listed("short"), listed("long", header, BODY, footer)))
    kept = await services.pool.fetch("select name, components from template order by name")
    assert [(each["name"], each["components"]) for each in kept] == [
        ("long", [header, BODY, footer]),
        ("short", [BODY]),
    ]


async def test_what_is_gone_at_meta_is_gone_here(services: TestServices, reader: Reader, meta: Meta) -> None:
    await read(services, reader, meta, page(listed("a"), listed("b")))
    await read(services, reader, meta, page(listed("b", status="PAUSED")))
    assert await names(services) == [("b", "en", "paused")]


async def test_a_pages_list_asks_only_for_what_it_has(services: TestServices, reader: Reader, meta: Meta) -> None:
    page_id = services.organisation().inboxes["financial-messenger"].external_id
    await read(services, reader, meta, page(listed("a"), listed("b", category="MARKETING")), account=page_id)
    assert meta.requests[0].path.endswith(f"/{page_id}/message_templates")
    assert meta.requests[0].query["fields"] == "id,name,language,status,category,components"
    kept = await services.pool.fetch("select account, name, category from template order by name")
    assert [tuple(each) for each in kept] == [(page_id, "a", "utility"), (page_id, "b", "marketing")]


@pytest.mark.parametrize(
    "script",
    [
        [refuses(190, status=401)],
        [page(listed("c"), after="X"), says(500, "gateway")],
        [says(200, "<html>")],
        [says(200, {"data": None})],
    ],
)
async def test_half_a_list_changes_nothing_and_is_tried_again(
    services: TestServices, reader: Reader, meta: Meta, script: list[Any]
) -> None:
    await read(services, reader, meta, page(listed("a")))
    await read(services, reader, meta, *script)
    assert await names(services) == [("a", "en", "approved")]
    assert await services.pool.fetchval(
        "select trouble <> '' and due_at < now() + interval '20 minutes' from template_sync where account = $1", ACCOUNT
    )


async def test_a_bad_cursor_begins_the_list_again(services: TestServices, reader: Reader, meta: Meta) -> None:
    await read(services, reader, meta, page(listed("a"), after="X"), refuses(131059), page(listed("b")))
    assert await names(services) == [("b", "en", "approved")]


async def test_two_readers_take_turns(services: TestServices, reader: Reader, meta: Meta) -> None:
    meta.answer = page(listed("a"))
    await only(services, ACCOUNT)
    await asyncio.gather(reader.read_due(), reader.read_due())
    assert len(meta.requests) == 1


async def test_news_that_came_while_the_list_was_read_stays(services: TestServices, reader: Reader, meta: Meta) -> None:
    async def paused_meanwhile(*_: Any) -> web.StreamResponse:
        await follow(services, status("PAUSED", at=datetime.now(UTC) + timedelta(seconds=1)))
        return web.json_response({"data": [listed("booking")]})

    await keep(services.pool, listed("booking"))
    await read(services, reader, meta, paused_meanwhile, page(listed("booking", status="PAUSED")))
    assert await names(services) == [("booking", "en", "paused")]


def status(event: str, *, at: datetime | None = None, **more: Any) -> AccountItem:
    data = {"message_template_name": "booking", "message_template_language": "en", "event": event} | more
    return AccountItem(
        channel=Channel.WHATSAPP, account_id=ACCOUNT, path="", raw=b"{}", key="k", at=at or datetime.now(UTC),
        field="message_template_status_update", event=event, data=data,
    )  # fmt: skip


def other(field: str, **data: Any) -> AccountItem:
    item = status("", **data)
    return AccountItem(**{name: getattr(item, name) for name in item.__struct_fields__} | {"field": field})


async def follow(services: TestServices, *items: AccountItem) -> None:
    async with unit(services) as work:
        await templates.follow(work, list(items))


async def test_news_move_a_template_and_older_news_do_not(services: TestServices) -> None:
    await keep(services.pool, listed("booking"))
    now = datetime.now(UTC) + timedelta(seconds=1)
    await follow(services, status("PAUSED", at=now, reason="LOW_QUALITY"))
    await follow(services, status("APPROVED", at=now - timedelta(hours=1)))
    await follow(services, other("message_template_quality_update", new_quality_score="RED"))
    await follow(services, other("template_category_update", new_category="MARKETING"))
    row = await services.pool.fetchrow("select * from template")
    assert row is not None
    assert (row["status"], row["reason"], row["quality"], row["category"]) == (
        "paused", "LOW_QUALITY", "red", "marketing",
    )  # fmt: skip
    assert Topic.TEMPLATES in services.waker.topics


async def test_news_of_a_new_template_make_the_list_due(services: TestServices) -> None:
    await only(services)
    await follow(services, status("APPROVED"))
    assert await services.pool.fetchval("select due_at <= now() from template_sync where account = $1", ACCOUNT)


async def test_news_of_another_account_change_nothing(services: TestServices) -> None:
    await keep(services.pool, listed("booking"))
    item = status("DISABLED")
    elsewhere = AccountItem(**{name: getattr(item, name) for name in item.__struct_fields__} | {"account_id": "77"})
    await follow(services, elsewhere, other("account_update", ban_info={"waba_ban_state": "DISABLE"}))
    assert await names(services) == [("booking", "en", "approved")]


async def test_only_the_owner_has_the_list_read_anew_and_not_again_and_again(
    services: TestServices, salma: Viewer, talk: Conversation
) -> None:
    await only(services)
    with pytest.raises(Forbidden):
        await templates.refresh(services, await make_viewer(services.pool, "Nadia", role=Role.SUPERVISOR), talk.id)
    await templates.refresh(services, salma, talk.id)
    assert services.waker.topics == [Topic.TEMPLATES] or Topic.TEMPLATES in services.waker.topics
    services.waker.topics.clear()
    await templates.refresh(services, salma, talk.id)
    assert Topic.TEMPLATES not in services.waker.topics


def test_every_account_is_read_once(services: TestServices) -> None:
    found = templates.accounts(services.organisation())
    assert ACCOUNT in found
    kinds: Sequence[Channel] = [each.channel for each in found.values()]
    assert Channel.INSTAGRAM not in kinds


def account_delivery(field: str, value: dict[str, Any], at: datetime) -> dict[str, Any]:
    change = {"field": field, "value": value}
    entry = {"id": ACCOUNT, "time": int(at.timestamp()), "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


@pytest.mark.parametrize("event", ["PAUSED", "DISABLED", "REJECTED"])
async def test_metas_own_notice_moves_a_template(services: TestServices, event: str) -> None:
    await keep(services.pool, listed("booking"))
    value = {"event": event, "message_template_id": 9, "message_template_name": "booking",
             "message_template_language": "en", "reason": "LOW_QUALITY"}  # fmt: skip
    later = datetime.now(UTC) + timedelta(seconds=2)
    await deliver(services, account_delivery("message_template_status_update", value, later))
    await deliver(services, account_delivery("message_template_quality_update", {
        "message_template_name": "booking", "message_template_language": "en", "previous_quality_score": "GREEN",
        "new_quality_score": "RED", "message_template_id": 9}, later))  # fmt: skip
    row = await services.pool.fetchrow("select status, reason, quality from template")
    assert row is not None
    assert tuple(row) == (event.lower(), "LOW_QUALITY", "red")
