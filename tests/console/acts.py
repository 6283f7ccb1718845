"""What a person does in the console, for tests and pictures alike."""

import re

from console.stand_in_media import sample
from playwright.async_api import FilePayload, Page

# What is filled into each form, by field.
SAID = {
    "choices": {
        "text": "When shall we call you?", "options[0].title": "This morning", "options[1].title": "This afternoon",
        "options[2].title": "Tomorrow",
    },
    "list": {
        "text": "Which branch is nearest to you?", "button": "Our branches", "sections[0].title": "Dubai",
        "sections[0].options[0].title": "Downtown",
        "sections[0].options[0].description": "Sheikh Mohammed Blvd, until nine",
        "sections[0].options[1].title": "Marina", "sections[0].options[2].title": "Deira",
    },
    "link": {
        "text": "Everything about the fees", "title": "Open the table", "url": "example.org/fees",
    },
    "buttons": {
        "text": "How would you like to go on?", "buttons[0].title": "Talk to us", "buttons[1].title": "Read first",
        "buttons[1].url": "https://example.org/fees",
    },
    "cards": {
        "cards[0].title": "Balanced fund", "cards[0].subtitle": "0.9 % a year, no minimum",
        "cards[0].image_url": "https://example.org/balanced.jpg", "cards[0].buttons[0].title": "Tell me more",
        "cards[0].buttons[1].title": "Read", "cards[0].buttons[1].url": "https://example.org/balanced",
    },
    "contacts": {
        "contacts[0].name": "Omar Nasser", "contacts[0].organisation": "Investment Services",
        "contacts[0].phones[0].number": "+971 4 123 4567", "contacts[0].emails[0]": "omar@example.org",
    },
    "location": {
        "name": "Havana Café", "address": "Sheikh Mohammed bin Rashid Blvd, Dubai",
        "point": "https://maps.example/place/@25.1,55.2,17z/data=!3d25.19718!4d55.27437",
    },
}  # fmt: skip
_DRAG = """(element) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "x.png", {type: "image/png"}));
  element.dispatchEvent(new DragEvent("dragenter", {dataTransfer: data, bubbles: true}));
}"""


def file(name: str, of: str) -> FilePayload:
    content, mime_type = sample(of)
    return {"name": name, "mimeType": mime_type, "buffer": content}


async def attach(page: Page, *files: FilePayload) -> None:
    await page.locator(".composer input[type=file]").first.set_input_files(list(files))


async def fill_tray(page: Page) -> None:
    large: FilePayload = {"name": "holiday.png", "mimeType": "image/png", "buffer": b"x" * 7_400_000}
    await attach(page, file("passport.jpg", "hills"), file("Agreement.pdf", "paper"), large)
    await page.locator('.tray-item[data-state="ready"]').nth(1).wait_for()
    await page.locator(".composer-field").fill("Both are signed.")


async def record(page: Page) -> None:
    await page.locator(".composer-tools button").nth(1).click()
    await page.locator(".recorder-meter i").nth(12).wait_for(state="attached")


async def fill_template(page: Page) -> None:
    await page.locator(".picker-row:not(:disabled)").first.click()
    await page.locator(".template-fields input").first.fill("Fatima")


async def open_menu(page: Page) -> None:
    await page.locator(".message[data-kind=location]").focus()
    await page.keyboard.press("Enter")
    await page.locator(".popover:popover-open").wait_for()


async def open_emoji(page: Page) -> None:
    await open_menu(page)
    await page.locator(".emoji-row .emoji").last.click()
    await page.locator(".emoji-grid").wait_for()


async def open_earlier(page: Page) -> None:
    await page.locator("button.message-edited").click()
    await page.locator(".earlier-words:popover-open").wait_for()


async def open_viewer(page: Page) -> None:
    await page.locator(".picture").first.click()
    await page.locator(".viewer[open]").wait_for()


async def open_plus(page: Page) -> None:
    await page.locator(".composer-tools .menu-root button").click()


async def open_form(page: Page, form: str) -> None:
    await open_plus(page)
    await page.locator(f".composer-tools [data-form={form}]").click()
    await page.locator(".filling-sheet[open]").wait_for()


async def put_in(page: Page, values: dict[str, str]) -> None:
    """Path of a field → what is written there; a row is made where there is none yet."""
    for path, value in values.items():
        field = page.locator(f'[data-path="{path}"]')
        if not await field.count():
            await page.keyboard.press("Enter")
        await field.fill(value)


async def fill_form(page: Page, form: str) -> None:
    await open_form(page, form)
    await put_in(page, SAID[form])


async def open_attempts(page: Page) -> None:
    await page.locator(".message[data-status=failed]").first.focus()
    await page.keyboard.press("Enter")
    await page.locator(".popover [role=menuitem]").last.click()
    await page.locator(".attempt-list").wait_for()


async def drag_over(page: Page) -> None:
    await page.locator(".thread").evaluate(_DRAG)


def reads(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))
