"""The main job in a real browser against the real product: customers write, bots and people answer, all of it live."""

import re
import signal

import pytest
from journey.browsing import PHONE, Window, go_online, sign_in, violations, window
from journey.product import Product
from playwright.async_api import Browser, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

WISH = "Good morning, I would like to move my portfolio to you"
GREETING = "Good morning James, Omar here. With pleasure."


async def test_bots_answer_each_customer_in_their_language_with_what_can_be_pressed(
    product: Product, browser: Browser
) -> None:
    async with window(browser) as phones:
        page = phones.page
        await page.goto(product.phones)
        cafe, school = phone(page, 0), phone(page, 1)

        await write(cafe, "Hello there")
        await expect(cafe).to_contain_text("Welcome to Havana Café!")
        await cafe.locator("[data-chips]").get_by_role("button", name="Opening hours").click()
        await expect(cafe).to_contain_text("We open every day at 7 in the morning.")

        await write(school, "السلام عليكم")
        await expect(school).to_contain_text("أهلًا وسهلًا بكم في تغذية المدارس!")
        await school.locator("[data-chips]").get_by_role("button", name="الأسعار والاشتراكات").click()
        await expect(school.locator(".line:not(.own) .text").last).to_have_text(re.compile("[ء-ي]"))
        await expect(school.locator(".line.own")).to_have_count(2)
        assert await violations(page) == []

        # WhatsApp has lists and buttons of its own.
        await page.goto(f"{product.phones}/phone/hannah-becker/hospitality-whatsapp")
        guest = phone(page, 0)
        await write(guest, "Hi")
        await guest.get_by_role("button", name="See the options").click()
        await guest.get_by_role("dialog").get_by_role("button", name="Food & drinks").click()
        await expect(guest.locator(".options button").last).to_be_visible()
        await expect(guest.locator(".line.own")).to_have_count(2)
        assert await violations(page) == []
        assert phones.complaints == []


async def test_an_investment_conversation_from_the_first_word_to_resolved(product: Product, browser: Browser) -> None:
    async with (
        window(browser) as phones, window(browser) as omar, window(browser) as layla, window(browser) as nadia
    ):  # fmt: skip
        await sign_in(nadia.page, product.link("Nadia Rashid"))
        await expect(nadia.page).to_have_url(re.compile("/desk$"))
        await sign_in(omar.page, product.link("Omar Farouk"))
        await expect(omar.page.locator("#connection")).to_contain_text("Live")
        await expect(nadia.page.locator("#connection")).to_contain_text("Live")
        await go_online(omar.page)
        loads = (omar.loads, nadia.loads)

        await phones.page.goto(product.phones)
        client = phone(phones.page, 2)
        await write(client, WISH)
        await expect(client).to_contain_text("Thank you for writing to Investment Services.")

        await it_is_offered_and_its_clock_warns(omar.page, nadia.page)
        await it_is_accepted_by_keyboard_and_typed_at_once(omar.page, phones.page, product)
        await the_desk_reads_along(nadia.page)
        await a_note_and_a_transfer(omar.page, layla, product)
        await reassigned_handed_back_and_taken_over(nadia.page, omar.page, layla.page)
        await resolved(layla.page, nadia.page)

        assert (omar.loads, nadia.loads) == loads, "somebody had to reload"
        assert omar.complaints + layla.complaints + nadia.complaints + phones.complaints == []
        await signs_out(omar.page)


async def test_every_other_page_is_clean_too(product: Product, browser: Browser) -> None:
    async with window(browser, PHONE) as clara:
        page = clara.page
        await page.goto(f"{product.console}/sign-in")
        assert await violations(page) == []
        await page.goto(product.link("Clara Mendes"))
        assert await violations(page) == []
        await page.locator("form button[type=submit]").click()
        await expect(page.get_by_text("No conversations")).to_be_visible()
        assert await violations(page) == []
        for path in ("/settings", "/inbox?view=resolved", "/inbox/99999"):
            await page.goto(product.console + path)
            await expect(page.locator("h1").first).to_be_attached()
            assert await violations(page) == [], path
    async with window(browser, PHONE) as nobody:
        for address in (f"{product.phones}/switches", f"{product.console}/no-such-page"):
            await nobody.page.goto(address)
            assert await violations(nobody.page) == [], address


