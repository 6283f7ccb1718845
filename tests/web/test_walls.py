"""Every route, and what people of other sectors and roles get from it. A route that is not listed here fails."""

from typing import Any

import aiohttp
import msgspec
import pytest
from factories import make_conversation, make_customer, make_message, make_viewer
from litestar.routes import HTTPRoute
from live_server import Address, Console, LiveServer

from server.domain.access import Viewer
from server.domain.model import Author, Channel, ConversationState, MessageStatus, Role
from server.web.application import web_application

SECRET = "my account number is 4711"
COMMAND = {"command_id": "walls-0001"}

# Routes that name one thing behind the wall: method, path, body. {c}, {m}, {o} are ids of the financial sector.
NAMED: list[tuple[str, str, Any]] = [
    ("GET", "/api/conversations/{c}", None),
    ("GET", "/api/conversations/{c}/messages?before=9", None),
    ("POST", "/api/conversations/{c}/resolve", COMMAND),
    ("POST", "/api/conversations/{c}/hand-back", COMMAND),
    ("POST", "/api/conversations/{c}/take-over", COMMAND),
    ("POST", "/api/conversations/{c}/read", COMMAND),
    ("POST", "/api/conversations/{c}/transfer", COMMAND | {"queue": "financial"}),
    ("POST", "/api/conversations/{c}/reassign", COMMAND | {"advisor_id": 1}),
    ("POST", "/api/conversations/{c}/replies", COMMAND | {"text": "Hello", "based_on_version": 0}),
    ("POST", "/api/conversations/{c}/notes", COMMAND | {"text": "Careful"}),
    ("PUT", "/api/conversations/{c}/draft", {"text": "Dear"}),
    ("GET", "/api/transfer-targets?conversation={c}", None),
    ("POST", "/api/messages/{m}/retry", COMMAND),
    ("POST", "/api/messages/{m}/discard", COMMAND),
    ("POST", "/api/offers/{o}/accept", COMMAND),
    ("POST", "/api/offers/{o}/decline", COMMAND),
    ("GET", "/inbox/{c}", None),
    ("GET", "/desk/{c}", None),
]
# Routes whose answer must hold nothing of a sector the reader does not have.
LISTS: list[tuple[str, str]] = [
    ("GET", "/api/conversations"),
    ("GET", "/api/conversations?sector=financial"),
    ("GET", "/api/conversations?queue=financial"),
    ("GET", "/api/conversations?view=resolved"),
    ("GET", "/api/conversations?owner={owner}"),
    ("GET", "/api/inbox"),
    ("GET", "/api/events?since=0"),
    ("GET", "/api/board"),
    ("GET", "/api/quarantine"),
    ("GET", "/api/users"),
    ("GET", "/inbox"),
    ("GET", "/desk"),
]
# Routes about the person alone, tested in test_sign_in.
OWN = {
    ("GET", "/api/me"), ("PATCH", "/api/me"), ("POST", "/api/me/presence"), ("GET", "/api/me/sessions"),
    ("DELETE", "/api/me/sessions/{session_id:int}"), ("GET", "/"), ("GET", "/settings"), ("POST", "/sign-out"),
}  # fmt: skip
# Routes for everybody, which know nothing of anybody.
OPEN = {
    ("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/sign-in/link/{token:str}"),
    ("POST", "/sign-in/link/{token:str}"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"),
}  # fmt: skip

Outsider = tuple[Role, tuple[str, ...], bool]
OUTSIDERS: list[Outsider] = [
    (Role.ADVISOR, ("hospitality", "education"), True),
    (Role.SUPERVISOR, ("hospitality", "education"), True),
    (Role.ADMINISTRATOR, ("hospitality", "education"), True),
    (Role.OWNER, ("hospitality", "education"), True),
    # Of the sector, but without a right to this conversation.
    (Role.ADVISOR, ("financial",), True),
    (Role.OWNER, ("financial", "hospitality", "education"), False),
]


class Behind(msgspec.Struct):
    """What stands behind the wall."""

    owner: Viewer
    values: dict[str, int]


@pytest.fixture
async def behind(server: LiveServer) -> Behind:
    """A financial conversation, with a failed answer, an offer and a quarantined item, of a shared contact."""
    pool = server.pool
    salma = await make_viewer(pool, "Salma Fathy")
    omar = await make_customer(pool, "Omar Haddad")
    mine = await make_conversation(pool, owner=salma, customer=omar, text=SECRET)
    failed = await make_message(
        pool, mine.id, text=SECRET, author=Author.ADVISOR, author_id=salma.user_id, status=MessageStatus.FAILED
    )
    over = await make_conversation(
        pool, channel=Channel.MESSENGER, customer=await make_customer(pool, channel=Channel.MESSENGER), text=SECRET,
        state=ConversationState.RESOLVED,
    )  # fmt: skip
    offered = await make_conversation(pool, state=ConversationState.OFFERED, text=SECRET)
    offer = await pool.fetchval(
        "insert into offer (conversation_id, sector_id, queue_id, advisor_id, priority, entered_at, offered_at,"
        " expires_at) values ($1, 'financial', 'financial', $2, 'high', now(), now(), now() + interval '1 hour')"
        " returning id",
        offered.id, salma.user_id,
    )  # fmt: skip
    await pool.execute(
        "insert into quarantine (received_at, app_id, sector_id, inbox_id, path, reason, body)"
        " values (now(), 'default', 'financial', 'financial-whatsapp', 'entry[0]', 'unknown_kind', $1),"
        " (now(), 'default', null, null, 'entry[0]', 'unknown_account', $1)",
        SECRET.encode(),
    )  # fmt: skip
    for each in (mine, over, offered):
        await pool.execute(
            "insert into event (stream, version, kind, actor, sector_id, conversation_id, data)"
            " values ('conversation:' || $1::bigint, 1, 'MessageReceived', 'customer', 'financial', $1,"
            " jsonb_build_object('message_id', $2::bigint))",
            each.id, each.last_message_id,
        )  # fmt: skip
    await pool.execute("update conversation set version = 1")
    return Behind(salma, {"c": mine.id, "m": failed, "o": offer, "owner": salma.user_id})


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda each: f"{each[0]}-{'-'.join(each[1])}")
async def test_nobody_sees_or_moves_what_lies_behind_a_wall(
    server: LiveServer, behind: Behind, outsider: Outsider
) -> None:
    role, sectors, reads = outsider
    person = await make_viewer(server.pool, "Hany Outsider", role=role, sectors=sectors, reads_messages=reads)
    before = await _state(server)
    async with server.console(person) as console:
        for method, path, body in NAMED:
            status, text = await _ask(console, method, path.format(**behind.values), body)
            # A page may lead away those whose role has no such page at all, and say so.
            pages = (303, 403) if path.startswith(("/inbox", "/desk")) else ()
            assert status == 404 or status in pages, (method, path, status, text)
            _expect_nothing_of(text)
        for method, path in LISTS:
            status, text = await _ask(console, method, path.format(**behind.values), None)
            assert status in (200, 303, 403), (method, path, status)
            _expect_nothing_of(text)
        await console.connect()
        watched = await console.ask("watch", {"conversation_id": behind.values["c"]})
        assert watched == {"error": "not-found"}
        missed = await console.ask("catch_up", {"cursor": 0})
        own = f"user:{person.user_id}"
        assert [each for each in missed["events"] if each["stream"] != own] == []
    assert await _state(server) == before


