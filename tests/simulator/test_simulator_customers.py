"""Customers by hand and by script: what they tell the business and how they react to it."""

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from simulator.meta_side import SECRET, Meta, Receiver, eventually

from server.simulator import inboxes
from server.simulator.__main__ import main
from server.simulator.cast import created
from server.simulator.scripts import scenarios
from server.simulator.threads import Option, Thread

CAFE = "106540000000101/messages"
SCHOOL = "109870000000201/messages"


async def test_pressing_a_button_answers_that_message(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    reply = {"type": "reply", "reply": {"id": "hours", "title": "Opening hours"}}
    content = {"type": "button", "body": {"text": "How can we help?"}, "action": {"buttons": [reply]}}
    body = {"messaging_product": "whatsapp", "to": "15550101142", "type": "interactive", "interactive": content}
    _, answer = await meta.graph(CAFE, body)
    asked = answer["messages"][0]["id"]
    await meta.control("/customers/sara-khalil/press", {"inbox": "cafe-whatsapp", "option": "Opening hours"})
    await meta.settled()
    pressed = receiver.messages[-1]
    assert pressed["context"] == {"from": "966125550101", "id": asked}
    assert pressed["interactive"]["button_reply"] == {"id": "hours", "title": "Opening hours"}


async def test_messenger_tells_quick_replies_from_template_buttons(meta: Meta, receiver: Receiver) -> None:
    person = meta.world.customers.get("omar-haddad")
    assert person is not None
    recipient = {"id": person.identifier(meta.world.inboxes["school-messenger"])}
    quick = [{"content_type": "text", "title": "الأسعار", "payload": "PRICES"}]
    await meta.graph(SCHOOL, {"recipient": recipient, "message": {"text": "اختر", "quick_replies": quick}})
    await meta.control("/customers/omar-haddad/press", {"inbox": "school-messenger", "option": "PRICES"})
    await meta.settled()
    assert receiver.messaging[-1]["message"]["quick_reply"] == {"payload": "PRICES"}
    payload = {
        "template_type": "button",
        "text": "أو",
        "buttons": [{"type": "postback", "title": "موظف", "payload": "PERSON"}],
    }
    await meta.graph(
        SCHOOL, {"recipient": recipient, "message": {"attachment": {"type": "template", "payload": payload}}}
    )
    await meta.control("/customers/omar-haddad/press", {"inbox": "school-messenger", "option": "موظف"})
    await meta.settled()
    postback = receiver.messaging[-1]["postback"]
    assert (postback["title"], postback["payload"]) == ("موظف", "PERSON")


@pytest.mark.parametrize("click_id", [True, False])
async def test_an_ad_click_travels_with_the_first_whatsapp_message(
    meta: Meta, receiver: Receiver, click_id: bool
) -> None:
    start = {"inbox": "desk-whatsapp", "entrance": "ad", "click_id": click_id, "ad_id": "120210000000000001"}
    await meta.control("/customers/james-whitfield/start", start)
    await meta.said("james-whitfield", "desk-whatsapp", "Tell me more")
    await meta.said("james-whitfield", "desk-whatsapp", "Please")
    first, second = receiver.messages
    assert first["referral"]["source_type"] == "ad"
    assert first["referral"]["source_id"] == "120210000000000001"
    assert ("ctwa_clid" in first["referral"]) is click_id
    assert "referral" not in second


async def test_instagram_ads_come_with_the_message_and_messenger_ads_with_the_start(
    meta: Meta, receiver: Receiver
) -> None:
    for inbox in ("desk-instagram", "school-messenger"):
        await meta.control("/customers/hannah-becker/start", {"inbox": inbox, "entrance": "ad"})
        await meta.said("hannah-becker", inbox, "Hello")
    first, second, third = receiver.messaging
    assert first["message"]["referral"]["source"] == "ADS"
    assert first["message"]["referral"]["ads_context_data"]["ad_title"]
    assert second["postback"]["referral"]["ad_id"] == "120200000000002"
    assert "referral" not in third["message"]
    await meta.control(
        "/customers/hannah-becker/start", {"inbox": "school-messenger", "entrance": "link", "ref": "fair"}
    )
    await meta.settled()
    assert receiver.messaging[-1]["referral"] == {"ref": "fair", "source": "SHORTLINK", "type": "OPEN_THREAD"}


async def test_somebody_of_the_business_answers_elsewhere(meta: Meta, receiver: Receiver) -> None:
    for customer, inbox in (("sara-khalil", "cafe-whatsapp"), ("omar-haddad", "school-messenger")):
        await meta.said(customer, inbox, "Hi")
        await meta.control(f"/customers/{customer}/business", {"inbox": inbox, "text": "From the shop floor"})
    await meta.settled()
    (echo,) = [value["message_echoes"][0] for value in receiver.values if "message_echoes" in value]
    assert (echo["from"], echo["to"], echo["text"]["body"]) == ("966125550101", "15550101142", "From the shop floor")
    assert receiver.messaging[-1]["message"]["app_id"] == 26390203743090


async def test_a_newcomer_can_hide_the_number(meta: Meta, receiver: Receiver) -> None:
    wanted = {"name": "Amal Nasser", "hides_phone": True, "language": "ar"}
    person = await meta.control("/customers", wanted)
    assert person["id"] == "amal-nasser"
    await meta.said("amal-nasser", "cafe-whatsapp", "مساء الخير")
    assert "from" not in receiver.messages[0]
    assert receiver.messages[0]["from_user_id"] == person["identifiers"]["cafe-whatsapp"]
    assert (await meta.control("/customers", {"id": "amal-nasser", "name": "x"}))["name"] == "Amal Nasser"
    assert (await meta.control("/customers", wanted))["id"] == "amal-nasser-2"


async def test_no_whatsapp_number_shows_when_the_switch_says_so(meta: Meta, receiver: Receiver) -> None:
    await meta.control("", {"hide_phones": True})
    await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    assert "wa_id" not in receiver.values[0]["contacts"][0]


async def test_the_thread_can_be_waited_for(meta: Meta) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    waiting = asyncio.create_task(meta.control("/customers/sara-khalil/thread?inbox=cafe-whatsapp&business=1&wait=5"))
    await asyncio.sleep(0.05)
    body = {"messaging_product": "whatsapp", "to": "15550101142", "text": {"body": "Welcome"}}
    await meta.graph(CAFE, body)
    thread = await waiting
    assert [(line["author"], line["text"]) for line in thread["lines"]] == [("customer", "Hi"), ("business", "Welcome")]


@pytest.mark.parametrize(
    ("path", "body", "status", "names"),
    [
        ("", {"duplicates": 2}, 400, "duplicates"),
        ("", {"unheard_of": True}, 400, "unheard_of"),
        ("/customers/nobody/say", {"inbox": "cafe-whatsapp", "text": "x"}, 404, "nobody"),
        ("/customers/sara-khalil/say", {"inbox": "elsewhere", "text": "x"}, 404, "elsewhere"),
        ("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp", "text": " "}, 400, "text"),
        ("/customers/sara-khalil/say", {"inbox": "cafe-whatsapp"}, 400, "text"),
        ("/customers/sara-khalil/press", {"inbox": "cafe-whatsapp", "option": "Nothing"}, 400, "option"),
        ("/customers/sara-khalil/fly", {"inbox": "cafe-whatsapp"}, 404, "fly"),
        ("/customers", {"name": ""}, 400, "name"),
    ],
)
async def test_what_cannot_be_asked_is_named(
    meta: Meta, path: str, body: dict[str, Any], status: int, names: str
) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{meta.url}/control{path}", json=body) as response:
        assert response.status == status
        assert names in (await response.json())["error"]


