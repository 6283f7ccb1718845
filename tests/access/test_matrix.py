"""Every route and socket event against every role, sector and target: the status is the table's, and nothing leaks.

A route or event that is not in `table` fails.
"""

import inspect
import itertools
import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from access import table
from access.table import ASKED, ROLES, ROUTES, TARGETS, Row
from access.world import FOREIGN, World, leaked, make_world
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute
from live_server import Address, Console, LiveServer

from server import app, realtime
from server.settings import read_settings
from server.store.vault import generate_key
from server.web.application import web_application
from server.web.assets import assets

_commands = (f"matrix-{number:06d}" for number in itertools.count())


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_keeps_to_the_table(server: LiveServer, role: str, capfd: pytest.CaptureFixture[str]) -> None:
    world = await make_world(server, role)
    before = await _state(world)
    surprises, leaks = [], []
    async with server.console(world.reader) as console:
        for row in ROUTES:
            for target in row.targets:
                status, answer, asked = await _ask(console, world, row, target)
                where = f"{row.method} {row.path} of {target}"
                if status != (wanted := table.expected(row.right, role, target)):
                    surprises.append(f"{where}: {status}, not {wanted}: {answer[:200]}")
                kept = table.keeps_theirs(row, role, target)
                leaks += [f"{where}: {each}" for each in leaked(answer, asked=asked, theirs=kept)]
    assert surprises == []
    assert leaks == []
    assert await _state(world) == before
    assert leaked("".join(capfd.readouterr())) == []


async def test_without_a_session_only_the_open_routes_answer(server: LiveServer) -> None:
    world = await make_world(server, "supervisor")
    before = await _state(world)
    surprises, leaks = [], []
    async with aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        stranger = Console(server.url, http, "")
        for row in ROUTES:
            status, answer, asked = await _ask(stranger, world, row, "foreign")
            wanted = row.stranger or (303 if _is_page(row) else 401)
            if status != wanted:
                surprises.append(f"{row.method} {row.path}: {status}, not {wanted}")
            leaks += [f"{row.method} {row.path}: {each}" for each in leaked(answer, asked=asked)]
    assert surprises == []
    assert leaks == []
    assert await _state(world) == before


async def test_those_inside_do_see_it(server: LiveServer) -> None:
    """So that the tests above find nothing for the right reason."""
    world = await make_world(server, "supervisor")
    async with server.console(world.overseer) as console:
        for row in ROUTES:
            if row.method == "GET" and row.right in ("read", "look", "desk", "inbox"):
                _, answer, asked = await _ask(console, world, row, "shared")
                assert leaked(answer, asked=asked), row.path
        for path in ("/api/conversations", "/api/events?since=0", "/api/board", "/desk"):
            _, answer, _ = await _ask(console, world, Row("GET", path, "list"), "mine")
            assert leaked(answer), path
        thread = json.dumps(await console.get(f"/api/conversations/{world.shared.c}"))
        for part in ("my account", "an answer", "headline", "note", "summary", "investor"):
            assert f"finmark {part}" in thread or f"finmark.{part}" in thread, part
    async with server.console(world.insider) as console:
        for path in ("/api/inbox", "/inbox"):
            _, answer, _ = await _ask(console, world, Row("GET", path, "list"), "mine")
            assert leaked(answer), path


@pytest.mark.parametrize("role", ROLES)
async def test_every_socket_event_keeps_to_the_table(server: LiveServer, role: str) -> None:
    world = await make_world(server, role)
    surprises, leaks = [], []
    async with server.console(world.reader) as console:
        await console.connect()
        for target in TARGETS:
            ids = await world.target(target)
            # Typing asks for a watch; leaving comes last.
            for event in ("watch", "typing", "catch_up", "unwatch"):
                question = {"cursor": 0} if event == "catch_up" else {"conversation_id": ids.c}
                answer = await console.ask(event, question)
                said = next((word for word in ("error", "events", "ok") if word in answer), "nothing")
                told = answer["error"] if said == "error" else said
                if told != (wanted := table.answered(event, role, target)):
                    surprises.append(f"{event} of {target}: {told}, not {wanted}")
                theirs = role in table.READ_ONLY_THEIR_OWN
                leaks += [f"{event} of {target}: {each}" for each in leaked(json.dumps(answer), theirs=theirs)]
        leaks += [f"heard: {each}" for each in leaked(json.dumps(console.heard))]
    assert surprises == []
    assert leaks == []


