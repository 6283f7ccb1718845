"""What one does with a message: reacting and quoting by mouse, by keyboard and by touch; copying; its history."""

import re

import pytest
from console.acts import open_attempts, reads
from console.conftest import Open
from console.stand_in_data import iso, message, quote_of
from console.stand_in_world import World
from console.test_kinds_shown import every
from console.test_sending import until
from playwright.async_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IN, INSTAGRAM, OURS = "/inbox/51", "/inbox/52", "/inbox/54"


def thursday(page: Page) -> Locator:
    return page.locator(".message", has_text="I meant Thursday")


async def test_a_reaction_is_put_on_and_taken_off_by_mouse(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    await thursday(page).locator(".bubble").hover()
    await thursday(page).get_by_role("button", name="React", exact=True).click()
    await page.get_by_role("menuitemradio", name="🙏").click()
    ours = thursday(page).get_by_role("button", name="🙏 from us")
    await expect(ours).to_be_visible()
    await expect(page.locator(".popover")).to_have_count(0)
    await ours.click()
    await expect(ours).to_have_count(0)
    # Shown before it is told.
    await until(lambda: len(_reacted(world)) == 2)
    assert _reacted(world) == ["🙏", ""]


def _reacted(world: World) -> list[str]:
    return [body["emoji"] for _, path, body in world.requests if path.endswith("/reaction")]


async def test_a_reaction_by_keyboard_alone(open_console: Open) -> None:
    page = await open_console(every(), IN)
    await page.keyboard.press("m")
    await expect(page.locator(".message").last).to_be_focused()
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu", name="What to do with this message")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(thursday(page).locator(".reaction")).to_have_text(re.compile("❤️"))
    await expect(thursday(page)).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.locator(".popover")).to_have_count(0)
    await expect(page).to_have_url(re.compile("/inbox/51$"))


async def test_a_reaction_by_touch(open_console: Open) -> None:
    page = await open_console(every(), IN, width=390, height=844, touch=True)
    await thursday(page).scroll_into_view_if_needed()
    await thursday(page).get_by_role("button", name="What to do with this message").tap()
    await page.get_by_role("menuitemradio", name="👍").tap()
    await expect(thursday(page).locator(".reaction")).to_have_text(re.compile("👍"))


async def test_a_long_touch_opens_the_menu_and_a_pull_quotes(open_console: Open) -> None:
    page = await open_console(every(), IN, width=390, height=844, touch=True)
    bubble = thursday(page).locator(".bubble")
    await bubble.scroll_into_view_if_needed()
    finger = {"pointerType": "touch", "isPrimary": True, "pointerId": 5, "bubbles": True}
    await bubble.dispatch_event("pointerdown", finger | {"clientX": 50, "clientY": 300})
    await expect(page.get_by_role("menu", name="What to do with this message")).to_be_visible()
    await page.keyboard.press("Escape")
    await bubble.dispatch_event("pointerdown", finger | {"clientX": 50, "clientY": 300})
    await bubble.dispatch_event("pointermove", finger | {"clientX": 130, "clientY": 305})
    await bubble.dispatch_event("pointerup", finger | {"clientX": 130, "clientY": 305})
    await expect(page.locator(".quoted-chip")).to_contain_text("I meant Thursday")


async def test_any_emoji_may_be_typed_and_letters_are_not_one(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="More emoji").click()
    field = page.get_by_label("Another emoji")
    await field.fill("ok")
    await field.press("Enter")
    await expect(page.get_by_text("That is not an emoji.")).to_be_visible()
    await field.fill("🐫 camel")
    await field.press("Enter")
    await expect(thursday(page).locator(".reaction")).to_have_text(re.compile("🐫"))


