"""The phone pages in a browser: writing, pressing, sending files, and what the business sends."""

from typing import Any

import pytest
from playwright.async_api import expect
from simulator.meta_side import Meta, Receiver, eventually
from simulator.pages.visiting import Visit
from simulator.sending import CAFE, SCHOOL
from simulator.telling import INBOX, answered, send

from server.simulator.files import samples
from server.simulator.kinds.catalogue import names


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


# What the page sends without its plus sign: tested here one by one, or by the simulator itself.
WITHOUT_PLUS = {
    "whatsapp": {"text", "button_reply", "list_reply", "button", "reaction", "edit", "revoke"},
    "messenger": {"text", "quick_reply", "referral", "reaction", "edit", "revoke", "read"},
    "instagram": {"text", "quick_reply", "referral", "reaction", "edit", "revoke", "read"},
}


@pytest.mark.browser
async def test_the_menu_offers_every_kind_of_the_catalogue(visit: Visit) -> None:
    page = await visit.open("/phone/sara-khalil/cafe-whatsapp")
    menu, otherwise = await page.evaluate(
        """async () => {
            const { KINDS, OTHERWISE } = await import("/assets/kinds.js");
            const kinds = ([channel, groups]) => [channel, Object.values(groups).flat().map(({ wish }) => wish.kind)];
            return [Object.fromEntries(Object.entries(KINDS).map(kinds)), OTHERWISE];
        }"""
    )
    for channel, kinds in names().items():
        assert set(kinds) - set(menu[channel]) == WITHOUT_PLUS[channel]
        assert set(menu[channel]) <= set(kinds)
        assert set(otherwise) >= WITHOUT_PLUS[channel]


@pytest.mark.browser
async def test_what_leaves_no_line_is_said_and_notes_read_in_the_page_s_language(
    visit: Visit, meta: Meta, receiver: Receiver
) -> None:
    await send(meta, "messenger", "optin")
    page = await visit.open("/phone/sara-khalil/school-messenger", language="ar")
    await expect(page.locator(".note")).to_have_text("وافق على تلقّي الرسائل")
    await page.locator("[data-plus]").click()
    await page.get_by_role("button", name="إلى تطبيق آخر").click()
    await expect(page.locator("[data-notice]")).to_have_text("أُبلغت المنشأة: إلى تطبيق آخر")
    await meta.settled()
    assert "pass_thread_control" in receiver.messaging[-1]


@pytest.mark.browser
async def test_a_film_in_a_story_plays_on_the_phone(visit: Visit, meta: Meta, receiver: Receiver) -> None:
    page = await visit.open("/phone/sara-khalil/desk-instagram")
    await page.locator("[data-plus]").click()
    await page.get_by_role("button", name="Video story mention").click()
    await expect(page.locator(".own video")).to_have_attribute("src", "/samples/clip.mp4")
    await meta.settled()
    [attachment] = receiver.messaging[-1]["message"]["attachments"]
    assert attachment["type"] == "story_mention"
    # Meta does not say what it is.
    assert set(attachment["payload"]) == {"url"}


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
async def test_everything_behind_the_plus_is_sent_and_shown(
    visit: Visit, meta: Meta, receiver: Receiver, theme: str, language: str
) -> None:
    for channel, inbox in INBOX.items():
        # Some of it is about an answer.
        await send(meta, channel, "text", text="Hello")
        await answered(meta, channel)
        page = await visit.open(f"/phone/sara-khalil/{inbox}", theme=theme, language=language)
        await page.locator("[data-plus]").click()
        tiles = await page.locator(".tile[data-kind]").count()
        assert tiles >= 13
        assert await visit.violations(page) == []
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-plus]")).to_be_focused()
        for number in range(tiles):
            await page.locator("[data-plus]").click()
            await page.locator(".tile[data-kind]").nth(number).click()
            await expect(page.locator("[data-sheet]")).to_be_hidden()
        await meta.settled()
        await expect(page.locator(".line").last).to_be_in_viewport()
        facts = [*meta.logged("customer_wrote"), *meta.logged("customer_did")]
        assert (
            set(names()[channel]) - {fact["kind"] for fact in facts if fact["inbox"] == inbox} <= WITHOUT_PLUS[channel]
        )
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


def _user_id(meta: Meta) -> str:
    person = meta.world.customers.get("layla-mansour")
    assert person is not None
    return person.identifier(meta.world.inboxes["cafe-whatsapp"])
