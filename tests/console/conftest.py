"""A browser on the stand-in server: one Chromium for the session, so its tests share the session's loop."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from aiohttp import web
from chromium import MICROPHONE, launched
from console.stand_in import application
from console.stand_in_world import World
from playwright.async_api import Browser, Page

Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with launched(*MICROPHONE) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def open_console(chromium: Browser) -> AsyncIterator[Open]:
    """`await open_console(world, "/inbox/1", width=390)` → the page; what the page complains of fails the test."""
    runners: list[web.AppRunner] = []
    pages: list[Page] = []
    complaints: list[str] = []

    async def open_(world: World, path: str = "/inbox", *, width: int = 1440, height: int = 900, scheme: str = "light",
                    touch: bool = False, permissions: tuple[str, ...] = ()) -> Page:  # fmt: skip
        runner = web.AppRunner(application(world))
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, reduced_motion="reduce",
            color_scheme="dark" if scheme == "dark" else "light", permissions=list(permissions),
        )  # fmt: skip
        page = await context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
        await page.goto(f"http://127.0.0.1:{port}{path}")
        await page.wait_for_selector(".list-views", state="attached")
        return page

    yield open_
    for page in pages:
        await page.context.close()
    for runner in runners:
        await runner.cleanup()
    assert complaints == []