async def test_a_server_killed_while_a_reply_is_typed_loses_nothing(product: Product, browser: Browser) -> None:
    async with window(browser) as sophie:
        page = sophie.page
        await sign_in(page, await product.link_of("sophie.bennett@example.com"))
        await expect(page.locator("#connection")).to_contain_text("Live")
        await go_online(page)
        await product.says("hannah-becker", "financial-whatsapp", "What is the minimum for the growth plan?", answers=1)
        await expect(page.get_by_role("dialog", name="Hannah Becker")).to_be_visible()
        await page.keyboard.press("Alt+a")
        field = page.locator(".composer-field")
        await expect(field).to_be_focused()
        await page.keyboard.type("It begins ")
        await product.stop(signal.SIGKILL)
        await expect(page.locator('#connection [data-link="offline"]')).to_be_visible()
        await page.keyboard.type("at 5,000.")
        await expect(field).to_have_value("It begins at 5,000.")
        await page.keyboard.press("Enter")
        reply = page.locator(".message", has_text="It begins at 5,000.")
        await expect(reply).to_contain_text("No connection.")
        await product.start()
        await expect(page.locator("#connection")).to_contain_text("Live")
        await expect(reply.locator('.ticks[data-status="delivered"]')).to_be_visible()
        await expect(reply).to_have_count(1)
        assert sophie.loads == 2, "the page of the link and the inbox, and no more"


async def it_is_offered_and_its_clock_warns(omar: Page, nadia: Page) -> None:
    sheet = omar.get_by_role("dialog", name="James Whitfield")
    await expect(sheet).to_contain_text(WISH)
    row = nadia.locator(".board-row", has_text="James Whitfield")
    await expect(row).to_contain_text("Being offered")
    await expect(row.locator(".clock-chip")).to_have_attribute("data-target", "first_response")
    await expect(row.locator('.clock-chip[data-tone="due-soon"]')).to_be_visible()
    assert await violations(omar) == []


async def it_is_accepted_by_keyboard_and_typed_at_once(omar: Page, phones: Page, product: Product) -> None:
    # With nobody looking at the phone, the reply is delivered and not read.
    await phones.goto(f"{product.phones}/switches")
    await omar.keyboard.press("Alt+a")
    await omar.keyboard.type(GREETING)
    await expect(omar.locator(".composer-field")).to_have_value(GREETING)
    await expect(omar.locator(".thread-clocks > .clock-chip:last-child")).to_have_attribute("data-tone", "due-soon")
    await omar.keyboard.press("Enter")
    reply = omar.locator(".message", has_text=GREETING)
    await expect(reply.locator('.ticks[data-status="delivered"]')).to_be_visible()
    await expect(omar.locator(".thread-clocks > .clock-chip:last-child")).to_have_attribute("data-target", "window")
    await phones.goto(product.phones)
    await expect(phone(phones, 2)).to_contain_text(GREETING)
    await expect(reply.locator('.ticks[data-status="read"]')).to_be_visible()
    await write(phone(phones, 2), "Wonderful. Where do I sign?")
    await expect(omar.locator(".message", has_text="Where do I sign?")).to_be_visible()
    assert await violations(omar) == []


async def the_desk_reads_along(nadia: Page) -> None:
    row = nadia.locator(".board-row", has_text="James Whitfield")
    await expect(row).to_contain_text("Omar Farouk")
    await expect(row).to_contain_text("Where do I sign?")
    assert await violations(nadia) == []
    await row.click()
    pane = nadia.get_by_role("region", name="Conversation", exact=True)
    await expect(pane.locator(".message", has_text=GREETING)).to_be_visible()
    assert await violations(nadia) == []


