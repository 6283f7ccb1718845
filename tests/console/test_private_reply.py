"""Somebody who only commented: the composer offers one private reply, says so, and closes until they answer."""

import pytest
from console.conftest import Open
from console.stand_in_data import LIMITS, ahead, window
from console.stand_in_speaking import sent_kinds
from console.stand_in_world import World
from console.test_kinds_shown import every
from console.test_sending import until
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TALK = 56
SPENT = "They have not answered in private yet: one private reply to a comment is all Meta allows."


def commented() -> World:
    world = every()
    ends = ahead(world.now(), days=6)
    of, thread = world.summaries[TALK], world.threads[TALK]
    of |= {"channel": "instagram", "window_closes_at": None, "people_until": None,
           "private_reply": {"until": ends, "answered": False}}  # fmt: skip
    thread |= {"window": window(of), "limits": LIMITS["instagram"]}
    return world


async def test_one_text_and_nothing_else_is_offered(open_console: Open) -> None:
    world = commented()
    page = await open_console(world, f"/inbox/{TALK}")
    await expect(page.get_by_text("One private reply to their comment, until")).to_be_visible()
    await expect(page.locator(".composer-tools")).to_have_count(0)
    await page.locator(".composer-field").fill("From 10,000 pounds.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await until(lambda: [body["text"] for _, path, body in world.requests if path.endswith("/replies")] != [])
    assert sent_kinds(world) == []


async def test_afterwards_it_says_why_no_more_goes_and_opens_when_they_write(open_console: Open) -> None:
    world = commented()
    page = await open_console(world, f"/inbox/{TALK}")
    await page.locator(".composer-field").fill("One more thing")
    world.summaries[TALK]["private_reply"]["answered"] = True
    await world.change(TALK, "ConversationRead")
    await expect(page.get_by_text(SPENT)).to_be_visible()
    await expect(page.get_by_text("You can reply as soon as Jonas Bergström writes again.")).to_be_visible()
    await expect(page.locator(".kept-draft")).to_contain_text("One more thing")
    world.summaries[TALK] |= {"private_reply": None, "window_closes_at": ahead(world.now(), hours=24)}
    await world.customer_writes(TALK, "Thank you")
    await expect(page.locator(".composer-field")).to_have_value("One more thing")
    await expect(page.locator(".composer-tools")).to_be_visible()


async def test_when_the_seven_days_are_over_it_says_so(open_console: Open) -> None:
    world = commented()
    ends = ahead(world.now(), seconds=3)
    world.summaries[TALK]["private_reply"]["until"] = world.threads[TALK]["window"]["until"] = ends
    page = await open_console(world, f"/inbox/{TALK}")
    await expect(page.locator(".composer-field")).to_be_visible()
    await expect(page.get_by_text("More than 7 days have passed since their comment")).to_be_visible()
