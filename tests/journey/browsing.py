"""People at their browsers: each in a context of their own, and what a page must never do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chromium import MICROPHONE, launched
from playwright.async_api import Browser, Page

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WIDE, PHONE = (1440, 900), (390, 844)
THEMES = ("light", "dark")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with launched(*MICROPHONE) as browser:
        yield browser


class Window:
    """A page and what it did that it should not: errors, broken policies, loads nobody asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.loads = 0
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1


@asynccontextmanager
async def window(
    browser: Browser, size: tuple[int, int] = WIDE, *, scheme: str = "light", scale: float = 1
) -> AsyncIterator[Window]:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", device_scale_factor=scale,
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    context.set_default_timeout(20_000)
    try:
        yield Window(await context.new_page())
    finally:
        await context.close()


async def sign_in(page: Page, link: str) -> None:
    """By the one-time link: it asks for one press, so that a preview of the link does not use it up."""
    await page.goto(link)
    await page.locator("form button[type=submit]").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def go_online(page: Page) -> None:
    """Nobody is offered anything before the first press."""
    await page.get_by_role("button", name="Go online").click()
    await page.locator('.presence-mark[data-presence="online"]').first.wait_for()


async def violations(page: Page) -> list[Any]:
    """What axe finds on the page as it is, in both themes; and whether it is wider than its window."""
    # By the protocol, not by a script element: the page's own policy forbids those.
    await page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: list[Any] = []
    for theme in THEMES:
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (theme, rule["id"], [(node["target"], node["html"][:120]) for node in rule["nodes"]])
            for rule in result["violations"]
        ]
    past_the_edge = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{past_the_edge} px past the edge"] if past_the_edge > 0 else [])
