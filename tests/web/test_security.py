"""What every answer carries, and what is refused before anybody looks at it."""

import re

import aiohttp
import pytest
from factories import make_viewer
from litestar.handlers import asgi
from litestar.testing import AsyncTestClient
from litestar.types import Receive, Scope, Send
from live_server import Address, LiveServer

from server.domain.model import Role
from server.web.application import web_application
from server.web.security import Site

HOME = "https://desk.majlis.example"


@pytest.mark.parametrize(
    ("origin", "host", "admitted"),
    [
        (HOME, "desk.majlis.example", True),
        (HOME, "desk.majlis.example:443", False),
        ("http://desk.majlis.example", "desk.majlis.example", False),
        ("https://evil.example", "desk.majlis.example", False),
        ("https://desk.majlis.example.evil.example", "desk.majlis.example", False),
        ("null", "desk.majlis.example", False),
        ("", "desk.majlis.example", False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://localhost:8000", "127.0.0.1:8000", False),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://127.0.0.1:8000", "rebound.example", False),
    ],
)
def test_only_our_own_page_is_admitted(origin: str, host: str, admitted: bool) -> None:
    headers = {b"host": host.encode(), b"origin": origin.encode()}
    assert Site(HOME).admits(headers) is admitted


async def test_every_answer_carries_the_headers_and_a_nonce_of_its_own(server: LiveServer) -> None:
    policies = []
    async with aiohttp.ClientSession(server.url) as http:
        for path in ("/sign-in", "/healthz", "/nowhere", "/api/inbox"):
            async with http.get(path) as response:
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "same-origin"
                assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
                policies.append(response.headers["Content-Security-Policy"])
                if path == "/sign-in":
                    [nonce] = set(re.findall(r"'nonce-([^']+)'", policies[-1]))
                    assert f'nonce="{nonce}"' in await response.text()
    assert len(set(policies)) == len(policies)
    assert all("frame-ancestors 'none'" in policy and "unsafe" not in policy for policy in policies)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"X-CSRF-Token": "x"}])
async def test_a_change_from_elsewhere_is_refused(server: LiveServer, headers: dict[str, str]) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        refused = await console.call("PATCH", "/api/me", {"language": "ar"}, status=403, **headers)
        assert refused["type"] == "/problems/forbidden"
        assert (await console.get("/api/me"))["language"] == "en"


async def test_a_foreign_sign_in_form_is_refused(server: LiveServer) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        form = {"email": "a@b.c", "password": "x"}
        async with http.post("/sign-in", data=form, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403


async def test_an_unknown_host_is_refused_but_machines_may_ask_by_any(server: LiveServer) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        for path, status in (("/sign-in", 403), ("/healthz", 200), ("/readyz", 200)):
            async with http.get(path, headers={"Host": "rebound.example"}) as response:
                assert response.status == status


async def test_figures_are_for_this_machine_and_administrators(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    amr = await make_viewer(server.pool, "Amr Zaki", role=Role.ADMINISTRATOR)
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
    async with aiohttp.ClientSession(server.url) as http:
        async with http.get("/metrics") as response:
            assert response.status == 200
            assert "majlis_sockets" in await response.text()
        for passed_on in (through_a_proxy, {"X-Forwarded-Proto": "https"}, {"Via": "1.1"}, {"Host": "a.example"}):
            async with http.get("/metrics", headers=passed_on) as response:
                assert response.status == 403, passed_on
        # Where no METRICS_TOKEN is set, none opens them.
        for token in ("", "None", "guessed"):
            headers = through_a_proxy | {"Authorization": f"Bearer {token}"}
            async with http.get("/metrics", headers=headers) as response:
                assert response.status == 403, token
        for viewer, status in ((salma, 403), (amr, 200)):
            async with (
                server.console(viewer) as console,
                http.get("/metrics", headers=console.cookie | through_a_proxy) as response,
            ):
                assert response.status == status


async def test_the_schema_describes_every_api_route(server: LiveServer) -> None:
    salma = await make_viewer(server.pool)
    async with server.console(salma) as console:
        schema = await console.get("/schema")
        assert await console.get("/schema/openapi.json") == schema
        async with console.http.get("/schema", headers={"Accept": "application/json"}) as response:
            assert response.status == 401
    assert "/api/conversations/{conversation_id}/replies" in schema["paths"]
    assert not [path for path in schema["paths"] if not path.startswith(("/api/", "/healthz", "/readyz"))]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), f"{method} {path} says nothing about itself"


async def test_raw_doors_are_not_held_to_what_pages_are(server: LiveServer) -> None:
    @asgi("/webhooks/meta", opt={"exclude_from_auth": True}, copy_scope=False)
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"stored", "more_body": False})

    app = web_application(server.services, Address(server.url), server.hub, [door])
    async with AsyncTestClient(app, base_url="https://hooks.majlis.example") as client:
        answer = await client.post("/webhooks/meta", content=b"{}")
    assert (answer.status_code, answer.text) == (200, "stored")
    assert "content-security-policy" not in answer.headers
