"""The Meta health page in a real browser: the worst first, Meta asked by a button, owners only read."""

from playwright.async_api import Page, expect


async def test_what_needs_somebody_stands_first_with_its_remedy(site: str, page: Page) -> None:
    await page.goto(f"{site}/meta-health?role=administrator")
    await expect(page.get_by_text("Something needs you now")).to_be_visible()
    first = page.locator(".health-inbox").first
    await expect(first).to_contain_text("Havana Café on WhatsApp")
    await expect(first).to_contain_text("majlis inbox token cafe")
    await expect(page.locator(".health-table")).to_contain_text("0 of 1,000")
    await first.get_by_role("button", name="Ask Meta now").click()
    await expect(page.get_by_text("Meta was asked about")).to_be_visible(timeout=20_000)


async def test_figures_read_again_by_themselves_and_say_when_they_could_not(site: str, page: Page) -> None:
    await page.clock.install()
    await page.goto(f"{site}/meta-health?role=administrator")
    async with page.expect_request("**/api/meta-health"):
        await page.clock.run_for(16_000)
    await page.context.set_offline(True)
    await page.clock.run_for(16_000)
    await expect(page.get_by_text("not updated since")).to_be_visible()


async def test_an_owner_reads_and_asks_nothing(site: str, page: Page) -> None:
    await page.goto(f"{site}/meta-health?role=owner")
    await expect(page.get_by_role("heading", name="On our side")).to_be_visible()
    await expect(page.get_by_role("button", name="Ask Meta now")).to_have_count(0)
    await expect(page.get_by_role("link", name="Meta health")).to_be_visible()
