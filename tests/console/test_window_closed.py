"""Meta's window: counted down while it is open; templates, or the reason, once it is closed."""

from typing import Any

import pytest
from console.conftest import Open
from console.stand_in_data import LIMITS, ahead, window
from console.stand_in_media import sample
from console.stand_in_speaking import sent_kinds
from console.test_kinds_shown import every
from console.test_sending import until
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CLOSED, PEOPLE, OURS = "/inbox/55", "/inbox/56", "/inbox/54"


async def test_the_composer_turns_into_a_picker_of_templates(open_console: Open) -> None:
    world = every()
    page = await open_console(world, CLOSED)
    await expect(page.get_by_text("writes again, only an approved template may be sent.")).to_be_visible()
    await expect(page.get_by_text("Good morning, here is what you asked for")).to_be_visible()
    rows = page.locator(".picker-row")
    await expect(rows).to_have_count(4)  # the customer's language
    await page.get_by_label("Search templates").fill("we expect you")
    await expect(rows).to_have_count(1)
    await rows.click()
    await expect(page.get_by_label("Words 1")).to_be_focused()
    await page.keyboard.type("Fatima")
    preview = page.locator(".template-preview")
    await expect(preview).to_contain_text("Dear Fatima, we expect you on {{2}}.")
    send = page.get_by_role("button", name="Send", exact=True)
    await expect(send).to_be_disabled()
    await expect(page.get_by_text("Still to fill in: Words 2")).to_be_visible()
    await page.get_by_label("Words 2").fill("Monday at ten")
    await expect(preview).to_contain_text("Investment Services")
    await send.click()
    await expect(page.locator(".message").last).to_contain_text("Dear Fatima, we expect you on Monday at ten.")
    await until(lambda: len(sent_kinds(world)) == 1)
    [sent] = sent_kinds(world)
    assert (sent["kind"], sent["name"], sent["language"]) == ("template", "appointment_reminder", "en")
    assert sent["values"] == {"body.1": "Fatima", "body.2": "Monday at ten"}


async def test_by_language_and_what_the_customer_does_not_want(open_console: Open) -> None:
    world = every()
    world.threads[55]["window"]["marketing_stopped"] = True
    page = await open_console(world, CLOSED)
    offer = page.locator(".picker-row", has_text="autumn offer")
    await expect(offer).to_be_disabled()
    await expect(offer).to_contain_text("The customer takes no marketing messages.")
    await expect(page.locator(".composer-to")).to_contain_text("no marketing")
    await page.get_by_label("Language").select_option("ar")
    await expect(page.locator(".picker-row")).to_have_count(1)
    await page.get_by_label("Language").select_option("")
    await expect(page.locator(".picker-row")).to_have_count(5)


async def test_a_document_and_a_place_at_the_top(open_console: Open) -> None:
    world = every()
    page = await open_console(world, CLOSED)
    await page.locator(".picker-row", has_text="statement ready").click()
    content, mime_type = sample("paper")
    given: Any = {"name": "November.pdf", "mimeType": mime_type, "buffer": content}
    await page.locator(".template-fields input[type=file]").set_input_files(given)
    await expect(page.locator(".template-preview")).to_contain_text("November.pdf")
    await page.get_by_label("month").fill("November")
    await page.get_by_role("button", name="Send", exact=True).click()
    await until(lambda: len(sent_kinds(world)) == 1)
    assert sent_kinds(world)[0]["values"] == {"header": 700, "body.month": "November"}
    await page.locator(".picker-row", has_text="visit us").click()
    await page.get_by_label("Latitude").fill("25.2")
    await page.get_by_label("Longitude").fill("55.27")
    await page.get_by_role("button", name="Send", exact=True).click()
    await until(lambda: len(sent_kinds(world)) == 2)
    assert sent_kinds(world)[1]["values"] == {"header": {"latitude": 25.2, "longitude": 55.27}}


async def test_templates_are_at_hand_while_the_window_is_open_too(open_console: Open) -> None:
    page = await open_console(every(), OURS)
    await page.locator(".message-trouble").get_by_role("button", name="Choose a template").click()
    await expect(page.get_by_role("dialog", name="Send a template")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_it_opens_as_soon_as_the_customer_writes(open_console: Open) -> None:
    world = every()
    page = await open_console(world, CLOSED)
    await expect(page.locator(".picker-row").first).to_be_visible()
    world.summaries[55]["window_closes_at"] = ahead(world.now(), hours=24)
    await world.customer_writes(55, "Here I am")
    await expect(page.locator(".composer-field")).to_have_value("Good morning, here is what you asked for")


async def test_a_person_may_answer_for_seven_days(open_console: Open) -> None:
    page = await open_console(every(), PEOPLE)
    await expect(page.get_by_text("Messenger still lets a person answer until")).to_be_visible()
    await expect(page.locator(".composer-field")).to_be_visible()
    await expect(page.locator(".composer-to")).to_contain_text("for people until")


async def test_without_that_messenger_takes_a_template(open_console: Open) -> None:
    world = every()
    world.summaries[56]["people_until"] = None
    world.threads[56]["window"] = window(world.summaries[56])
    page = await open_console(world, PEOPLE)
    await expect(page.get_by_text("writes again, only an approved template may be sent.")).to_be_visible()
    await expect(page.locator(".picker-row").first).to_be_visible()


async def test_without_that_instagram_says_when_one_can_write_again(open_console: Open) -> None:
    world = every()
    world.summaries[56] |= {"channel": "instagram", "people_until": None}
    world.threads[56] |= {"window": window(world.summaries[56]), "limits": LIMITS["instagram"]}
    page = await open_console(world, PEOPLE)
    await expect(page.get_by_text("You can reply as soon as Jonas Bergström writes again.")).to_be_visible()
    await expect(page.locator(".picker")).to_have_count(0)


async def test_the_last_hour_is_counted_down_and_its_end_asks_the_server(open_console: Open) -> None:
    world = every()
    world.summaries[56] |= {"window_closes_at": ahead(world.now(), seconds=4), "people_until": None}
    world.threads[56]["window"] = window(world.summaries[56])
    page = await open_console(world, PEOPLE)
    await expect(page.locator(".composer-to")).to_contain_text("closes in 0:0")
    world.summaries[56]["people_until"] = people = ahead(world.now(), days=6)
    world.threads[56]["window"] = window(world.summaries[56], until=people, by="human_agent")
    await expect(page.get_by_text("Messenger still lets a person answer until")).to_be_visible()
