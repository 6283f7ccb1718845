from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from chromium import launched
from live_server import LiveServer, live_server
from playwright.async_api import Browser, Page
from preview_pages import preview_app


@pytest.fixture
async def server(database: str) -> AsyncIterator[LiveServer]:
    """A web process of ours on a port of its own."""
    async with live_server(database) as running:
        yield running


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """The address of the pages on made-up data."""
    server = TestServer(preview_app())
    await server.start_server()
    yield str(server.make_url("/")).rstrip("/")
    await server.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest.fixture
async def page(browser: Browser) -> Page:
    return await browser.new_page(viewport={"width": 1440, "height": 900})
