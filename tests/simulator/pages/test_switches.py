"""The switches page in a browser: each change applies at once."""

import pytest
from playwright.async_api import expect
from simulator.meta_side import Meta, eventually
from simulator.pages.visiting import Visit

from server.simulator.switches import Switches


@pytest.mark.browser
async def test_switches_apply_at_once(visit: Visit, meta: Meta) -> None:
    page = await visit.open("/switches", width=390)
    assert await visit.violations(page) == []
    await page.get_by_label("No phone numbers").check()
    await expect(page.locator("[data-notice]")).to_have_text("Applied")
    assert meta.world.switches.hide_phones
    await page.get_by_label("Duplicates").fill("50")
    await expect(page.locator("output[for=duplicates]")).to_have_text("50%")
    accounts = page.get_by_role("group", name="Unsubscribed accounts")
    await accounts.get_by_label("School Catering on Messenger").check()
    await accounts.get_by_label("Seconds without an answer").fill("60")
    await page.get_by_role("group", name="Webhooks disabled").get_by_label("Instagram").check()
    await eventually(lambda: meta.world.switches.webhooks_disabled == ["instagram"])
    assert meta.world.switches.unsubscribed == ["school-messenger"]
    assert meta.world.switches.patience_seconds == 60
    await page.get_by_role("button", name="Back to good behaviour").click()
    await expect(page.get_by_label("No phone numbers")).not_to_be_checked()
    assert meta.world.switches == Switches()


@pytest.mark.browser
async def test_the_next_errors_are_placed_by_hand(visit: Visit, meta: Meta) -> None:
    page = await visit.open("/switches", language="ar", theme="dark")
    await page.locator("#order-code").fill("131030")
    await page.get_by_role("button", name="ليحدث ذلك").click()
    await expect(page.locator("[data-orders] li")).to_have_count(1)
    await page.get_by_label("ماذا يحدث").select_option("drop_after")
    await page.get_by_role("button", name="ليحدث ذلك").click()
    await expect(page.locator("[data-orders] li")).to_have_count(2)
    assert [(order.how, order.code) for order in meta.world.orders.all()] == [
        ("response", 131030),
        ("drop_after", None),
    ]
    await page.get_by_role("button", name="لا شيء منها").click()
    await expect(page.locator("[data-orders] li")).to_have_count(0)
    await page.get_by_label("جلب الملفات").select_option("private")
    await page.get_by_label("رسائل في الثانية").fill("5")
    await page.get_by_label("رسائل في الثانية").press("Tab")
    await expect(page.locator("[data-notice]")).to_be_visible()
    await eventually(lambda: (meta.world.switches.media_fault, meta.world.switches.throughput) == ("private", 5))
    assert await visit.violations(page) == []
