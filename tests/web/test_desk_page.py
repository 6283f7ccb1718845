"""The desk in a real browser on made-up data: filters are addresses, conversations open beside the board, keys work."""

import pytest
from playwright.async_api import Page, expect


async def test_a_filter_is_an_address_and_back_undoes_it(site: str, page: Page) -> None:
    await page.goto(f"{site}/desk")
    rows = page.locator(".board-row")
    await expect(rows).to_have_count(7)
    await page.get_by_role("link", name="Investment desk", exact=True).click()
    await expect(page).to_have_url(f"{site}/desk?queue=investments")
    await expect(rows).to_have_count(3)
    await page.get_by_label("State").select_option("queued")
    await expect(page).to_have_url(f"{site}/desk?view=queued&queue=investments")
    # Where people owe an answer, the overdue one leads.
    await expect(rows.first).to_contain_text("Omar Khalil")
    await page.go_back()
    await page.go_back()
    await expect(rows).to_have_count(7)
    await page.get_by_role("button", name="Amal Haddad").click()
    await expect(rows).to_have_count(1)


async def test_what_is_overdue_is_one_press_away_and_the_order_is_a_choice(site: str, page: Page) -> None:
    await page.goto(f"{site}/desk")
    rows = page.locator(".board-row")
    await expect(rows.first).to_contain_text("Omar Khalil")
    await page.get_by_label("Sort by").select_option("newest")
    await expect(page).to_have_url(f"{site}/desk?order=newest")
    await expect(rows.first).to_contain_text("+34 600 123 456")
    await page.get_by_role("link", name="Overdue").click()
    await expect(page).to_have_url(f"{site}/desk?view=overdue")
    await expect(rows).to_have_count(1)
    # What is overdue comes as it was due; there is nothing to choose.
    await expect(page.get_by_label("Sort by")).to_have_count(0)
    await page.locator("select[name=queue]").select_option("guests")
    await expect(page.get_by_text("Nothing is overdue")).to_be_visible()
    await page.get_by_role("button", name="Show all open").click()
    await expect(rows).to_have_count(7)


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_queue_nobody_is_there_for_says_so_and_leads_to_who_waits(site: str, page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(f"{site}/desk?case=long")
    alone = page.locator(".board-alone")
    await expect(alone).to_have_count(1)
    await expect(alone).to_contain_text("Nobody online for this queue")
    await expect(alone).to_contain_text("Ask Amal Haddad, Bilal Osman, Carla Núñez or 3 more to go online.")
    await alone.get_by_role("link").click()
    await expect(page).to_have_url(f"{site}/desk?view=queued&queue=investments")
    await expect(page.locator(".board-row").first).to_be_in_viewport()
    await page.goto(f"{site}/desk?case=long&role=owner")
    await expect(alone).to_contain_text("Nobody online for this queue")
    await expect(alone.get_by_role("link")).to_have_count(0)


async def test_a_conversation_is_read_beside_the_board_by_keyboard_alone(site: str, page: Page) -> None:
    await page.goto(f"{site}/desk?view=queued")
    await expect(page.locator(".connection")).to_have_attribute("data-link", "live")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site}/desk/1?view=queued")
    await expect(page.get_by_role("button", name="Take over")).to_be_visible()
    await expect(page.get_by_text("هل يمكن أن نتحدث اليوم؟")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(f"{site}/desk?view=queued")
    await expect(page.locator('.board-row[data-id="1"]')).to_be_focused()


async def test_figures_that_may_be_old_say_so(site: str, page: Page) -> None:
    await page.goto(f"{site}/desk")
    await expect(page.get_by_text("As of")).to_be_visible()
    await page.clock.install()
    await page.context.set_offline(True)
    await page.clock.run_for(40_000)
    await expect(page.get_by_text("not updated since")).to_be_visible()


async def test_an_owner_has_figures_and_nothing_to_open(site: str, page: Page) -> None:
    await page.goto(f"{site}/desk?role=owner")
    await expect(page.get_by_role("heading", name="Advisors")).to_be_visible()
    await expect(page.locator(".board-row, .desk-list, .board-queues a, .board-advisors button")).to_have_count(0)
    await expect(page.get_by_role("link", name="Inbox")).to_have_count(0)
