"""Every kind of message through the whole product: sent from the phone, seen in the console; and back."""

import re

import pytest
from console.stand_in_media import sample
from journey.browsing import Window, go_online, sign_in, violations, window
from journey.product import Product
from journey.scene import FINANCE
from playwright.async_api import Browser, FilePayload, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

JAMES = "james-whitfield"
# Effects on other messages, what is no message, what Meta does not name: each has a test of its own elsewhere.
_ELSEWHERE = {"reaction", "edit", "revoke", "preference", "click", "unknown", "text", "voice", "handover", "system"}


async def test_what_a_customer_sends_is_seen_and_what_we_send_arrives(product: Product, browser: Browser) -> None:
    async with window(browser) as omar:
        page = omar.page
        await page.context.grant_permissions(["microphone"])
        await sign_in(page, product.link("Omar Farouk"))
        await go_online(page)
        await product.says(JAMES, FINANCE, "Good morning, may I send you a few things?", answers=1)
        await page.locator(".offer").wait_for()
        await page.keyboard.press("Alt+a")
        await page.locator(".composer-field").wait_for()
        await _everything_is_seen(product, page)
        await _a_file_is_sent(page)
        await _a_voice_message_is_sent(page)
        await _a_reaction_is_put_on(page)
        await _clean(omar)


async def test_once_the_day_is_over_a_template_goes_out(product: Product, browser: Browser) -> None:
    async with window(browser) as layla:
        page = layla.page
        await sign_in(page, product.link("Layla Haddad"))
        await go_online(page)
        late = {"inbox": FINANCE, "kind": "text", "text": "Call me next week, please", "age_seconds": 90_000}
        await product.control("/control/customers/hannah-becker/send", late)
        await page.locator(".offer", has_text="Call me next week").wait_for()
        await page.keyboard.press("Alt+a")
        await page.locator(".picker-row:not(:disabled)").first.click()
        for field in await page.locator(".template-fields input:not([type=file])").all():
            await field.fill("Monday")
        await page.get_by_role("button", name="Send", exact=True).click()
        sent = page.locator('.message[data-side="end"][data-kind="template"]').last
        await expect(sent.locator('.ticks[data-status="delivered"], .ticks[data-status="read"]')).to_be_visible()
        await _clean(layla)


async def _everything_is_seen(product: Product, page: Page) -> None:
    kinds = (await product.control("/control/kinds"))["whatsapp"]
    for kind in kinds:
        if kind not in _ELSEWHERE:
            await product.control(f"/control/customers/{JAMES}/send", {"inbox": FINANCE, "kind": kind})
            shown = {"button_reply": "button_reply", "welcome": "welcome"}.get(kind, kind)
            await expect(page.locator(f'[data-kind="{shown}"]').last).to_be_visible()
    await expect(page.locator(".files .picture img").first).to_be_visible()
    await expect(page.locator(".audio").first).to_be_visible()
    await expect(page.get_by_text("Being fetched from Meta…")).to_have_count(0)
    await expect(page.locator('[data-kind="unknown"]')).to_have_count(0)


async def _a_file_is_sent(page: Page) -> None:
    picture: FilePayload = {"name": "form.jpg", "mimeType": "image/jpeg", "buffer": sample("hills")[0]}
    await page.locator(".composer input[type=file]").first.set_input_files([picture])
    await page.locator('.tray-item[data-state="ready"]').wait_for()
    await page.locator(".composer-field").fill("Please sign here")
    await page.keyboard.press("Enter")
    await _arrives(page, "Please sign here")


async def _a_voice_message_is_sent(page: Page) -> None:
    await page.get_by_role("button", name="Record a voice message").click()
    await page.locator(".recorder-meter i").nth(12).wait_for(state="attached")
    await page.locator(".recorder").get_by_role("button", name="Send").click()
    sent = page.locator('.message[data-side="end"][data-kind="audio"]').last
    await expect(sent.locator('.ticks[data-status="delivered"], .ticks[data-status="read"]')).to_be_visible()


async def _a_reaction_is_put_on(page: Page) -> None:
    first = page.locator(".message", has_text="may I send you a few things?").first
    await first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitemradio", name="👍").click()
    await expect(first.locator(".reaction")).to_have_text(re.compile("👍"))


async def _arrives(page: Page, words: str) -> None:
    sent = page.locator('.message[data-side="end"]', has_text=words).last
    await expect(sent.locator('.ticks[data-status="delivered"], .ticks[data-status="read"]')).to_be_visible()


async def _clean(omar: Window) -> None:
    assert await violations(omar.page) == []
    assert omar.complaints == []