async def test_every_route_is_in_the_table(server: LiveServer) -> None:
    found = _routes(web_application(server.services, Address(server.url), server.hub))
    listed = {(row.method, _plain(row.path)) for row in ROUTES}
    assert found == listed


async def test_the_process_has_no_other_door(database: str, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": database, "MAJLIS_KEY": generate_key(), "MAJLIS_DATA": str(tmp_path)}
    application = app.build(read_settings(environment))
    await application.start()
    try:
        doors = {route.path for route in application.asgi.routes if isinstance(route, ASGIRoute)}
        assert doors == {"/", "/webhooks/meta"}
        assert len(application.asgi.routes) == len(doors)
    finally:
        await application.stop()


def test_every_socket_event_is_in_the_table(server: LiveServer) -> None:
    registered = set(server.hub._server.handlers["/"])
    assert registered == set(ASKED) | table.CONNECTING
    folder = Path(inspect.getfile(realtime)).parent
    emitted = {name for file in folder.glob("*.py") for name in re.findall(r'emit\(\s*"(\w+)"', file.read_text())}
    assert emitted == table.HEARD


async def _ask(console: Console, world: World, row: Row, target: str) -> tuple[int, str, str]:
    """Status, everything the answer says, and what was asked."""
    ids = await world.target(target) if row.named else None
    path = row.path.replace("/static/VERSION", assets().prefix)
    if ids is not None:
        path = path.format(**msgspec.structs.asdict(ids))
    body = json.loads(json.dumps(row.body).replace("{command}", next(_commands)))
    if body and body.get("advisor_id"):
        body["advisor_id"] = world.another.user_id
    if body and ids is not None and "other_id" in body:
        body["other_id"] = ids.p
    headers = {**console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf, "Accept": "application/json"}
    headers |= {"Accept": "text/html"} if _is_page(row) else {}
    sent: dict[str, Any] = {"data": body} if row.form else {"json": body} if body is not None else {}
    async with console.http.request(
        row.method, path, headers=headers | row.headers, allow_redirects=False, **sent
    ) as response:
        answer = f"{response.reason}\n{dict(response.headers)}\n{await response.text()}"
        return response.status, answer, path if row.named else str(body or "")


async def _state(world: World) -> Any:
    """Whatever a command could have moved in the foreign sector."""
    return await world.pool.fetchrow(
        "select (select array_agg((id, state, owner_id, version)::text order by id) from conversation"
        "   where sector_id = $1) as talks,"
        " (select array_agg((id, state)::text order by id) from offer where sector_id = $1) as offers,"
        " (select array_agg((id, status)::text order by id) from message where sector_id = $1) as messages,"
        " (select count(*) from note where sector_id = $1) as notes,"
        " (select array_agg((id, state, message_id)::text order by id) from attachment where sector_id = $1) as files,"
        " (select count(*) from contact_label where sector_id = $1) as labels,"
        " (select count(*) from draft join conversation c on c.id = conversation_id where c.sector_id = $1) as drafts,"
        " (select count(*) from event where sector_id = $1) as events",
        FOREIGN,
    )


def _routes(application: Litestar) -> set[tuple[str, str]]:
    return {
        (method, _plain(route.path_format))
        for route in application.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method not in ("OPTIONS", "HEAD")
    }


def _plain(path: str) -> str:
    """A path with every placeholder and example written alike."""
    path = path.split("?")[0].replace(assets().prefix, "/static/VERSION")
    if path.startswith("/static/VERSION/"):
        return "/static/VERSION/{}"
    examples = ("not-a-link", "nowhere", "66000001", "hospitality-whatsapp", "financial-whatsapp")
    return "/".join("{}" if part.startswith("{") or part in examples else part for part in path.split("/"))


def _is_page(row: Row) -> bool:
    return not row.path.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/schema", "/static/"))
