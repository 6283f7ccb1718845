"""What the console says stands in nobody's way: not over the presence menu, the composer, nor an offer."""

from itertools import combinations

import pytest
from console.conftest import Open
from console.test_accessible import told
from console.test_inbox_page import busy
from playwright.async_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("details", ["open", "closed"])
async def test_toasts_cover_neither_menu_nor_composer_nor_offer(
    open_console: Open, width: int, language: str, details: str
) -> None:
    world = busy(language=language)
    page = await open_console(world, "/inbox/1", width=width)
    await page.locator(".composer").wait_for()
    if width >= 1100 and details == "closed":
        await page.locator(".thread-acts [aria-pressed]").click()
    await told(page, world)
    things = [page.locator(one) for one in (".toasts", ".thread-head", ".composer", ".offer")]
    if width > 700:
        # On a phone an open conversation has the whole screen.
        await page.locator("#presence button").click()
        things.append(page.locator("#presence .menu"))
    await expect_apart(*things)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_on_a_phone_the_list_keeps_its_menu_clear(open_console: Open, language: str) -> None:
    world = busy(language=language)
    page = await open_console(world, "/inbox", width=390)
    await told(page, world)
    await expect_apart(page.locator(".toasts"), page.locator(".offer"), page.locator(".rail"))
    await page.locator("#presence button").click()
    await expect_apart(page.locator(".toasts"), page.locator("#presence .menu"))


async def test_what_is_under_the_corner_can_still_be_pressed(open_console: Open) -> None:
    page = await open_console(busy(), "/inbox/1", width=1440)
    await page.locator(".label-switch").first.click(timeout=3000)
    await expect_pressed(page)


async def expect_pressed(page: Page) -> None:
    assert await page.locator(".label-switch").first.get_attribute("aria-pressed") == "true"


async def expect_apart(*things: Locator) -> None:
    boxes = {thing: await thing.bounding_box() for thing in things}
    for one, other in combinations(things, 2):
        a, b = boxes[one], boxes[other]
        assert a, one
        assert b, other
        beside = a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
        above = a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1
        assert beside or above, (one, a, other, b)