async def a_note_and_a_transfer(omar: Page, layla: Window, product: Product) -> None:
    await sign_in(layla.page, await product.link_of("layla.haddad@example.com"))
    await expect(layla.page.locator("#connection")).to_contain_text("Live")
    await go_online(layla.page)
    await omar.keyboard.press("Escape")
    await omar.keyboard.press("n")
    await omar.keyboard.type("Has 400,000 with another bank")
    await omar.keyboard.press("Enter")
    await expect(omar.locator(".note")).to_contain_text("Has 400,000 with another bank")
    await omar.keyboard.press("Escape")
    await omar.keyboard.press("Alt+t")
    dialog = omar.get_by_role("dialog", name="James Whitfield")
    await dialog.get_by_label("Layla Haddad").check()
    await dialog.get_by_label("Note for whoever takes it").fill("Please send the form")
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(omar.locator('.conversation:has-text("James Whitfield")')).to_have_count(0)


async def reassigned_handed_back_and_taken_over(nadia: Page, omar: Page, layla: Page) -> None:
    theirs = ".conversation:has-text('James Whitfield')"
    await expect(layla.locator(theirs)).to_have_count(1)
    await nadia.get_by_role("button", name="Transfer").click()
    await passed_on(nadia, "Omar Farouk")
    await expect(layla.locator(theirs)).to_have_count(0)
    await omar.locator(theirs).get_by_role("link").click()
    await omar.get_by_role("button", name="Hand back").click()
    await expect(omar.locator(theirs)).to_have_count(0)
    await expect(nadia.get_by_text("Nobody has taken this conversation yet.")).to_be_visible()
    await nadia.get_by_role("button", name="Take over").click()
    await expect(nadia.get_by_label("Reply to James Whitfield")).to_be_visible()
    await expect(omar.locator(".offer")).to_have_count(0)
    await expect(layla.locator(".offer")).to_have_count(0)
    await nadia.get_by_role("button", name="Transfer").click()
    await passed_on(nadia, "Layla Haddad")
    await expect(layla.locator(theirs)).to_have_count(1)


async def passed_on(page: Page, colleague: str) -> None:
    dialog = page.get_by_role("dialog", name="James Whitfield")
    await dialog.get_by_label(colleague).check()
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(dialog).to_have_count(0)


async def resolved(layla: Page, nadia: Page) -> None:
    await layla.locator(".conversation", has_text="James Whitfield").get_by_role("link").click()
    await expect(layla.locator(".note", has_text="Please send the form")).to_be_visible()
    await expect(layla.locator(".composer-field")).to_be_focused()
    await layla.keyboard.type("The form is on its way to you.")
    await layla.keyboard.press("Enter")
    await expect(nadia.locator(".message", has_text="The form is on its way")).to_be_visible()
    await expect(layla.locator(".message", has_text="The form is on its way").locator(".ticks")).to_have_attribute(
        "data-status", re.compile("accepted|sent|delivered|read")
    )
    await layla.keyboard.press("Escape")
    await layla.keyboard.press("Alt+e")
    await expect(nadia.locator(".fact", has_text="Resolved by Layla Haddad")).to_be_visible()


async def signs_out(page: Page) -> None:
    await page.goto(re.sub(r"(//[^/]+)/.*", r"\1/settings", page.url))
    await page.evaluate("localStorage.setItem('majlis:draft:7:7', 'half a sentence')")
    await page.get_by_role("button", name="Sign out here").click()
    await expect(page).to_have_url(re.compile("/sign-in"))
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('majlis:'))") == []
    await page.goto(re.sub(r"(//[^/]+)/.*", r"\1/inbox", page.url))
    await expect(page).to_have_url(re.compile("/sign-in"))


def phone(page: Page, place: int) -> Locator:
    return page.locator(f'[data-phone="{place}"]')


async def write(at: Locator, text: str) -> None:
    field = at.locator("textarea")
    await field.fill(text)
    await field.press("Enter")