async def test_without_a_session_everything_but_the_door_is_shut(server: LiveServer, behind: Behind) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        stranger = Console(server.url, http, "")
        for method, path, body in [*NAMED, *((method, path, None) for method, path in LISTS)]:
            status, text = await _ask(stranger, method, path.format(**behind.values), body)
            assert status in (401, 303), (method, path, status)
            _expect_nothing_of(text)


async def test_the_owner_of_the_conversation_does_see_it(server: LiveServer, behind: Behind) -> None:
    """So that the tests above fail for the right reason."""
    async with server.console(behind.owner) as console:
        for path in ("/api/conversations/{c}", "/api/inbox", "/api/events?since=0", "/inbox/{c}"):
            status, text = await _ask(console, "GET", path.format(**behind.values), None)
            assert status == 200
            assert SECRET in text, path


async def test_a_contact_met_in_two_sectors_is_known_in_each_only_as_met_there(server: LiveServer) -> None:
    pool = server.pool
    omar = await make_customer(pool, "Omar the investor", value="201000000001")
    await pool.execute(
        "insert into identity (contact_id, kind, scope, value, name, username)"
        " values ($1, 'instagram_user', (select external_id from inbox where id = 'hospitality-instagram'),"
        " '998877', 'omar at the beach', 'omar.secret')",
        omar.contact_id,
    )
    beach = msgspec.structs.replace(
        omar, identity_id=await pool.fetchval("select id from identity where value = '998877'")
    )
    investment = await make_conversation(pool, customer=omar)
    await make_conversation(
        pool, sector="hospitality", channel=Channel.INSTAGRAM, customer=beach, state=ConversationState.BOT,
        text="a table for two",
    )  # fmt: skip
    nadia = await make_viewer(pool, "Nadia Hosny", role=Role.SUPERVISOR)
    both = await make_viewer(pool, "Amr Zaki", role=Role.SUPERVISOR, sectors=("financial", "hospitality"))
    async with server.console(nadia) as console:
        thread = await console.get(f"/api/conversations/{investment.id}")
        assert thread["conversation"]["contact"]["name"] == "Omar the investor"
        assert thread["context"]["identities"] == [{"kind": "phone", "label": "+201000000001"}]
        assert thread["context"]["earlier"] == []
    async with server.console(both) as console:
        thread = await console.get(f"/api/conversations/{investment.id}")
        assert [each["label"] for each in thread["context"]["identities"]] == ["+201000000001", "@omar.secret"]
        assert [each["sector"] for each in thread["context"]["earlier"]] == ["hospitality"]


async def test_every_route_is_listed(server: LiveServer) -> None:
    app = web_application(server.services, Address(server.url), server.hub)
    found = {
        (method, route.path_format)
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(("/static/", "/schema"))
        for method in route.methods
        if method != "OPTIONS"
    }
    listed = {(method, _format(path)) for method, path, *_ in [*NAMED, *LISTS]}
    known = listed | {(method, _format(path)) for method, path in OWN | OPEN}
    assert {(method, _format(path)) for method, path in found} == known


async def _ask(console: Console, method: str, path: str, body: Any) -> tuple[int, str]:
    headers = {**console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf}
    async with console.http.request(method, path, json=body, headers=headers, allow_redirects=False) as response:
        return response.status, await response.text()


def _expect_nothing_of(text: str) -> None:
    assert SECRET not in text
    assert "4711" not in text
    assert "Omar Haddad" not in text


async def _state(server: LiveServer) -> Any:
    """Whatever a command could have moved."""
    return await server.pool.fetchrow(
        "select (select array_agg((id, state, owner_id, version)::text order by id) from conversation) as talks,"
        " (select array_agg((id, state)::text order by id) from offer) as offers,"
        " (select array_agg((id, status)::text order by id) from message) as messages,"
        " (select count(*) from note) as notes, (select count(*) from draft) as drafts"
    )


def _format(path: str) -> str:
    """A path with every placeholder written alike."""
    plain = path.split("?")[0]
    return "/".join("{}" if part.startswith("{") else part for part in plain.split("/"))
