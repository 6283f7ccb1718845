"""The doors as `app` joins them: webhooks outside, the console with its guards behind."""

from collections.abc import AsyncIterator

import httpx
import pytest

from server.app import Application
from server.settings import read_settings
from server.store.vault import generate_key


@pytest.fixture
async def application(database: str) -> AsyncIterator[Application]:
    application = Application(read_settings({"DATABASE_URL": database, "MAJLIS_KEY": generate_key()}))
    await application.start()
    yield application
    await application.stop()


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application.asgi)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/sign-in"), ("GET", "/nothing-here"), ("POST", "/api/me"), ("GET", "/webhooks/x"), ("GET", "/api/inbox")],
)
async def test_every_answer_of_the_console_carries_its_headers(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_webhooks_are_answered_without_a_browser(client: httpx.AsyncClient) -> None:
    answer = await client.post("/webhooks/meta", content=b"{}")
    assert answer.status_code == 403
    assert "content-security-policy" not in answer.headers


@pytest.mark.parametrize("path", ["/webhooks/meta/../../api/inbox", "//api/inbox", "/%61pi/inbox", "/api//inbox"])
async def test_no_way_of_writing_the_path_passes_the_guards(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, follow_redirects=False)
    assert answer.status_code in (303, 401, 403, 404)


async def test_it_starts_while_redis_is_away(database: str) -> None:
    settings = read_settings(
        {"DATABASE_URL": database, "MAJLIS_KEY": generate_key(), "REDIS_URL": "redis://127.0.0.1:1/0"}
    )
    application = Application(settings)
    # Redis being away is no reason not to start.
    await application.start()
    await application.stop()
