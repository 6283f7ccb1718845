"""Two customers made one by hand, and parted again."""

import pytest
from console.conftest import Open
from console.test_kinds_shown import every
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_supervisor_finds_compares_merges_and_parts(open_console: Open) -> None:
    world = every()
    world.me["rights"]["supervise"] = True
    page = await open_console(world, "/inbox/51")
    await page.get_by_role("button", name="Merge with another customer").click()
    dialog = page.get_by_role("dialog", name="Merge with another customer")
    await expect(dialog.get_by_label("Name, handle or number")).to_be_focused()
    await page.keyboard.type("nobody at all")
    await expect(dialog.get_by_text("Nobody else is found by that.")).to_be_visible()
    await dialog.get_by_label("Name, handle or number").fill("wei")
    await dialog.get_by_role("button", name="Wei Zhang").click()
    await expect(dialog.locator(".merge-side")).to_have_count(2)
    await expect(dialog.locator(".merge-side").first).to_contain_text("Maryam Al-Suwaidi")
    await expect(dialog.locator(".merge-side").last).to_contain_text("+971 50 000 0554")
    await dialog.get_by_role("button", name="Make them one").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("Merged by Lina Haddad")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Two customers again")).to_be_visible()
    await expect(page.get_by_text("Merged by Lina Haddad")).to_have_count(0)


async def test_a_refused_merge_says_why(open_console: Open) -> None:
    world = every()
    world.me["rights"]["supervise"] = True
    page = await open_console(world, "/inbox/51")
    await page.get_by_role("button", name="Merge with another customer").click()
    await page.keyboard.type("wei")
    await page.get_by_role("dialog").get_by_role("button", name="Wei Zhang").click()
    world.refuse_next = (409, {"type": "/problems/conflict", "status": 409, "detail": "They were merged already."})
    await page.get_by_role("button", name="Make them one").click()
    await expect(page.get_by_role("alert").filter(has_text="They were merged already.")).to_be_visible()


async def test_an_advisor_is_not_asked(open_console: Open) -> None:
    page = await open_console(every(), "/inbox/51")
    await page.locator(".context").wait_for()
    await expect(page.get_by_role("button", name="Merge with another customer")).to_have_count(0)
