"""Files of a message: photos seen large, voices heard in place, what was awaited or taken back."""

import pytest
from console.conftest import Open
from console.test_kinds_shown import every
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IN = "/inbox/51"


async def test_a_photo_opens_large_and_the_keys_lead_through(open_console: Open) -> None:
    page = await open_console(every(), IN)
    await page.get_by_role("button", name="Photo from Maryam Al-Suwaidi: open it large").first.focus()
    await page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Photo, large")
    await expect(viewer).to_contain_text("1 of 2")
    await expect(viewer.get_by_role("img")).to_have_attribute("src", "/api/attachments/11/content")
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of 2")
    await expect(viewer.get_by_role("img")).to_have_attribute("src", "/api/attachments/12/content")
    await page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(page.get_by_role("button", name="open it large").first).to_be_focused()


async def test_the_keys_turn_round_where_the_page_does(open_console: Open) -> None:
    page = await open_console(every(language="ar"), IN)
    await page.locator(".picture").first.click()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".viewer img")).to_have_attribute("src", "/api/attachments/12/content")


async def test_a_voice_message_plays_in_place(open_console: Open) -> None:
    page = await open_console(every(), IN)
    voice = page.get_by_role("group", name="Voice message from Maryam Al-Suwaidi")
    await expect(voice).to_contain_text("0:06")
    await voice.get_by_role("button", name="Speed: 1 times").click()
    await voice.get_by_role("button", name="Speed: 1.5 times").click()
    await voice.get_by_role("button", name="Play").click()
    await expect(voice.get_by_role("button", name="Pause")).to_be_visible()
    assert await voice.locator("audio").evaluate("sound => sound.playbackRate") == 2
    await voice.get_by_role("slider").fill("4")
    await expect(voice.get_by_role("slider")).to_have_attribute("aria-valuetext", "0:04 / 0:06")
    other = page.get_by_role("group", name="interview.wav from Maryam Al-Suwaidi")
    await other.get_by_role("button", name="Play").click()
    await expect(voice.get_by_role("button", name="Play")).to_be_visible()


async def test_a_file_that_came_is_shown_where_it_was_awaited(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    [awaited] = [
        one for one in world.threads[51]["messages"] for file in one["attachments"] if file["state"] == "waiting"
    ]
    awaited["attachments"][0] |= {"id": 12, "state": "stored", "mime_type": "image/jpeg", "width": 800, "height": 1200,
                                  "url": "/api/attachments/12/content"}  # fmt: skip
    await world.push(51, "AttachmentStored", message=awaited, data={"message_id": awaited["id"]})
    await expect(page.locator(f"#message-{awaited['id']} .picture img")).to_be_visible()


async def test_what_is_taken_back_leaves_the_screen(open_console: Open) -> None:
    world = every()
    page = await open_console(world, IN)
    said = world.threads[51]["messages"][0]
    await expect(page.locator(f"#message-{said['id']}")).to_contain_text("Is this still on?")
    said |= {"kind": "revoke", "text": "", "body": {}, "revoked_at": said["at"], "referral": None, "attachments": []}
    await world.push(51, "MessageRevoked", message=said, data={"message_id": said["id"]})
    await expect(page.locator(f"#message-{said['id']}")).to_contain_text("Taken back by the customer")
    await expect(page.get_by_text("Is this still on?")).to_have_count(0)


async def test_a_video_and_a_sticker_are_seen(open_console: Open) -> None:
    page = await open_console(every(), IN)
    await page.locator(".sticker").scroll_into_view_if_needed()
    await expect(page.locator(".sticker")).to_have_js_property("naturalWidth", 512)
    await expect(page.locator(".film video")).to_have_js_property("videoWidth", 320)
