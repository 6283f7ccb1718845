"""Writing: drafts, limits, sending through a broken line, stale replies, failures, leaving with undo."""

import asyncio
from collections.abc import Callable

import pytest
from console.conftest import Open
from console.stand_in_world import World
from console.test_inbox_page import busy
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def write(page: Page, text: str) -> None:
    await page.locator(".composer-field").fill(text)


def replies(world: World) -> list[tuple[str, str]]:
    return [(body["command_id"], body["text"]) for _, path, body in world.requests if path.endswith("/replies")]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_reply_is_shown_at_once_and_its_ticks_move(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await write(page, "Yes, until Wednesday.")
    await page.keyboard.press("Enter")
    last = page.locator(".message").last
    await expect(last).to_contain_text("Yes, until Wednesday.")
    await expect(page.locator(".composer-field")).to_have_value("")
    sent = world.threads[1]["messages"][-1]
    for status, words in (("sent", "Sent"), ("delivered", "Delivered"), ("read", "Read")):
        await world.moves(1, sent["id"], status)
        await expect(last.locator(".ticks")).to_have_attribute("title", words)
    assert await page.get_by_text("Yes, until Wednesday.").count() == 2  # the bubble and the row


async def test_a_message_that_waits_says_why_until_it_leaves(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/3")
    last = page.locator(".message").last
    await expect(last).to_contain_text("Not sent yet. This channel is disconnected from Meta.")
    await world.moves(3, world.threads[3]["messages"][-1]["id"], "sent")
    await expect(last.locator(".ticks")).to_have_attribute("title", "Sent")
    await expect(page.get_by_text("Not sent yet.")).to_have_count(0)
    # What was just written is not complained about.
    await write(page, "And one more.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("And one more.")
    await expect(page.get_by_text("Not sent yet.")).to_have_count(0)


async def test_a_broken_line_sends_once_with_one_id_and_in_order(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    world.broken = True
    for text in ("First", "Second"):
        await write(page, text)
        await page.keyboard.press("Enter")
    await expect(page.get_by_text("No connection. It goes out by itself")).to_be_visible()
    world.broken = False
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator(".message").last).to_contain_text("Second")
    await until(lambda: world.threads[1]["messages"][-1]["text"] == "Second")
    await expect(page.get_by_text("No connection. It goes out by itself")).to_have_count(0)
    texts = [text for _, text in replies(world)]
    assert texts.count("First") >= 2
    assert len({key for key, text in replies(world) if text == "First"}) == 1
    assert [one["text"] for one in world.threads[1]["messages"][-2:]] == ["First", "Second"]


async def test_an_unsent_reply_survives_the_page(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    world.broken = True
    await write(page, "Written before the crash")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("No connection. It goes out by itself")).to_be_visible()
    world.broken = False
    await page.reload()
    await expect(page.locator(".message").last).to_contain_text("Written before the crash")
    await page.wait_for_function("!localStorage.getItem('majlis:unsent:7')")
    assert world.threads[1]["messages"][-1]["text"] == "Written before the crash"


async def test_drafts_are_kept_here_and_on_the_server(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await write(page, "Half a sent")
    await until(lambda: world.threads[1]["draft"] == "Half a sent")
    await page.reload()
    await expect(page.locator(".composer-field")).to_have_value("Half a sent")
    await expect(page.locator('.conversation[data-id="1"]')).to_contain_text("Draft")
    await page.locator(".composer-field").press("Enter")
    await until(lambda: world.threads[1]["draft"] == "")


async def test_a_stale_reply_shows_what_changed_and_goes_only_when_asked(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await write(page, "Yes, until Wednesday.")
    await world.colleague_replies(1, "Omar here: until Wednesday.")
    await expect(page.locator(".stale-banner")).to_contain_text("Omar Nasser replied.")
    await page.locator(".composer-field").press("Enter")
    trouble = page.get_by_role("alert").filter(has_text="Omar Nasser replied while you were writing.")
    await expect(trouble).to_be_visible()
    await trouble.get_by_role("button", name="Keep editing").click()
    await expect(page.locator(".composer-field")).to_have_value("Yes, until Wednesday.")
    await write(page, "As Omar says.")
    await page.locator(".composer-field").press("Enter")
    await expect(page.locator(".message").last).to_contain_text("As Omar says.")
    await expect(trouble).to_have_count(0)


async def test_send_anyway_is_based_on_what_is_seen_now(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await write(page, "My own answer")
    await world.colleague_replies(1, "Omar here.")
    await page.locator(".composer-field").press("Enter")
    await page.get_by_role("button", name="Send anyway").click()
    await expect(page.locator(".message").last).to_contain_text("My own answer")
    await until(lambda: len({key for key, text in replies(world) if text == "My own answer"}) == 2)


async def test_new_customer_messages_do_not_make_a_reply_stale(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    await write(page, "Yes.")
    await world.customer_writes(1, "Hello?")
    await page.locator(".composer-field").press("Enter")
    await expect(page.locator(".message").last).to_contain_text("Yes.")


async def test_limits_are_the_channels_own(open_console: Open) -> None:
    page = await open_console(busy(), "/inbox/1")  # Instagram: 1,000 bytes
    await write(page, "م" * 450)
    await expect(page.locator(".composer-limit")).to_have_text("100 left of 1,000 bytes")
    await write(page, "م" * 501)
    await expect(page.locator(".composer-limit")).to_have_text("2 too many. Instagram takes 1,000 bytes.")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()


async def test_a_closed_window_is_explained_and_keeps_the_draft(open_console: Open) -> None:
    page = await open_console(busy(), "/inbox/4")
    await expect(page.get_by_text("You can reply as soon as Ana writes again.")).to_be_visible()
    await expect(page.get_by_text("Yes, I am here. Sorry that you had to")).to_be_visible()
    await page.get_by_role("radio", name="Note").check()
    await write(page, "She must write first.")
    await page.locator(".composer-field").press("Enter")
    await expect(page.locator(".note")).to_contain_text("She must write first.")


async def test_a_note_in_the_making_survives_a_restart(
    open_console: Open,
) -> None:
    page = await open_console(busy(), "/inbox/1")
    noting = page.get_by_role("radio", name="Note")
    await noting.check()
    await write(page, "Asked for the fee table")
    await page.reload()
    await expect(page.locator(".composer-field")).to_have_value("")
    await noting.check()
    await expect(page.locator(".composer-field")).to_have_value("Asked for the fee table")
    await page.locator(".composer-field").press("Enter")
    await expect(page.locator(".note").last).to_contain_text("Asked for the fee table")
    await page.reload()
    await noting.check()
    await expect(page.locator(".composer-field")).to_have_value("")


async def test_failures_say_what_happened_and_offer_what_helps(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    failed = page.locator("#message-1010")
    await expect(failed).to_contain_text("WhatsApp could not deliver to this number.")
    await expect(page.locator("#message-1011")).to_contain_text("May have been sent – check before you send it again.")
    await expect(page.locator("#message-1012").get_by_role("button", name="Try again")).to_have_count(0)
    await failed.get_by_role("button", name="Try again").click()
    await expect(failed.locator(".ticks")).to_have_attribute("title", "Waiting to be sent")
    await page.locator("#message-1011").get_by_role("button", name="Leave it").click()
    await expect(page.locator("#message-1011")).to_contain_text("Discarded")


async def test_resolving_waits_for_an_undo(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/3")
    await page.keyboard.press("Alt+e")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator('.conversation[data-id="3"]')).to_be_visible()
    assert not [path for _, path, _ in world.requests if path.endswith("/resolve")]


async def test_a_customer_who_writes_again_keeps_it_open(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/3")
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await world.customer_writes(3, "One more thing")
    await expect(page.get_by_text("Kept open:")).to_be_visible()
    assert not [path for _, path, _ in world.requests if path.endswith("/resolve")]


async def test_an_unanswered_customer_is_not_resolved_without_a_word(open_console: Open) -> None:
    page = await open_console(busy(), "/inbox/1")
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_role("dialog", name="Resolve without an answer?")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("heading", name="Maryam Al-Suwaidi")).to_be_visible()


async def test_closing_the_page_carries_out_what_was_announced(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/3")
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.goto("about:blank")
    await until(lambda: world.summaries[3]["state"] == "resolved")
