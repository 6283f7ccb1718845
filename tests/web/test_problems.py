"""What is refused says what is wrong, which field it is, and when to come back."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from database_line import line_to
from factories import make_conversation, make_viewer
from live_server import Console, LiveServer, live_server

from server.domain.access import Viewer
from server.web.errors import problem_of


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool, "Salma Fathy")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind", "field"),
    [
        ("POST", "/api/conversations/{c}/replies", {"text": "Hi", "based_on_version": 0}, 400, "invalid", "command_id"),
        ("POST", "/api/conversations/{c}/replies",
         {"command_id": "12345678", "text": 7, "based_on_version": 0}, 400, "invalid", "text"),
        ("POST", "/api/conversations/{c}/replies",
         {"command_id": "12345678", "text": "  ", "based_on_version": 0}, 422, "invalid", "text"),
        ("POST", "/api/conversations/{c}/replies",
         {"command_id": "12345678", "text": "Hi", "based_on_version": 99}, 422, "invalid", "based_on_version"),
        ("POST", "/api/conversations/{c}/transfer", {"command_id": "12345678"}, 422, "invalid", "queue"),
        ("POST", "/api/conversations/{c}/transfer",
         {"command_id": "12345678", "queue": "education"}, 422, "invalid", "queue"),
        ("PUT", "/api/conversations/{c}/draft", {"text": "a\x00b"}, 400, "invalid", "text"),
        ("POST", "/api/me/presence", {"presence": "asleep"}, 400, "invalid", "presence"),
        ("PATCH", "/api/me", {"language": "fr"}, 400, "invalid", "language"),
        ("PATCH", "/api/me", {"language": "en\n"}, 400, "invalid", "language"),
        ("PATCH", "/api/me", {"preferences": {"theme": "dark\n"}}, 400, "invalid", "preferences.theme"),
        ("GET", "/api/conversations?view=everything", None, 422, "invalid", "view"),
        ("GET", "/api/conversations?before=yesterday", None, 422, "invalid", "before"),
        ("GET", "/api/conversations?sector=a%00b", None, 400, "invalid", "sector"),
        ("GET", "/api/events", None, 422, "invalid", "since"),
        ("GET", "/api/events?since=99999999999999999999999", None, 400, "invalid", "since"),
        ("GET", "/api/conversations/99999999999999999999999", None, 400, "invalid", "conversation_id"),
        ("GET", "/api/conversations/{c}/messages", None, 422, "invalid", "before"),
        ("GET", "/api/nowhere", None, 404, "not-found", None),
        ("DELETE", "/api/inbox", None, 405, "method-not-allowed", None),
        ("GET", "/api/board", None, 403, "forbidden", None),
    ],
)  # fmt: skip
async def test_a_refusal_names_the_field(
    server: LiveServer, salma: Viewer, method: str, path: str, body: Any, status: int, kind: str, field: str | None
) -> None:
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        problem = await console.call(method, path.format(c=conversation.id), body, status=status)
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field is not None:
        assert [each["field"] for each in problem["errors"]] == [field]


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"\\ud800"', b"[" * 100_000, b"\xff", b""])
async def test_a_body_that_is_no_command_is_refused(server: LiveServer, salma: Viewer, body: bytes) -> None:
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        assert await _send(console, f"/api/conversations/{conversation.id}/resolve", body) == 400


async def test_a_body_beyond_the_cap_is_refused(server: LiveServer, salma: Viewer) -> None:
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        body = b'{"text": "' + b"x" * 300_000 + b'"}'
        assert await _send(console, f"/api/conversations/{conversation.id}/notes", body) == 413


async def test_what_a_browser_did_not_finish_sending_is_no_failure_of_ours(
    server: LiveServer, salma: Viewer, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        host = server.url.removeprefix("http://")
        _, writer = await asyncio.open_connection(*host.split(":"))
        lines = [
            f"POST /api/conversations/{conversation.id}/notes HTTP/1.1", f"Host: {host}", f"Origin: {server.url}",
            f"Cookie: {console.cookie['Cookie']}", f"X-CSRF-Token: {console.csrf}", "Content-Length: 500", "", "{",
        ]  # fmt: skip
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
        await asyncio.sleep(0.2)
    said = capsys.readouterr()
    assert "request_failed" not in said.out + said.err


async def test_a_stale_reply_tells_what_changed_in_the_readers_language(server: LiveServer) -> None:
    laila = await make_viewer(server.pool, "Laila Adel", language="ar")
    conversation = await make_conversation(server.pool, owner=laila)
    await server.pool.execute(
        "insert into event (stream, version, kind, actor, sector_id, conversation_id, data)"
        " values ('conversation:' || $1::bigint, 1, 'MessageEchoed', 'business', 'financial', $1, '{}')",
        conversation.id,
    )
    await server.pool.execute("update conversation set version = 1 where id = $1", conversation.id)
    async with server.console(laila) as console:
        reply = {"command_id": "stale-0001", "text": "Good morning", "based_on_version": 0}
        problem = await console.post(f"/api/conversations/{conversation.id}/replies", reply, status=409)
        assert problem["type"] == "/problems/stale-reply"
        [change] = problem["changes"]
        assert change["kind"] == "MessageEchoed"
        assert change["words"]
        sent = await console.post(
            f"/api/conversations/{conversation.id}/replies", reply | {"based_on_version": 1}, status=201
        )
        assert sent["message"]["text"] == "Good morning"
        again = await console.post(
            f"/api/conversations/{conversation.id}/replies", reply | {"based_on_version": 1}, status=201
        )
        assert again["message"]["id"] == sent["message"]["id"]


def test_a_deadlock_is_worth_another_try() -> None:
    for error in (asyncpg.DeadlockDetectedError("deadlock"), asyncpg.SerializationError("serialize")):
        problem = problem_of(error)
        assert (problem.status, problem.kind, problem.extra["retry_after_seconds"]) == (503, "unavailable", 1)


async def test_a_page_for_a_stranger_leads_to_the_door_and_back(server: LiveServer) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        wanted = {"Accept": "text/html"}
        async with http.get("/inbox/7?view=all", headers=wanted, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == "/sign-in?next=/inbox/7%3Fview%3Dall"
        async with http.get("/nowhere", headers=wanted) as response:
            assert response.status == 404
            assert response.content_type == "text/html"


async def test_without_the_database_everything_says_come_back_and_then_recovers(database: str, tmp_path: Path) -> None:
    async with line_to(database, tmp_path) as line, live_server(line.dsn) as server:
        salma = await make_viewer(server.pool, "Salma Fathy")
        async with server.console(salma) as console:
            await line.cut()
            async with console.http.get("/api/inbox", headers=console.cookie) as response:
                assert response.status == 503
                assert response.content_type == "application/problem+json"
                assert int(response.headers["Retry-After"]) > 0
                assert (await response.json(content_type=None))["type"] == "/problems/unavailable"
            async with console.http.get("/readyz") as response:
                assert response.status == 503
                assert (await response.json())["database"] == "away"
            async with console.http.get("/inbox", headers={**console.cookie, "Accept": "text/html"}) as response:
                assert response.status == 503
                assert "Retry-After" in response.headers
                assert response.content_type == "text/html"
            async with console.http.get("/healthz") as response:
                assert response.status == 200
            await line.mend()
            assert (await console.get("/api/inbox"))["me"]["name"] == "Salma Fathy"


async def _send(console: Console, path: str, body: bytes) -> int:
    headers = {
        **console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf, "Content-Type": "application/json"
    }  # fmt: skip
    async with console.http.post(path, data=body, headers=headers) as response:
        assert response.content_type == "application/problem+json"
        return response.status