async def test_instagram_takes_one_sign(open_console: Open) -> None:
    page = await open_console(every(), INSTAGRAM)
    await page.locator('.message[data-kind="postback"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitemradio")).to_have_text(["❤️"])
    await expect(page.get_by_role("menuitem", name="More emoji")).to_have_count(0)


async def test_a_refused_reaction_is_taken_off_with_a_word(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    world.refuse_next = (422, {"type": "/problems/invalid", "status": 422, "detail": "Too old to react."})
    await page.get_by_role("menuitemradio", name="😢").click()
    await expect(page.get_by_text("Too old to react.")).to_be_visible()
    await expect(thursday(page).locator(".reaction")).to_have_count(0)


async def test_the_customers_reaction_comes_as_it_happens(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    said = next(one for one in world.threads[54]["messages"] if one["text"] == "Have a look at these two.")
    said["reactions"] = [{"emoji": "🎉", "by": "customer"}]
    await world.push(54, "MessageReacted", message=said, data={"message_id": said["id"]})
    await expect(page.locator(f"#message-{said['id']} .reaction")).to_have_attribute("title", "Wei Zhang")
    await expect(page.locator(f"#message-{said['id']} .reaction")).to_have_text(re.compile("🎉"))


async def test_a_quote_is_chosen_sent_and_found_again(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    await page.locator(".message", has_text="My passport").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Reply to this").click()
    await expect(page.locator(".composer-field")).to_be_focused()
    await page.keyboard.type("Thank you, it is readable.")
    await page.keyboard.press("Enter")
    sent = page.locator(".message").last
    await expect(sent.locator(".quote")).to_contain_text("My passport, first page")
    await expect(sent.locator(".quote img")).to_have_attribute("src", "/api/attachments/11/thumbnail")
    await sent.locator(".quote").click()
    photo = page.locator(".message", has_text="My passport").first
    await expect(photo).to_be_focused()
    await expect(photo).to_be_in_viewport()


async def test_a_quoted_message_far_above_is_read_from_the_server(open_console: Open) -> None:
    world = every()
    held, of = world.threads[54], world.summaries[54]
    old = [message(40_000 + n, 54, "customer", f"Long ago {n}", of["opened_at"]) for n in range(120)]
    held["messages"][:0] = old
    held["messages"][-1]["reply_to"] = quote_of(old[3])
    page = await open_console(world, OURS)
    await page.get_by_role("button", name=reads("Long ago 3")).click()
    await expect(page.locator("#message-40003")).to_be_focused()
    await expect(page.locator("#message-40003")).to_be_in_viewport()


async def test_words_are_copied(open_console: Open) -> None:
    page = await open_console(every(), IN, permissions=("clipboard-read", "clipboard-write"))
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Copy the words").click()
    await expect(page.get_by_text("Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "I meant Thursday, not Tuesday"


async def test_how_often_a_message_was_tried(open_console: Open) -> None:
    page = await open_console(every(), OURS)
    await open_attempts(page)
    tried = page.get_by_role("dialog", name="History of sending").get_by_role("listitem")
    await expect(tried).to_have_count(2)
    await expect(tried.first).to_contain_text("Meta asked us to slow down.")
    await expect(tried.first).to_contain_text("Meta was asked 3 times")
    await expect(tried.last).to_contain_text("Taken by Meta")


async def test_who_only_reads_can_only_copy_and_look(open_console: Open) -> None:
    world = every()
    world.threads[51]["may"] |= {"reply": False}
    page = await open_console(world, IN)
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Copy the words")).to_be_visible()
    await expect(page.get_by_role("menuitemradio")).to_have_count(0)
    await expect(page.get_by_role("menuitem", name="Reply to this")).to_have_count(0)


async def test_what_it_said_before_is_shown_on_demand(open_console: Open) -> None:
    page = await open_console(every(), IN)
    await thursday(page).get_by_role("button", name="Edited").click()
    before = page.get_by_role("dialog", name="What it said before")
    await expect(before.locator("li")).to_have_count(2)
    await expect(before.locator("li").first).to_contain_text("I will come on Tusday")
    await expect(before.get_by_role("link")).to_have_attribute("href", "https://example.org/plan")
    await page.keyboard.press("Escape")
    await expect(before).to_have_count(0)
    await expect(thursday(page).get_by_role("button", name="Edited")).to_be_focused()


async def test_and_by_keyboard(open_console: Open) -> None:
    page = await open_console(every(), IN)
    await thursday(page).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitem", name="What it said before")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="What it said before")).to_be_visible()
    await page.keyboard.press("Enter")  # on what has the focus: the way out
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(thursday(page)).to_be_focused()


async def test_a_further_edit_arrives(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    [found] = [one for one in world.threads[51]["messages"] if one["text"].startswith("I meant Thursday")]
    at = iso(world.now())
    found["earlier"].append({"text": found["text"], "replaced_at": at})
    found |= {"text": "I mean Friday now", "edited_at": at}
    await world.push(51, "MessageEdited", actor="customer", message=found, data={"message_id": found["id"]})
    edited = page.locator(".message", has_text="I mean Friday now")
    await edited.get_by_role("button", name="Edited").click()
    await expect(page.get_by_role("dialog").locator("li").last).to_contain_text("I meant Thursday, not Tuesday")


async def test_edited_without_its_earlier_words_is_only_said(open_console: Open) -> None:
    world = every()
    for one in world.threads[51]["messages"]:
        one["earlier"] = []
    page = await open_console(world, IN)
    await expect(thursday(page).locator(".message-edited")).to_have_text("Edited")
    await expect(thursday(page).get_by_role("button", name="Edited")).to_have_count(0)
