"""Files for a reply: chosen, pasted, dropped; told what does not fit; uploaded with progress; sent in order."""

import base64

import pytest
from console.acts import attach, file, open_plus
from console.conftest import Open
from console.stand_in_media import sample
from console.stand_in_speaking import sent_kinds
from console.test_kinds_shown import every
from console.test_sending import until, write
from playwright.async_api import FilePayload, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OURS, INSTAGRAM = "/inbox/54", "/inbox/52"
# A paste or a drop of one file, made of its bytes.
_GIVE = """(element, [how, name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type}));
  const given = how === "paste" ? {clipboardData: data} : {dataTransfer: data};
  const Kind = how === "paste" ? ClipboardEvent : DragEvent;
  element.dispatchEvent(new Kind(how, {...given, bubbles: true, cancelable: true}));
}"""


def large(name: str = "holiday.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": b"x" * 7_400_000}


async def give(page: Page, where: str, how: str) -> None:
    content, mime_type = sample("hills")
    told = [how, "hills.jpg", mime_type, base64.b64encode(content).decode()]
    await page.locator(where).evaluate(_GIVE, told)


async def test_files_go_out_in_order_with_the_words_at_the_first(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await attach(page, file("passport.jpg", "hills"), file("Agreement.pdf", "paper"))
    await expect(page.locator(".composer-field")).to_be_focused()
    await expect(page.locator(".composer-field")).to_have_attribute("placeholder", "Add a caption…")
    await page.keyboard.type("Both are signed.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("Agreement.pdf")
    await expect(page.locator(".message").nth(-2)).to_contain_text("Both are signed.")
    await expect(page.locator(".tray-item")).to_have_count(0)
    await until(lambda: len(sent_kinds(world)) == 2)
    assert sent_kinds(world) == [
        {"kind": "image", "attachment_id": 700, "caption": "Both are signed."},
        {"kind": "document", "attachment_id": 701, "name": "Agreement.pdf"},
    ]


@pytest.mark.parametrize(("how", "where"), [("paste", ".composer-field"), ("drop", ".timeline")])
async def test_a_picture_is_pasted_or_dropped(open_console: Open, how: str, where: str) -> None:
    world = every()
    page = await open_console(world, OURS)
    await give(page, where, how)
    await expect(page.locator(".tray-item")).to_contain_text("hills.jpg")
    await expect(page.locator(".tray-item img")).to_be_visible()
    await page.get_by_role("button", name="Send", exact=True).click()
    await until(lambda: [one["kind"] for one in sent_kinds(world)] == ["image"])


async def test_sent_while_it_is_uploaded_it_goes_as_soon_as_it_is_there(open_console: Open) -> None:
    world = every()
    world.uploads_go.clear()
    page = await open_console(world, OURS)
    await attach(page, file("passport.jpg", "hills"))
    await expect(page.get_by_role("progressbar", name="Uploading passport.jpg")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_have_attribute("aria-busy", "true")
    assert sent_kinds(world) == []
    world.uploads_go.set()
    await expect(page.locator(".message").last.locator(".picture")).to_be_visible()
    await until(lambda: len(sent_kinds(world)) == 1)


async def test_an_upload_is_called_off(open_console: Open) -> None:
    world = every()
    world.uploads_go.clear()
    page = await open_console(world, OURS)
    await attach(page, file("passport.jpg", "hills"))
    await page.get_by_role("button", name="Call off passport.jpg").click()
    await expect(page.locator(".tray-item")).to_have_count(0)
    world.uploads_go.set()
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()


async def test_what_is_taken_out_is_dropped_on_the_server(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await attach(page, file("passport.jpg", "hills"))
    await page.get_by_role("button", name="Take out passport.jpg").click()
    await until(lambda: ("DELETE", "/api/attachments/700", {}) in world.requests)


async def test_limits_are_told_before_anything_is_sent(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await expect(page.get_by_role("button", name="photos up to 5 MB")).to_be_visible()
    picture: FilePayload = {"name": "moving.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}
    await attach(page, large(), picture)
    tray = page.locator(".tray-item")
    await expect(tray.first).to_contain_text("7.4 MB: WhatsApp takes photos up to 5 MB.")
    await expect(tray.last).to_contain_text("WhatsApp takes photos only as JPEG and PNG.")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    assert world.uploads == []


async def test_the_button_says_what_stays_behind(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await attach(page, large(), file("passport.jpg", "hills"))
    await page.locator('.tray-item[data-state="ready"]').wait_for()
    await page.get_by_role("button", name="Send 1 of 2").click()
    await until(lambda: [one["kind"] for one in sent_kinds(world)] == ["image"])
    await expect(page.locator(".tray-item")).to_contain_text("holiday.png")
    await write(page, "The other one follows.")
    await expect(page.get_by_role("button", name="Send without files")).to_be_enabled()


async def test_each_channel_has_its_own_limits(open_console: Open) -> None:
    page = await open_console(every(), INSTAGRAM)
    await attach(page, large())
    await expect(page.locator('.tray-item[data-state="ready"]')).to_contain_text("holiday.png")


async def test_a_photo_is_made_to_fit(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    content, _ = sample("sticker")
    await attach(page, {"name": "shot.webp", "mimeType": "image/webp", "buffer": content})
    await page.get_by_role("button", name="Make it fit").click()
    await expect(page.locator('.tray-item[data-state="ready"]')).to_contain_text("shot.jpg")
    assert world.uploads[0]["mime_type"] == "image/jpeg"


async def test_a_refused_upload_says_why_and_is_tried_again(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    world.refuse_next = (422, {"type": "/problems/invalid", "status": 422, "detail": "The file is a program."})
    await attach(page, file("passport.jpg", "hills"))
    await expect(page.locator(".tray-item")).to_contain_text("The file is a program.")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator('.tray-item[data-state="ready"]')).to_be_visible()


async def test_a_stale_file_is_kept_and_goes_when_asked(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await attach(page, file("passport.jpg", "hills"))
    await write(page, "Here it is")
    await page.locator('.tray-item[data-state="ready"]').wait_for()
    await world.colleague_replies(54, "Omar here.")
    await expect(page.locator(".stale-banner")).to_be_visible()
    await page.keyboard.press("Enter")
    trouble = page.get_by_role("alert").filter(has_text="Omar Nasser replied while you were writing.")
    await trouble.get_by_role("button", name="Keep editing").click()
    await expect(page.locator(".tray-item")).to_have_count(1)
    await expect(page.locator(".composer-field")).to_have_value("Here it is")
    await page.locator(".composer-field").press("Enter")
    await expect(page.locator(".message").last).to_contain_text("Here it is")
    await until(lambda: world.uploads[0]["id"] == sent_kinds(world)[-1].get("attachment_id"))


async def test_files_wait_where_they_were_put(open_console: Open) -> None:
    page = await open_console(every(), OURS)
    await attach(page, file("passport.jpg", "hills"))
    await page.locator('.conversation[data-id="51"] a').click()
    await expect(page.get_by_role("heading", name="Maryam Al-Suwaidi")).to_be_visible()
    await expect(page.locator(".tray-item")).to_have_count(0)
    await page.locator('.conversation[data-id="54"] a').click()
    await expect(page.locator(".tray-item")).to_contain_text("passport.jpg")


async def test_a_note_takes_no_files(open_console: Open) -> None:
    page = await open_console(every(), OURS)
    await page.get_by_role("radio", name="Note").check()
    await expect(page.locator(".composer-tools")).to_have_count(0)


async def test_a_button_with_a_link(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await write(page, "Half a sentence")
    await open_plus(page)
    await page.get_by_role("menuitem", name="Button with a link").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Send")
    await page.get_by_label("Words above the button").fill("Everything about the fees")
    await page.get_by_label("Words on the button").fill("a" * 21)
    await page.get_by_label("Address it opens").fill("https://example.org/fees")
    await expect(send).to_be_disabled()
    await expect(page.get_by_text("21 of 20")).to_be_visible()
    await page.get_by_label("Words on the button").fill("Open the table")
    await send.click()
    await expect(page.locator(".message").last).to_contain_text("Open the table")
    await expect(page.locator(".composer-field")).to_have_value("Half a sentence")
    await until(lambda: len(sent_kinds(world)) == 1)
    assert sent_kinds(world) == [
        {
            "kind": "link",
            "text": "Everything about the fees",
            "title": "Open the table",
            "url": "https://example.org/fees",
        }
    ]


async def test_only_what_the_channel_takes_is_offered(open_console: Open) -> None:
    page = await open_console(every(), INSTAGRAM)
    await open_plus(page)
    await expect(page.locator(".composer-tools [role=menuitem]")).to_have_text(
        ["Quick replies", "Button with a link", "Buttons that stay", "Cards", "Place"]
    )


async def test_the_location_is_asked_for(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS)
    await open_plus(page)
    await page.get_by_role("menuitem", name="Ask for the location").click()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator(".message").last).to_contain_text("Send location")
    await until(lambda: [one["kind"] for one in sent_kinds(world)] == ["ask_location"])
