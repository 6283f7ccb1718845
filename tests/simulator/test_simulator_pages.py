"""The phone and switches pages, in a browser and by their bytes."""

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import which
from typing import Any

import aiohttp
import msgspec
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from simulator.meta_side import Meta, Receiver, eventually

from server.simulator.assets import ASSETS
from server.simulator.config import SimulatorConfig
from server.simulator.files import samples
from server.simulator.pages import texts
from server.simulator.serving import running

CAFE = "106540000000101/messages"
SCHOOL = "109870000000201/messages"
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
FLAGS = [
    "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or which("chromium")
        chromium = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=FLAGS)
        yield chromium
        await chromium.close()


class Visit:
    def __init__(self, browser: Browser, meta: Meta) -> None:
        self._browser = browser
        self._meta = meta
        self.complaints: list[str] = []

    async def open(self, path: str, *, width: int = 1440, language: str = "en", theme: str = "light") -> Page:
        # axe is put in by the test, which the page's own policy would rightly refuse.
        context = await self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            bypass_csp=True,
        )
        await context.add_cookies([{"name": "simulator_language", "value": language, "url": self._meta.url}])
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self._meta.url + path)
        return page

    async def violations(self, page: Page) -> list[str]:
        await page.evaluate(AXE)
        found: list[str] = await page.evaluate(
            "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' ')}`))"
        )
        return found


@pytest.fixture
async def visit(browser: Browser, meta: Meta) -> AsyncIterator[Visit]:
    visitor = Visit(browser, meta)
    yield visitor
    assert visitor.complaints == []


@pytest.mark.browser
async def test_three_phones_write_and_hear_the_answers(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/")
    school = page.locator("[data-phone='1']")
    await school.get_by_label("Message", exact=True).fill("السلام عليكم <b>كيف الحال</b>")
    await school.get_by_label("Message", exact=True).press("Enter")
    await expect(school.locator(".own .text")).to_have_text("السلام عليكم <b>كيف الحال</b>")
    await expect(school.locator(".own .tick")).to_have_text("Delivered")
    psid = receiver.messaging[0]["sender"]["id"]
    await meta.graph(SCHOOL, {"recipient": {"id": psid}, "sender_action": "typing_on"})
    await expect(school.locator("[data-under]")).to_have_text("typing…")
    quick = [{"content_type": "text", "title": "الأسعار", "payload": "PRICES"}]
    await meta.graph(SCHOOL, {"recipient": {"id": psid}, "message": {"text": "أهلا!", "quick_replies": quick}})
    await school.get_by_role("button", name="الأسعار").click()
    await expect(school.locator(".own .text").last).to_have_text("الأسعار")
    await meta.settled()
    assert receiver.messaging[-1]["message"]["quick_reply"] == {"payload": "PRICES"}
    # On the screen means read.
    assert any("read" in item for item in receiver.messaging)
    assert await visit.violations(page) == []


@pytest.mark.browser
async def test_a_list_is_chosen_by_keyboard_on_a_narrow_arabic_phone(
    visit: Visit, meta: Meta, receiver: Receiver
) -> None:
    page = await visit.open("/phone/layla-mansour/cafe-whatsapp", width=390, language="ar", theme="dark")
    assert await page.locator("html").get_attribute("dir") == "rtl"
    sections = [{"rows": [{"id": "hours", "title": "المواعيد"}, {"id": "menu", "title": "القائمة"}]}]
    content = {"type": "list", "body": {"text": "أهلا"}, "action": {"button": "الخيارات", "sections": sections}}
    recipient = _user_id(meta)
    body = {"messaging_product": "whatsapp", "recipient": recipient, "type": "interactive", "interactive": content}
    status, answer = await meta.graph(CAFE, body)
    assert status == 200, answer
    opener = page.get_by_role("button", name="الخيارات")
    await opener.press("Enter")
    await expect(page.get_by_role("button", name="المواعيد")).to_be_focused()
    assert await visit.violations(page) == []
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await page.get_by_role("button", name="القائمة").press("Enter")
    await expect(page.locator(".own .text")).to_have_text("القائمة")
    await meta.settled()
    assert receiver.messages[0]["interactive"]["list_reply"]["id"] == "menu"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
async def test_a_visitor_adds_a_person_and_arrives_by_an_ad(visit: Visit, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/desk-whatsapp")
    await page.get_by_role("combobox", name="Customer").select_option(label="New customer…")
    await page.get_by_label("Name", exact=True).fill("Rami Nasser")
    await page.get_by_label("Hide the number").check()
    await page.get_by_role("button", name="Create").click()
    await expect(page.locator("[data-known]")).to_contain_text("Number hidden")
    await page.get_by_role("button", name="Arrive by an ad").click()
    await expect(page.locator(".card strong")).to_have_text("Retire on your own terms")
    await page.get_by_label("Message", exact=True).fill("Tell me more")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".own .tick svg")).to_have_attribute("aria-label", "Delivered")
    assert "/phone/rami-nasser/desk-whatsapp" in page.url
    assert receiver.messages[0]["referral"]["headline"] == "Retire on your own terms"
    assert "from" not in receiver.messages[0]


