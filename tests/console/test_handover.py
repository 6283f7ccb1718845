"""Keys, offers and conversations that others move: nothing happens to somebody who believes to be writing."""

import re
from typing import Any

import pytest
from console import stand_in_scenes as scenes
from console.conftest import Open
from console.test_inbox_page import busy
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_opened_conversation_is_written_to_at_once_and_letters_do_not_act(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox")
    await page.locator('.conversation[data-id="1"] a').click()
    await page.keyboard.type("then we return")
    await expect(page.locator(".composer-field")).to_have_value("then we return")
    await page.keyboard.press("Escape")
    await page.keyboard.type("et")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_role("button", name="Cancel")).to_be_focused()


async def test_the_urgent_offer_stands_in_front(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    calm = scenes.offer(world.now(), number=31)
    calm["conversation"] |= {"priority": "normal"}
    await world.make_offer(calm)
    await expect(page.locator(".offer")).to_have_attribute("data-priority", "normal")
    await world.make_offer(scenes.offer(world.now(), number=32, seconds=55))
    sheet = page.locator(".offer")
    await expect(sheet).to_have_attribute("data-priority", "urgent")
    await page.keyboard.press("Alt+a")
    assert len(world.offers) == 2, "meant for the offer that stood here a moment ago"
    await page.wait_for_timeout(600)
    await page.keyboard.press("Alt+d")
    await expect(page.get_by_role("button", name="Not my subject")).to_be_visible()


async def test_what_others_move_is_said_and_a_draft_is_kept(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    nadia: dict[str, Any] = {"actor": "user:70", "actor_name": "Nadia Rashid", "data": {"advisor_id": world.me["id"]}}
    await world.push(2, "ConversationAssigned", **nadia)
    await expect(page.get_by_text("Nadia Rashid gave you")).to_be_visible()
    await expect(page.locator('.conversation[data-id="2"]')).to_have_attribute("data-unread", "")
    await page.locator(".composer-field").click()
    await page.keyboard.type("Half an answer")
    world.summaries[1]["owner"] = {"id": 71, "name": "ليلى حداد"}
    await world.push(1, "ConversationReleased", **nadia)
    await expect(
        page.get_by_text(re.compile("was passed to \u2068ليلى حداد\u2069. Your draft is kept."))
    ).to_be_visible()
    kept = await page.evaluate("Object.entries(localStorage).map(([, value]) => value).join()")
    assert "Half an answer" in kept
    await page.locator("#presence button").click()
    await expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
