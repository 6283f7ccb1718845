"""Small forms for what is more than words: what they send, what they tell before, how hands go through them."""

from typing import Any

import msgspec
import pytest
from console import acts
from console.conftest import Open
from console.stand_in_data import ago
from console.stand_in_speaking import sent_kinds
from console.test_kinds_shown import every
from console.test_sending import until
from playwright.async_api import Page, expect

from server.domain import limits, outgoing
from server.domain.model import Channel
from server.domain.outgoing import (
    Button,
    Card,
    Cards,
    Choices,
    Contacts,
    Link,
    Location,
    Option,
    Person,
    Phone,
    Section,
)
from server.domain.saying import Saying

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WHATSAPP, INSTAGRAM, MESSENGER, CLOSED = "/inbox/54", "/inbox/52", "/inbox/53", "/inbox/55"

# What the API is asked to say, of what `acts.SAID` fills in.
BODIES: dict[str, tuple[str, Saying]] = {
    "choices": (
        WHATSAPP,
        Choices(
            "When shall we call you?",
            options=(Option("said-1", "This morning"), Option("said-2", "This afternoon"),
                     Option("said-3", "Tomorrow")),
        ),
    ),
    "list": (
        WHATSAPP,
        Choices(
            "Which branch is nearest to you?", button="Our branches",
            sections=(Section("Dubai", (Option("said-1", "Downtown", "Sheikh Mohammed Blvd, until nine"),
                                        Option("said-2", "Marina"), Option("said-3", "Deira"))),),
        ),
    ),
    "link": (WHATSAPP, Link("Everything about the fees", "Open the table", "https://example.org/fees")),
    "buttons": (
        MESSENGER,
        outgoing.Buttons(
            "How would you like to go on?",
            (Button("Talk to us", payload="said-1"), Button("Read first", url="https://example.org/fees")),
        ),
    ),
    "cards": (
        INSTAGRAM,
        Cards((
            Card("Balanced fund", "0.9 % a year, no minimum", "https://example.org/balanced.jpg", buttons=(
                Button("Tell me more", payload="said-1"), Button("Read", url="https://example.org/balanced"))),
        )),
    ),
    "contacts": (
        WHATSAPP,
        Contacts((Person("Omar Nasser", (Phone("+971 4 123 4567"),), ("omar@example.org",), "Investment Services"),)),
    ),
    "location": (
        WHATSAPP, Location(25.19718, 55.27437, "Havana Café", "Sheikh Mohammed bin Rashid Blvd, Dubai"),
    ),
}  # fmt: skip
CHANNELS = {WHATSAPP: Channel.WHATSAPP, INSTAGRAM: Channel.INSTAGRAM, MESSENGER: Channel.MESSENGER}


