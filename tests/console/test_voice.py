"""A voice message: recorded, paused, heard, thrown away, sent; and what is said when there is no microphone."""

import pytest
from console.acts import record
from console.conftest import Open
from console.stand_in_speaking import sent_kinds
from console.test_kinds_shown import every
from console.test_sending import until, write
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OURS = "/inbox/54"
MAY = ("microphone",)


async def test_a_voice_message_is_recorded_and_sent(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS, permissions=MAY)
    await write(page, "Half a sentence")
    await record(page)
    recorder = page.locator(".recorder")
    await recorder.get_by_role("button", name="Pause").click()
    await expect(recorder.get_by_role("button", name="Go on")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(recorder.get_by_role("button", name="Pause")).to_be_visible()
    await recorder.get_by_role("button", name="Send").click()
    sent = page.locator(".message").last
    await expect(sent.get_by_role("group", name="Voice message")).to_be_visible()
    await expect(page.locator(".composer-field")).to_have_value("Half a sentence")
    await until(lambda: len(sent_kinds(world)) == 1)
    assert sent_kinds(world) == [{"kind": "audio", "attachment_id": 700, "voice": True}]
    [told] = world.uploads
    assert (told["voice"], told["mime_type"]) == (True, "audio/webm")
    assert told["size"] > 1000


async def test_it_is_heard_before_it_is_sent(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS, permissions=MAY)
    await record(page)
    await page.locator(".recorder").get_by_role("button", name="Listen").click()
    player = page.locator(".recorder .audio")
    await player.get_by_role("button", name="Play").click()
    await expect(player.get_by_role("button", name="Pause")).to_be_visible()
    await page.locator(".recorder").get_by_role("button", name="Send").click()
    await until(lambda: len(sent_kinds(world)) == 1)


async def test_it_is_thrown_away_and_the_microphone_let_go(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS, permissions=MAY)
    await record(page)
    await page.keyboard.press("Escape")
    await expect(page.locator(".recorder")).to_have_count(0)
    await expect(page.locator(".composer-field")).to_be_visible()
    assert world.uploads == []


async def test_leaving_throws_it_away_too(open_console: Open) -> None:
    page = await open_console(every(), OURS, permissions=MAY)
    await record(page)
    await page.locator('.conversation[data-id="51"] a').click()
    await expect(page.get_by_role("heading", name="Maryam Al-Suwaidi")).to_be_visible()
    await expect(page.locator(".recorder")).to_have_count(0)


@pytest.mark.parametrize(("error", "words"), [
    ("NotAllowedError", "The browser does not allow the microphone for this site."),
    ("NotFoundError", "No microphone was found."),
    ("NotReadableError", "Another program holds the microphone."),
])  # fmt: skip
async def test_a_missing_microphone_is_told_in_words(open_console: Open, error: str, words: str) -> None:
    page = await open_console(every(), OURS)
    refuse = f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{error}'))"
    await page.evaluate(f"() => {{ {refuse} }}")
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    await page.get_by_role("button", name="Back to writing").click()
    await expect(page.locator(".composer-field")).to_be_visible()


async def test_a_voice_message_that_did_not_get_through_is_still_there(open_console: Open) -> None:
    world = every()
    page = await open_console(world, OURS, permissions=MAY)
    await record(page)
    world.refuse_next = (503, {"type": "/problems/unavailable", "status": 503, "detail": "The store is away."})
    await page.locator(".recorder").get_by_role("button", name="Send").click()
    await expect(page.get_by_text("The store is away.")).to_be_visible()
    await page.locator(".recorder").get_by_role("button", name="Send").click()
    await until(lambda: len(sent_kinds(world)) == 1)
