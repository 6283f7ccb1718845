"""What a person does in the console, for tests and pictures alike."""

import re

from console.stand_in_media import sample
from playwright.async_api import FilePayload, Page

FLAGS = [
    "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # fmt: skip
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


async def open_viewer(page: Page) -> None:
    await page.locator(".picture").first.click()
    await page.locator(".viewer[open]").wait_for()


async def open_plus(page: Page) -> None:
    await page.locator(".composer-tools .menu-root button").click()


async def open_link(page: Page) -> None:
    await open_plus(page)
    await page.locator(".composer-tools [role=menuitem]").nth(1).click()


async def open_attempts(page: Page) -> None:
    await page.locator(".message[data-status=failed]").first.focus()
    await page.keyboard.press("Enter")
    await page.locator(".popover [role=menuitem]").last.click()
    await page.locator(".attempt-list").wait_for()


async def drag_over(page: Page) -> None:
    await page.locator(".thread").evaluate(_DRAG)


def reads(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))
