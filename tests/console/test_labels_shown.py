"""Labels of a customer: by mouse, by keyboard, and as others change them."""

import pytest
from console.conftest import Open
from console.stand_in_world import World
from console.test_inbox_page import busy
from console.test_sending import until
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_label_is_given_and_taken_off_by_keyboard(open_console: Open, width: int) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1", width=width)
    await page.locator(".composer").wait_for()
    await page.keyboard.press("l")
    complaint = page.get_by_role("button", name="Open complaint")
    await expect(complaint).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(complaint).to_have_attribute("aria-pressed", "true")
    await expect(complaint).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="VIP client")).to_have_attribute("aria-pressed", "false")
    # Shown before it is told.
    await until(lambda: len(_told(world)) == 2)
    assert _told(world) == [("complaint", True), ("vip", False)]


def _told(world: World) -> list[tuple[str, bool]]:
    return [(body["label"], body["on"]) for _, path, body in world.requests if path.endswith("/labels")]


async def test_a_refused_label_is_taken_back_with_a_word(open_console: Open) -> None:
    world = busy()
    world.refused_label = "complaint"
    page = await open_console(world, "/inbox/1")
    await page.get_by_role("button", name="Open complaint").click()
    await expect(page.get_by_text("This sector does not use this label.")).to_be_visible()
    await expect(page.get_by_role("button", name="Open complaint")).to_have_attribute("aria-pressed", "false")


async def test_what_a_colleague_labels_is_seen_at_once(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    head = page.locator(".thread-head .thread-label")
    await expect(head).to_have_text(["VIP client"])
    await world.label(1, "complaint", on=True)
    await expect(head).to_have_text(["Open complaint", "VIP client"])
    await expect(page.get_by_role("button", name="Open complaint")).to_have_attribute("aria-pressed", "true")
