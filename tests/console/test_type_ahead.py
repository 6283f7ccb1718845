"""From "Accept" to the open composer: no letter is lost, and none acts as a key."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from console import stand_in_scenes as scenes
from console.conftest import Open
from console.stand_in_world import World
from console.test_inbox_page import busy
from playwright.async_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = "Dear Ms Rahmani, entering the request now"


@asynccontextmanager
async def held_back(page: Page, pattern: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Answers to this address wait until `let_go` is called."""
    gate = asyncio.Event()

    async def wait(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    async def let_go() -> None:
        gate.set()

    await page.route(re.compile(pattern), wait)
    yield let_go
    gate.set()


async def offered(world: World, page: Page) -> None:
    await world.make_offer(scenes.offer(world.now()))
    await expect(page.get_by_role("dialog", name="Khalid Rahmani")).to_be_visible()


async def test_words_typed_while_the_acceptance_travels_reach_the_composer(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    await offered(world, page)
    async with (
        held_back(page, r"/api/offers/\d+/accept") as accepted,
        held_back(page, r"/api/conversations/91$") as opened,
    ):
        await page.keyboard.press("Alt+a")
        await page.keyboard.type(WORDS[:15])
        await accepted()
        await expect(page).to_have_url(re.compile("/inbox/91$"))
        await page.keyboard.type(WORDS[15:30])
        await opened()
    field = page.locator(".composer-field")
    await expect(field).to_be_focused()
    await page.keyboard.type(WORDS[30:])
    await expect(field).to_have_value(WORDS)
    assert not [path for _, path, _ in world.requests if path.endswith(("/decline", "/resolve", "/hand-back"))]


async def test_they_never_fall_into_the_draft_of_another_customer(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await page.locator(".composer-field").click()
    await page.keyboard.type("For the first one")
    await offered(world, page)
    async with held_back(page, r"/api/offers/\d+/accept") as accepted:
        await page.keyboard.press("Alt+a")
        await page.keyboard.type(WORDS)
        await expect(page.locator(".composer-field")).to_have_value("For the first one")
        await accepted()
    await expect(page.get_by_label("Reply to Khalid Rahmani")).to_have_value(WORDS)


async def test_a_lost_offer_leaves_nothing_behind(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    await offered(world, page)
    world.offers.clear()
    ran_out = page.get_by_text("The offer ran out.")
    # A sheet that has only just come ignores the first press.
    while not await ran_out.is_visible():
        await page.keyboard.press("Alt+a")
        await page.wait_for_timeout(100)
    await expect(page.locator("textarea")).to_have_count(0)


async def test_a_conversation_that_does_not_open_keeps_them_as_a_draft(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/2")
    async with held_back(page, r"/api/conversations/1$") as opened:
        await page.locator('.conversation[data-id="1"] a').click()
        await expect(page.get_by_text("Opening…")).to_be_visible()
        await page.keyboard.type("Hello, entering")
        world.broken = True
        await opened()
    await expect(page.get_by_text("It could not be opened")).to_be_visible()
    await expect(page.locator('.conversation[data-id="1"]')).to_contain_text("Hello, entering")