@pytest.mark.browser
async def test_switches_apply_at_once(visit: Visit, meta: Meta) -> None:
    page = await visit.open("/switches", width=390)
    assert await visit.violations(page) == []
    await page.get_by_label("No phone numbers").check()
    await expect(page.locator("[data-notice]")).to_have_text("Applied")
    assert meta.world.switches.hide_phones
    await page.get_by_label("Duplicates").fill("50")
    await expect(page.locator("output[for=duplicates]")).to_have_text("50%")
    await page.get_by_role("button", name="Back to good behaviour").click()
    await expect(page.get_by_label("No phone numbers")).not_to_be_checked()
    assert meta.world.switches.duplicates == 0


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
async def test_everything_behind_the_plus_is_sent_and_shown(
    visit: Visit, meta: Meta, receiver: Receiver, theme: str, language: str
) -> None:
    for inbox in ("cafe-whatsapp", "school-messenger", "desk-instagram"):
        page = await visit.open(f"/phone/sara-khalil/{inbox}", theme=theme, language=language)
        await page.locator("[data-plus]").click()
        tiles = await page.locator(".tile:not(.tile-device)").count()
        assert tiles >= 13
        assert await visit.violations(page) == []
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-plus]")).to_be_focused()
        for number in range(tiles):
            await page.locator("[data-plus]").click()
            await page.locator(".tile:not(.tile-device)").nth(number).click()
            await expect(page.locator("[data-sheet]")).to_be_hidden()
        await meta.settled()
        await expect(page.locator(".line").last).to_be_in_viewport()
        assert await visit.violations(page) == []
        await page.context.close()
    kinds = {message["type"] for message in receiver.messages}
    assert {"image", "video", "audio", "document", "sticker", "location", "contacts", "order", "unsupported"} <= kinds