async def submit(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()


def field(page: Page, path: str) -> Any:
    return page.locator(f'[data-path="{path}"]')


@pytest.mark.parametrize("form", BODIES)
async def test_a_form_sends_what_the_server_understands(open_console: Open, form: str) -> None:
    path, expected = BODIES[form]
    world = every()
    page = await open_console(world, path)
    await page.locator(".composer-field").fill("Half a sentence")
    await acts.fill_form(page, form)
    shown = await page.locator(".template-preview .bubble").inner_text()
    await submit(page)
    await until(lambda: len(sent_kinds(world)) == 1)
    [sent] = sent_kinds(world)
    assert msgspec.convert(sent, Saying) == expected
    assert limits.problems(msgspec.convert(sent, outgoing.Outgoing), CHANNELS[path]) == []
    last = page.locator(".message").last
    await expect(last).to_have_attribute("data-kind", sent["kind"])
    assert (await last.locator(".bubble").inner_text()).startswith(shown)
    await expect(page.locator(".composer-field")).to_have_value("Half a sentence")


async def test_quick_replies_where_the_channel_has_them(open_console: Open) -> None:
    world = every()
    page = await open_console(world, MESSENGER)
    await acts.fill_form(page, "choices")
    await expect(page.get_by_role("dialog", name="Quick replies")).to_contain_text(
        "They vanish as soon as one is pressed"
    )
    await expect(page.locator(".filling-rows > legend")).to_have_text("Quick replies3 of 13")
    await submit(page)
    await until(lambda: len(sent_kinds(world)) == 1)


async def test_a_place_is_words_where_there_is_no_message_for_it(open_console: Open) -> None:
    page = await open_console(every(), INSTAGRAM)
    await acts.open_form(page, "location")
    await acts.put_in(page, {"name": "Havana Café", "point": "٢٥٫١٩٧١٨، ٥٥٫٢٧٤٣٧"})
    await expect(page.locator(".template-preview")).to_contain_text("https://maps.google.com/?q=25.19718,55.27437")
    await field(page, "point").fill("Downtown")
    await expect(page.get_by_role("dialog").get_by_role("button", name="Send")).to_be_disabled()
    await expect(page.locator(".dialog-foot")).to_contain_text("No coordinates are found in it.")


async def test_lengths_are_counted_and_said_before(open_console: Open) -> None:
    page = await open_console(every(), WHATSAPP)
    await acts.fill_form(page, "choices")
    send = page.get_by_role("dialog").get_by_role("button", name="Send")
    await expect(send).to_be_enabled()
    await field(page, "options[1].title").fill("In the late afternoon")
    await expect(page.locator(".field", has=field(page, "options[1].title"))).to_contain_text("21 of 20")
    await expect(page.locator(".dialog-foot")).to_contain_text("Too long: Button 2")
    await expect(send).to_be_disabled()
    await field(page, "options[1].title").fill("This morning")
    await expect(page.locator(".dialog-foot")).to_contain_text("Two buttons read the same.")
    await field(page, "options[1].title").fill("Noon")
    await expect(page.get_by_role("button", name="Another button")).to_have_count(0)  # three is all there are
    await field(page, "options[2].title").press("Enter")
    await expect(page.locator(".filling-row")).to_have_count(3)
    await field(page, "text").fill("")
    await expect(page.locator(".dialog-foot")).to_contain_text("Still to fill in: Your question")


async def test_ten_rows_in_all_sections(open_console: Open) -> None:
    page = await open_console(every(), WHATSAPP)
    await acts.open_form(page, "list")
    await field(page, "text").fill("Which branch?")
    await field(page, "sections[0].options[0].title").focus()
    for row in range(6):
        await page.keyboard.type(f"Branch {row}")
        await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Another section").click()
    await expect(field(page, "sections[1].title")).to_be_focused()
    await page.keyboard.type("Abroad")
    await page.keyboard.press("Enter")  # from a heading to its first row
    for row in range(5):
        await page.keyboard.type(f"Office {row}")
        await page.keyboard.press("Enter")
    count = page.locator(".filling-rows > legend").first
    await expect(count).to_have_text("Rows of the list9 of 10")
    await expect(page.get_by_role("button", name="Another")).to_have_count(0)
    await expect(page.locator(".dialog-foot")).to_contain_text("Still to fill in: Heading of section 1")
    await page.get_by_role("button", name="Take out Section 2").click()
    await expect(count).to_have_text("Rows of the list6 of 10")
    await expect(page.get_by_role("dialog").get_by_role("button", name="Send")).to_be_enabled()


async def test_hands_stay_on_the_keys(open_console: Open) -> None:
    world = every()
    page = await open_console(world, WHATSAPP)
    await page.get_by_role("button", name="Add", exact=True).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Buttons")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(field(page, "text")).to_be_focused()
    await page.keyboard.type("Shall we?")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Yes")
    await page.keyboard.press("Enter")
    await page.keyboard.type("No")
    await page.keyboard.press("Enter")
    await expect(field(page, "options[2].title")).to_be_focused()
    await page.keyboard.press("Backspace")
    await expect(field(page, "options[1].title")).to_be_focused()
    await expect(field(page, "options[2].title")).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await until(lambda: len(sent_kinds(world)) == 1)
    assert [one["title"] for one in sent_kinds(world)[0]["options"]] == ["Yes", "No"]


async def test_what_was_begun_is_kept_until_it_is_sent_or_discarded(open_console: Open) -> None:
    page = await open_console(every(), WHATSAPP)
    await acts.fill_form(page, "choices")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.reload()
    await acts.open_plus(page)
    await expect(page.get_by_role("menuitem", name="Buttons")).to_contain_text("begun")
    await page.get_by_role("menuitem", name="Buttons").click()
    await expect(field(page, "options[2].title")).to_have_value("Tomorrow")
    await page.get_by_role("button", name="Discard the draft").click()
    await acts.open_form(page, "choices")
    await expect(field(page, "text")).to_have_value("")


async def test_what_the_server_refuses_is_told_beside_its_field(open_console: Open) -> None:
    world = every()
    # As with a page that is older than the server.
    world.threads[54]["limits"] = world.threads[54]["limits"] | {
        "choices": world.threads[54]["limits"]["choices"] | {"title_max": 40}
    }
    page = await open_console(world, WHATSAPP)
    await acts.fill_form(page, "choices")
    await field(page, "options[1].title").fill("In the late afternoon")
    await submit(page)
    trouble = page.locator(".reply-trouble")
    await expect(trouble).to_contain_text("The title of a button has 21 characters; the most is 20.")
    await trouble.get_by_role("button", name="Keep editing").click()
    wrong = page.locator(".field", has=field(page, "options[1].title"))
    await expect(wrong).to_contain_text("The title of a button has 21 characters; the most is 20.")
    await expect(field(page, "options[1].title")).to_have_attribute("aria-invalid", "true")
    await field(page, "options[1].title").fill("Afternoon")
    await expect(wrong).not_to_contain_text("the most is 20.")
    await submit(page)
    await until(lambda: len(sent_kinds(world)) == 2)
    await expect(trouble).to_have_count(0)


async def test_nothing_is_offered_once_the_window_is_closed(open_console: Open) -> None:
    page = await open_console(every(), CLOSED)
    await expect(page.locator(".closed-window")).to_be_visible()
    await expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(0)


async def test_a_form_that_is_open_when_it_closes_is_kept(open_console: Open) -> None:
    world = every()
    page = await open_console(world, WHATSAPP)
    await acts.fill_form(page, "choices")
    await world.change(54, "ConversationRead", window_closes_at=ago(world.now(), minutes=1))
    await expect(page.locator(".closed-window")).to_be_visible()
    await expect(page.locator(".filling-sheet")).to_have_count(0)
