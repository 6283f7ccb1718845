"""What is on the screen is the truth, or says that it may not be."""

import asyncio

import pytest
from console.conftest import Open
from console.stand_in_data import ago, message, summary, thread
from console.stand_in_world import World
from console.test_inbox_page import busy
from console.test_sending import until
from playwright.async_api import Locator, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_lost_push_is_noticed_by_the_beat(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await expect(page.locator("#connection")).to_contain_text("Live")
    await world.customer_writes(1, "Lost on the way", quiet=True)
    await expect(page.locator(".message").last).to_contain_text("Lost on the way")


async def test_a_lost_push_is_noticed_by_the_gap(open_console: Open) -> None:
    world = busy()
    world.beats = False
    page = await open_console(world, "/inbox/1")
    await expect(page.locator("#connection")).to_contain_text("Live")
    await world.customer_writes(1, "Lost on the way", quiet=True)
    await world.customer_writes(1, "The next one")
    await expect(page.locator(".message").filter(has_text="Lost on the way")).to_be_visible()
    texts = await page.locator(".message .message-text").all_inner_texts()
    assert texts[-2:] == ["Lost on the way", "The next one"]


async def test_after_a_break_everything_is_caught_up(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await expect(page.locator("#connection")).to_contain_text("Live")
    await page.context.set_offline(True)
    await expect(page.locator("#connection")).to_contain_text("Offline")
    await expect(page.locator(".offline-banner")).to_be_visible()
    await world.customer_writes(1, "Said while you were away")
    await page.context.set_offline(False)
    await expect(page.locator(".message").last).to_contain_text("Said while you were away")
    await expect(page.locator("#connection")).to_contain_text("Live")


async def test_the_server_may_say_that_news_is_late(open_console: Open) -> None:
    world = busy()
    world.live = False
    page = await open_console(world)
    await expect(page.locator("#connection")).to_contain_text("Catching up")


async def test_what_somebody_took_over_can_no_longer_be_answered(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await expect(page.locator(".composer-field")).to_be_visible()
    await world.change(1, "ConversationAssigned", "Taken over", owner={"id": 8, "name": "Omar Nasser"})
    await expect(page.get_by_role("button", name="Resolve")).to_have_count(0)
    await expect(page.locator('.conversation[data-id="1"]')).to_have_count(0)


async def top_of(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return box["y"]


async def test_older_messages_come_above_and_nothing_moves(open_console: Open) -> None:
    world = World()
    now = world.now()
    of = summary(1, now)
    lines = [
        message(
            100 + n, 1, ("advisor", "customer")[n % 2], f"Line {n} " + "word " * (n % 30), ago(now, minutes=300 - n)
        )
        for n in range(160)
    ]
    world.hold((of, thread(of, lines)))
    page = await open_console(world, "/inbox/1")
    await expect(page.locator(".message")).to_have_count(50)
    box = page.locator(".timeline")
    await box.evaluate("box => box.scrollTo(0, 300)")
    await page.wait_for_timeout(100)
    first = page.locator("#message-215")
    before = await top_of(first)
    await box.evaluate("box => box.scrollBy(0, -150)")
    await expect(page.locator(".message")).to_have_count(100)
    await page.wait_for_timeout(100)
    assert abs(await top_of(first) - before - 150) < 2
    await box.evaluate("box => box.scrollTo(0, 0)")
    await expect(page.locator(".message")).to_have_count(150)
    # Without the scrolling of a real click: near the top the page reads on by itself, and the button goes.
    await page.get_by_role("button", name="Show earlier messages").dispatch_event("click")
    await expect(page.locator(".message")).to_have_count(160)
    await expect(page.get_by_text("The conversation begins here.")).to_be_attached()


async def test_a_reader_above_is_told_of_new_ones_below(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await page.locator(".timeline").evaluate("box => box.scrollTo(0, 0)")
    await page.wait_for_timeout(100)
    await world.customer_writes(1, "Down here")
    jump = page.get_by_role("button", name="1 new message")
    await jump.click()
    await expect(page.locator(".message").last).to_be_in_viewport()
    await expect(jump).to_have_count(0)


async def test_a_reading_that_was_overtaken_is_read_again(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await expect(page.locator(".composer-field")).to_be_visible()
    overtaken, answered = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        answered.set()
        await overtaken.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/conversations/1", late, times=1)
    await world.change(1, "ConversationAssigned", owner={"id": 8, "name": "Omar Nasser"})
    await answered.wait()
    await world.change(1, "ConversationAssigned", "Given back", owner={"id": world.me["id"], "name": world.me["name"]})
    await expect(page.locator(".fact", has_text="Given back")).to_be_visible()
    read: list[str] = []
    page.on("response", lambda each: read.append(each.url) if each.url.endswith("/api/conversations/1") else None)
    overtaken.set()
    await until(lambda: len(read) == 2)
    await expect(page.locator(".composer-field")).to_be_visible()
