"""A half-written reply is where one left it, whatever one looks at meanwhile."""

import re

import pytest
from console.conftest import Open
from console.test_inbox_page import busy
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def open_row(page: Page, number: int) -> None:
    await page.locator(f'.conversation[data-id="{number}"] a').click()
    await expect(page).to_have_url(re.compile(f"/inbox/{number}$"))
    await expect(page.locator(".composer-field")).to_be_visible()


async def test_a_draft_is_there_again_and_a_sent_one_is_not(open_console: Open) -> None:
    page = await open_console(busy())
    field = page.locator(".composer-field")
    await open_row(page, 1)
    await field.fill("Half a reply")
    await open_row(page, 2)
    await expect(field).to_have_value("")
    await open_row(page, 1)
    await expect(field).to_have_value("Half a reply")
    await field.press("Enter")
    await expect(page.locator(".message", has_text="Half a reply")).to_be_visible()
    await open_row(page, 2)
    await open_row(page, 1)
    await expect(field).to_have_value("")


async def test_another_tab_that_sends_it_takes_it_from_this_ones_list(open_console: Open) -> None:
    page = await open_console(busy(), "/inbox/1")
    row = page.locator('.conversation[data-id="1"]')
    await page.locator(".composer-field").fill("Half a reply")
    await expect(row).to_contain_text("Draft")
    await open_row(page, 2)
    other = await page.context.new_page()
    await other.goto(re.sub("/inbox/.*", "/inbox/1", page.url))
    await expect(other.locator(".composer-field")).to_have_value("Half a reply")
    await other.locator(".composer-field").press("Enter")
    await expect(row).not_to_contain_text("Draft")


async def test_escape_leads_to_the_list_and_back_to_what_was_open(open_console: Open) -> None:
    page = await open_console(busy())
    await open_row(page, 1)
    await open_row(page, 2)
    await page.locator(".timeline").focus()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile("/inbox$"))
    await page.go_back()
    await expect(page).to_have_url(re.compile("/inbox/2$"))
    await page.go_back()
    await expect(page).to_have_url(re.compile("/inbox/1$"))
    await page.locator(".timeline").focus()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile("/inbox$"))