@pytest.mark.browser
async def test_a_bubble_is_reacted_to_answered_edited_and_unsent(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/cafe-whatsapp")
    await meta.said("sara-khalil", "cafe-whatsapp", "A table for four")
    welcome = {"messaging_product": "whatsapp", "to": "15550101142", "text": {"body": "Welcome"}}
    _, answer = await meta.graph(CAFE, welcome)
    theirs, own = page.locator(".line:not(.own)").last, page.locator(".line.own").first
    await theirs.get_by_role("button", name="More for this message").click()
    assert await visit.violations(page) == []
    await page.get_by_role("menuitem", name="React with 👍").click()
    await expect(theirs.locator(".reaction")).to_have_text("👍")
    await theirs.locator(".bubble").click(button="right")
    await page.get_by_role("menuitem", name="Reply").press("Enter")
    await expect(page.locator("[data-about-text]")).to_have_text("Welcome")
    await page.get_by_label("Message", exact=True).fill("Thank you")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.own .quote")).to_have_text("Welcome")
    await own.get_by_role("button", name="More for this message").press("Enter")
    await page.get_by_role("menuitem", name="Edit").click()
    await page.get_by_label("Message", exact=True).fill("A table for five")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(own.locator(".text")).to_have_text("A table for five")
    await expect(own.locator(".foot")).to_contain_text("edited")
    await own.get_by_role("button", name="More for this message").click()
    await page.get_by_role("menuitem", name="Unsend").click()
    await expect(own.locator(".text")).to_have_text("You deleted this message")
    await meta.settled()
    kinds = [message["type"] for message in receiver.messages]
    assert kinds == ["text", "reaction", "text", "edit", "revoke"]
    assert receiver.messages[2]["context"]["id"] == answer["messages"][0]["id"]


@pytest.mark.browser
async def test_what_the_business_sends_is_shown(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/cafe-whatsapp")

    async def send(kind: str, **content: Any) -> None:
        body = {"messaging_product": "whatsapp", "to": "15550101142", "type": kind, kind: content}
        status, answer = await meta.graph(CAFE, body)
        assert status == 200, answer

    number = await meta.uploaded("106540000000101", samples.data("photo.jpg"), "image/jpeg")
    await send("image", id=number, caption="Our terrace")
    photo = page.locator("img.photo")
    await expect(photo).to_be_visible()
    assert await photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 960
    voice = await meta.uploaded("106540000000101", samples.data("voice.ogg"), "audio/ogg; codecs=opus")
    await send("audio", id=voice, voice=True)
    await page.locator("audio").evaluate("sound => { sound.muted = true; return sound.play(); }")
    await eventually(lambda: any(status["status"] == "played" for status in receiver.statuses))
    request = {"type": "location_request_message", "body": {"text": "Where?"}, "action": {"name": "send_location"}}
    await send("interactive", **request)
    await page.get_by_role("button", name="Send location").click()
    await expect(page.locator(".line.own .place-card")).to_be_visible()
    person = {"name": {"formatted_name": "Nadia Hassan"}, "phones": [{"phone": "+966555010199"}]}
    body = {"messaging_product": "whatsapp", "to": "15550101142", "type": "contacts", "contacts": [person]}
    assert (await meta.graph(CAFE, body))[0] == 200
    await expect(page.locator(".people")).to_contain_text("Nadia Hassan")
    assert await visit.violations(page) == []


@pytest.mark.browser
async def test_cards_are_pressed_one_by_one(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/school-messenger", width=390, theme="dark")
    person = meta.world.customers.get("sara-khalil")
    assert person is not None
    recipient = {"id": person.identifier(meta.world.inboxes["school-messenger"])}
    elements = [
        {"title": name, "subtitle": "Five meals", "buttons": [{"type": "postback", "title": "Order", "payload": name}]}
        for name in ("Week", "Month")
    ]
    attachment = {"type": "template", "payload": {"template_type": "generic", "elements": elements}}
    assert (await meta.graph(SCHOOL, {"recipient": recipient, "message": {"attachment": attachment}}))[0] == 200
    await page.locator(".shop-card", has_text="Month").get_by_role("button", name="Order").click()
    await expect(page.locator(".own .text")).to_have_text("Order")
    await meta.settled()
    assert receiver.messaging[-1]["postback"]["payload"] == "Month"
    assert await visit.violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
async def test_a_visitors_own_file_goes_out(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/cafe-whatsapp")
    await page.locator("[data-plus]").click()
    chosen = {"name": "قائمة.pdf", "mimeType": "application/pdf", "buffer": samples.data("menu.pdf")}
    await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    await expect(page.locator(".paper strong")).to_have_text("قائمة.pdf")
    await meta.settled()
    assert receiver.messages[0]["document"]["filename"] == "قائمة.pdf"


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


def test_every_word_is_there_in_both_languages() -> None:
    words = texts.load()
    assert set(words["en"]) == set(words["ar"])
    kinds = (ASSETS / "js" / "kinds.js").read_text(encoding="utf-8")
    sent = set(re.findall(r'thing\("([a-z_]+)"', kinds)) | set(re.findall(r'label: "kind_([a-z]+)"', kinds))
    assert {f"kind_{kind}" for kind in sent} <= set(words["en"])


async def test_pages_carry_text_as_data_and_no_inline_script(meta: Meta) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "</script><script>alert(1)</script>")
    async with aiohttp.ClientSession() as session:
        for path in ("/phone/sara-khalil/cafe-whatsapp", "/", "/switches?lang=ar"):
            async with session.get(meta.url + path) as response:
                text = await response.text()
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
            assert "<script>" not in text
            assert "style=" not in text
        async with session.get(f"{meta.url}/phone/nobody/cafe-whatsapp") as response:
            assert response.status == 404


async def test_a_stream_begins_with_the_thread_and_ends_with_the_server(config: SimulatorConfig) -> None:
    async with running(config) as place, aiohttp.ClientSession() as session:
        key = "sara-khalil:cafe-whatsapp"
        async with session.get(f"{place.url}/events", params={"thread": key, "look": key}) as response:
            first = json.loads((await response.content.readline()).removeprefix(b"data: "))
            assert first["thread"]["lines"] == []
            thread = place.simulator.acts.thread("sara-khalil", "cafe-whatsapp")
            place.simulator.speaking.say(thread, "Hello")
            await response.content.readline()
            change = json.loads((await response.content.readline()).removeprefix(b"data: "))
            assert change["line"]["text"] == "Hello"
            place.simulator.world.feed.close()
            await response.content.read()
        assert thread.viewers == 0


async def test_phones_remember_after_a_restart(config: SimulatorConfig, tmp_path: Path) -> None:
    kept = msgspec.structs.replace(config, memory=tmp_path / "phones.json")
    async with running(kept) as place:
        amal = place.simulator.acts.create({"name": "Amal Nasser"})
        before = place.simulator.acts.thread(amal.id, "cafe-whatsapp")
        place.simulator.speaking.say(before, "Remember me")
    assert (tmp_path / "phones.json").stat().st_mode & 0o077 == 0
    async with running(kept) as place:
        after: Any = place.simulator.acts.thread("amal-nasser", "cafe-whatsapp")
        assert [line.text for line in after.lines] == ["Remember me"]
        assert after.last_inbound_at == before.last_inbound_at


def _user_id(meta: Meta) -> str:
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    return person.identifier(meta.world.inboxes["cafe-whatsapp"])
