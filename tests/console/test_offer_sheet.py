"""Offers: seen and heard by everybody, in nobody's way."""

import re

import pytest
from console import stand_in_scenes as scenes
from console.conftest import Open
from console.stand_in_world import World
from console.test_inbox_page import busy
from console.test_sending import until
from playwright.async_api import expect

# What reaches the loudspeaker and the desktop: their ends are the machine's, which the tests have none of.
_LISTEN = """() => {
  window.heard = [];
  window.Notification = class { static permission = "granted"; constructor(title) { heard.unshift(title); } };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { heard.push(this.frequency.value); return start.call(this, at); };
}"""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_offer_says_who_what_and_why_and_enter_accepts(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    await world.make_offer(scenes.offer(world.now()))
    sheet = page.get_by_role("dialog", name="Khalid Rahmani")
    await expect(sheet).to_contain_text("I want to move 200,000 into the income fund today.")
    await expect(sheet).to_contain_text("Urgent · Arabic · Investments")
    await expect(sheet).to_be_focused()
    await page.wait_for_timeout(600)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/inbox/91$"))
    await expect(sheet).to_have_count(0)
    await expect(page.locator('.conversation[data-id="91"]')).to_be_visible()
    await expect(page.get_by_label("Reply to Khalid Rahmani")).to_be_visible()


@pytest.mark.parametrize("wanted", [True, False])
async def test_it_is_heard_and_shown_on_the_desktop_by_choice(open_console: Open, wanted: bool) -> None:
    world = busy()
    world.me["preferences"] |= {"sound": wanted, "desktop_notices": wanted}
    page = await open_console(world, permissions=("notifications",))
    await page.evaluate(_LISTEN)
    await page.locator("body").press("Shift")  # browsers let nothing sound before somebody did something
    await page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    await world.make_offer(scenes.offer(world.now()))
    await expect(page.get_by_role("dialog", name="Khalid Rahmani")).to_be_visible()
    heard = ["Khalid Rahmani is waiting for you", 660, 880]
    if wanted:
        await page.wait_for_function("heard.length === 3")
    assert await page.evaluate("heard") == (heard if wanted else [])


async def test_it_never_takes_the_focus_from_writing(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1")
    field = page.locator(".composer-field")
    await field.click()
    await page.keyboard.type("I am wri")
    await world.make_offer(scenes.offer(world.now()))
    await expect(page.get_by_role("dialog", name="Khalid Rahmani")).to_be_visible()
    await page.keyboard.type("ting this")
    await expect(field).to_have_value("I am writing this")
    await page.keyboard.press("Alt+a")
    await expect(page).to_have_url(re.compile("/inbox/91$"))


async def test_a_key_meant_for_something_else_does_not_accept(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    await world.make_offer(scenes.offer(world.now()))
    await expect(page.get_by_role("dialog", name="Khalid Rahmani")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(200)
    assert [offer["id"] for offer in world.offers] == [31]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_on_a_phone_it_is_one_line_beside_a_conversation(open_console: Open, language: str) -> None:
    world = busy(language=language)
    page = await open_console(world, "/inbox/1", width=390, height=844, touch=True)
    await page.locator(".composer").wait_for()
    await world.make_offer(scenes.offer(world.now()))
    sheet = page.get_by_role("dialog", name="Khalid Rahmani")
    await expect(sheet.get_by_role("timer")).to_be_visible()
    await expect(sheet.locator(".offer-facts")).to_be_hidden()
    box = await sheet.bounding_box()
    assert box
    assert box["height"] < 72
    field = page.locator(".composer-field")
    await field.tap()
    await field.fill("One moment, please.")
    await page.locator(".composer-send").tap()
    await expect(page.locator(".message").last).to_contain_text("One moment, please.")
    await sheet.locator(".offer-fold").tap()
    await expect(sheet).to_contain_text("I want to move 200,000 into the income fund today.")
    await expect(sheet.locator(".offer-fold")).to_have_attribute("aria-expanded", "true")
    await sheet.locator(".offer-fold").tap()
    await expect(sheet.locator(".offer-facts")).to_be_hidden()
    await sheet.locator(".offer-accept").tap()
    await expect(page).to_have_url(re.compile("/inbox/91$"))


async def test_folded_it_is_declined_with_a_reason_and_folds_again(open_console: Open) -> None:
    world = busy()
    page = await open_console(world, "/inbox/1", width=390, height=844)
    await world.make_offer(scenes.offer(world.now()))
    sheet = page.get_by_role("dialog", name="Khalid Rahmani")
    await sheet.get_by_role("button", name="Decline").click()
    await expect(sheet.locator(".offer-wants")).to_be_visible()
    await sheet.get_by_role("button", name="Back").click()
    await expect(sheet.locator(".offer-wants")).to_be_hidden()
    await sheet.get_by_role("button", name="Khalid Rahmani").press("Enter")
    await expect(sheet.locator(".offer-wants")).to_be_visible()


async def test_declining_gives_a_reason(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    await world.make_offer(scenes.offer(world.now()))
    await expect(page.get_by_role("dialog", name="Khalid Rahmani")).to_be_focused()
    await page.wait_for_timeout(600)
    await page.keyboard.press("d")
    await page.get_by_role("button", name="Not my subject").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    # It goes before it is told.
    await until(lambda: len(_declined(world)) == 1)
    assert _declined(world) == ["Not my subject"]


def _declined(world: World) -> list[str]:
    return [body["reason"] for _, path, body in world.requests if path.endswith("/decline")]


async def test_offers_end_by_time_by_word_and_by_being_too_late(open_console: Open) -> None:
    world = busy()
    page = await open_console(world)
    sheet = page.get_by_role("dialog", name="Khalid Rahmani")
    await world.make_offer(scenes.offer(world.now(), number=31, seconds=4))
    await expect(sheet).to_be_visible()
    await expect(sheet).to_have_count(0)
    await world.make_offer(scenes.offer(world.now(), number=32))
    await expect(sheet).to_be_visible()
    await world.end_offer(32, "OfferWithdrawn")
    await expect(sheet).to_have_count(0)
    await world.make_offer(scenes.offer(world.now(), number=33))
    await expect(sheet).to_be_visible()
    world.offers.clear()
    await sheet.get_by_role("button", name="Accept").click()
    await expect(page.get_by_text("The offer ran out.")).to_be_visible()


async def test_presence_is_switched_and_told_when_it_was_switched_for_me(open_console: Open) -> None:
    world = busy(0)
    world.me |= {"presence": "away", "presence_reason": "missed_offer"}
    page = await open_console(world)
    notice = page.get_by_text("An offer ran out unanswered")
    await expect(notice).to_be_visible()
    await expect(page.get_by_role("button", name="Go online")).to_have_count(1)
    await page.locator(".missed-offer").get_by_role("button", name="Go online").click()
    await expect(notice).to_have_count(0)
    assert world.me["presence"] == "online"
    await page.locator("#presence button").click()
    await expect(page.get_by_role("menuitemradio", name="Online")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#presence button")).to_contain_text("Away")


@pytest.mark.parametrize(
    ("presence", "words"),
    [("away", "You are away"), ("offline", "You are offline"), ("wrap_up", "You are wrapping up")],
)
async def test_who_is_offered_nothing_is_not_told_that_all_is_quiet(
    open_console: Open, presence: str, words: str
) -> None:
    world = World()
    world.me |= {"presence": presence, "presence_reason": ""}
    page = await open_console(world)
    await expect(page.get_by_role("heading", name=words)).to_be_visible()
    await expect(page.get_by_text("Nothing is offered to you until you go online")).to_be_visible()
    await page.get_by_role("button", name="Go online").click()
    await expect(page.get_by_role("heading", name="All quiet")).to_be_visible()
    await expect(page.get_by_role("button", name="Go online")).to_have_count(0)
