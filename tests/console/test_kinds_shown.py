"""Every kind of message has a face: what it says can be read, looked at, listened to, taken along."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from console import stand_in_scenes as scenes
from console.conftest import Open
from console.stand_in import application
from console.stand_in_world import World
from playwright.async_api import Browser, Page, expect

from server.domain import kinds

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLACES = {"whatsapp": "/inbox/51", "instagram": "/inbox/52", "messenger": "/inbox/53", "ours": "/inbox/54"}


def every(*, language: str = "en") -> World:
    world = World(language=language)
    return world.hold(*scenes.every_kind(world.now()))


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def kinds_page(chromium: Browser) -> AsyncIterator[dict[str, Page]]:
    """Each conversation opened once; the tests only read."""
    runner = web.AppRunner(application(every()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    context = await chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    pages = {}
    for path in PLACES.values():
        pages[path] = await context.new_page()
        await pages[path].goto(f"http://127.0.0.1:{runner.addresses[0][1]}{path}")
        await pages[path].locator(".composer").wait_for()
    yield pages
    await context.close()
    await runner.cleanup()


async def test_the_scenes_hold_every_kind_of_the_catalogue() -> None:
    shown = {one["kind"] for held in every().threads.values() for one in held["messages"]}
    # Effects on another message; answers of a type Meta has yet to invent; what only comes with another.
    assert set(kinds.CATALOGUE) - shown <= {"edit", "interactive"}


# Where it is, its kind, and what one reads of it.
SAYS = """
whatsapp text Came from an ad|Sukuk 2027: from 5,000|A steady income|fb.me
whatsapp image My passport, first page
whatsapp document Agreement – signed, both pages.pdf|PDF · 48 KB|Signed
whatsapp location Havana Café|Dubai|25.19718, 55.27437|Open the map
whatsapp contacts Khalid Rahmani|Rahmani Trading|+971 50 765 4321|khalid@example.org|Al Wasl Rd 12|نور
whatsapp order Order|3 items|Mint tea|× 2|AED 25.00|AED 48.00|Total|AED 73.00|Please for 8 o'clock
whatsapp button_reply Pressed a button|Talk to a person
whatsapp list_reply Opening hours|When we are there
whatsapp form_reply Form filled in|Full name|Maryam Al-Suwaidi|Risk Level|balanced|sukuk and real estate|Yes
whatsapp call_permission We may call|until
whatsapp button Confirm
whatsapp text Forwarded many times
whatsapp text About the product fund-balanced
whatsapp text I meant Thursday|Edited
whatsapp revoke Taken back by the customer
whatsapp text Answers an earlier message that is not here
whatsapp image Photo|Being fetched from Meta…
whatsapp video Video: not here|Meta no longer has this file.
whatsapp document statement.exe: not here|The file is a program, so it was not kept.
whatsapp unsupported A poll: Meta does not pass polls on
whatsapp image A part of this message did not arrive.
whatsapp text Half of it|Meta adds: Message type unknown
whatsapp welcome Opened the chat
whatsapp call Maryam Al-Suwaidi called
whatsapp call_ended The call ended
whatsapp system Maryam Al-Suwaidi has a new number
whatsapp reaction reacted with 🎉 to a message
instagram story_reply Answered our story|متوفرًا|Open the story
instagram story_reply Answered our story|Stories are gone after a day.|Is it still on?
instagram post Shared a post|Breakfast on the terrace|Open the post
instagram post Shared a post|Lunch in the yard|Open the post
instagram reel Pouring|Being fetched from Meta…|Open the reel
instagram reel Closing time|Meta no longer has this file.|Open the reel
instagram reel How we roast|So good!
instagram view_once to be seen once|Meta does not hand these out.
instagram product House blend|AED 42
instagram template Shared card|Table for two|Book
instagram quick_reply Yes please
instagram postback Prices
instagram comment Public comment under the ad Sukuk 2027|How much
instagram referral Came by a link|summer-menu
instagram handover Another app took the chat over
instagram unknown Something new that Majlis does not know yet
messenger fallback Autumn menu for schools|example.org
messenger lead Form of the ad|Two meals a day
messenger appointment Tasting
messenger product Lunch box|Fruit box
messenger optin Weekly menu
messenger account_linking linked their account
messenger response_feedback found our answer good
messenger text Another app answers in this chat|Menu
ours choices Which one suits you?|Income fund|Neither
ours choices Funds|Steady|Sukuk 2027|Prices of today
ours link Everything about the fees|Open the table|example.org
ours ask_location Send location
ours ask_contact Share phone number
ours location Main branch|Al Wasl Rd 3
ours contacts Omar Nasser|Advisor
ours buttons Call me|Website
ours cards Lunch|12 to 15|Dinner
ours template appointment_confirmed|Dear Wei|Thank you|Change it
ours document Terms.pdf
ours reaction Our reaction 😂|Not sent.
ours text May have been sent – check before you send it again.
"""


@pytest.mark.parametrize("line", SAYS.strip().splitlines())
async def test_it_says_what_it_is(kinds_page: dict[str, Page], line: str) -> None:
    place, kind, words = line.split(" ", 2)
    found = kinds_page[PLACES[place]].locator(f'[data-kind="{kind}"]')
    for each in words.split("|"):
        found = found.filter(has_text=each)
    await expect(found).to_have_count(1)


async def test_what_was_shared_is_seen_in_its_card(kinds_page: dict[str, Page]) -> None:
    page = kinds_page[PLACES["instagram"]]
    cards = page.locator(".card[data-kept]")
    films = cards.locator("video")
    # A story that mentions us, and a reel; beside each the link.
    await expect(films).to_have_count(2)
    await expect(page.get_by_label("Their story", exact=True)).to_have_attribute("src", "/api/attachments/61/content")
    await expect(page.get_by_label("How we roast", exact=True)).to_have_attribute("src", "/api/attachments/66/content")
    for film in await films.all():
        assert await film.evaluate("film => film.error") is None
    await expect(page.get_by_role("button", name="Our story: open it large").locator("img")).to_be_visible()
    await expect(page.get_by_role("button", name="Lunch in the yard: open it large").locator("img")).to_be_visible()
    await expect(cards.locator(".link-out")).to_have_count(await cards.count())
    # Each once, and no alarm about what is only a link.
    await expect(page.locator('img[src*="/attachments/65/"]')).to_have_count(1)
    await expect(page.locator(".unshown", has_text="not here")).to_have_count(0)


async def test_nothing_is_fetched_from_elsewhere(open_console: Open) -> None:
    page = await open_console(every(), PLACES["whatsapp"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PLACES.values():
        await page.goto(page.url.partition("/inbox")[0] + path)
        await page.wait_for_load_state("networkidle")
    home = page.url.partition("/inbox")[0]
    assert [url for url in asked if not url.startswith((home, "data:", "blob:", home.replace("http", "ws")))] == []


async def test_links_lead_outside_without_telling_from_where(open_console: Open) -> None:
    page = await open_console(every(), PLACES["whatsapp"])
    for link in await page.locator('.bubble a[href^="http"]').all():
        assert await link.get_attribute("rel") == "noopener noreferrer nofollow"
        assert await link.get_attribute("target") == "_blank"