async def test_scripted_customers_press_ask_thank_and_leave(meta: Meta, receiver: Receiver) -> None:
    book = scenarios.load()
    scenario = next(each for each in book.scenarios if each.sector == "hospitality" and each.language == "en")
    thread = meta.simulator.director.send_in(scenario)
    assert thread is not None
    options = [{"type": "reply", "reply": {"id": name, "title": name.title()}} for name in ("hours", "menu")]
    content = {"type": "button", "body": {"text": "How can we help?"}, "action": {"buttons": options}}
    to = f"+{thread.customer.phone}"
    body = {"messaging_product": "whatsapp", "to": to, "type": "interactive", "interactive": content}
    for step in range(1, 5):
        await eventually(partial(_wrote, thread, step))
        status, _ = await meta.graph(CAFE, body)
        assert status == 200
    wrote = [line.text for line in thread.lines if line.author == "customer"]
    assert wrote == ["Hi! Are you open tonight?", "Hours", "Menu", scenario.steps[-1].say]
    await eventually(lambda: meta.simulator.director.playing == 0)
    assert thread.from_business()[-1].status == "read"


async def test_scripted_customers_come_at_the_rate_in_every_sector(meta: Meta, receiver: Receiver) -> None:
    await meta.control("", {"rate": 6000})
    await eventually(lambda: meta.simulator.director.started >= 40)
    await meta.control("", {"rate": 0})
    sectors = {thread.inbox.sector for thread in meta.world.threads()}
    assert sectors == {"hospitality", "education", "financial"}
    assert {thread.customer.language for thread in meta.world.threads()} == {"en", "ar"}


def test_every_script_is_for_a_known_wish_in_both_languages() -> None:
    book = scenarios.load()
    for sector in ("hospitality", "education", "financial"):
        assert {each.language for each in book.scenarios if each.sector == sector} == {"en", "ar"}
    wishes = {step.intent for each in book.scenarios for step in each.steps if step.intent}
    assert wishes <= set(book.intents)
    step = next(step for each in book.scenarios for step in each.steps if step.intent == "prices")
    chosen = book.wanted(step, [Option(id="m", title="Menu"), Option(id="p", title="الأسعار")])
    assert chosen is not None
    assert chosen.id == "p"


def test_the_demo_organisation_can_be_read() -> None:
    accounts = inboxes.read()
    assert len({inbox.id for inbox in accounts.inboxes}) == 9
    assert accounts.ads["financial"]
    (app,) = accounts.apps({"default": SECRET})
    assert app.meta_id == accounts.app_ids["default"]


def test_a_person_without_a_latin_name_has_an_id_too() -> None:
    assert created({"name": "عمر", "language": "ar"}).id.startswith("customer-")


async def test_a_finished_guest_can_be_forgotten(meta: Meta, receiver: Receiver) -> None:
    thread = meta.simulator.director.send_in()
    assert thread is not None
    await eventually(lambda: len(receiver.bodies) > 0)
    meta.world.forget(thread)
    assert meta.world.customers.get(thread.customer.id) is None
    assert meta.world.thread_of(thread.lines[0].id) is None


async def test_it_runs_beside_a_product_and_stops_on_a_signal(receiver: Receiver, tmp_path: Path) -> None:
    words = ["--port", "0", "--callback", receiver.url, "--secret", SECRET, "--log", str(tmp_path / "meta.jsonl")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.simulator", *words, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            url = (await process.stdout.readline()).decode().split()[1]
            body = {"inbox": "hospitality-whatsapp", "text": "Hello"}
            async with aiohttp.ClientSession() as session:
                async with session.post(f"{url}/control/customers/sara-khalil/say", json=body) as response:
                    assert response.status == 200
                async with session.post(f"{url}/control/drain", json={}) as response:
                    assert (await response.json())["drained"]
            process.terminate()
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
    assert receiver.messages[0]["text"]["body"] == "Hello"


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("META_APP_SECRET", raising=False)
    assert main(["--secret", ""]) == 2
    assert "META_APP_SECRET" in capsys.readouterr().err
    assert main(["--secret", "x", "--inboxes", "/nowhere/org.toml"]) == 2
    assert "nowhere" in capsys.readouterr().err


def _wrote(thread: Thread, count: int) -> bool:
    return sum(line.author == "customer" for line in thread.lines) >= count
