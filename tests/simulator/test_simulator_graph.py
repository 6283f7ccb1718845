"""Sending through the Graph API's stand-in: answers, receipts, windows, and who is reached."""

from collections.abc import Callable

import aiohttp
import msgspec
from simulator.meta_side import Meta, Receiver
from simulator.sending import CAFE, DESK, SARA, SCHOOL, identifier, text, whatsapp_body

from server.simulator.config import SimulatorConfig
from server.simulator.serving import running

Switch = Callable[..., None]


async def test_whatsapp_accepts_then_reports_sent_delivered_and_read(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    status, answer = await meta.graph(CAFE, text(biz_opaque_callback_data="out-42", field_of_next_year=1))
    user_id = await identifier(meta, "sara-khalil", "cafe-whatsapp")
    sent = answer["messages"][0]["id"]
    assert status == 200
    assert answer == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": SARA, "user_id": user_id, "wa_id": "15550101142"}],
        "messages": [{"id": sent, "message_status": "accepted"}],
    }
    await meta.settled()
    assert [told["status"] for told in receiver.statuses] == ["sent", "delivered"]
    await meta.control("/customers/sara-khalil/look", {"inbox": "cafe-whatsapp"})
    await meta.settled()
    told = receiver.statuses[-1]
    assert (told["status"], told["id"], told["biz_opaque_callback_data"]) == ("read", sent, "out-42")
    assert (told["recipient_id"], told["recipient_user_id"]) == ("15550101142", user_id)
    assert receiver.statuses[0]["pricing"]["category"] == "service"
    (accepted,) = meta.logged("send_accepted")
    assert (accepted["local_id"], accepted["key"], accepted["text"]) == ("out-42", sent, "Welcome")


async def test_a_customer_without_a_number_is_reached_by_their_id(meta: Meta, receiver: Receiver) -> None:
    await meta.said("layla-mansour", "cafe-whatsapp", "مرحبا")
    user_id = await identifier(meta, "layla-mansour", "cafe-whatsapp")
    assert "from" not in receiver.messages[0]
    body = {"messaging_product": "whatsapp", "recipient": user_id, "text": {"body": "أهلا"}}
    _, answer = await meta.graph(CAFE, body)
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    await meta.settled()
    assert all("recipient_id" not in told for told in receiver.statuses)


async def test_another_portfolios_id_is_nobody_here(meta: Meta) -> None:
    user_id = await identifier(meta, "layla-mansour", "desk-whatsapp")
    status, answer = await meta.graph(
        CAFE, {"messaging_product": "whatsapp", "recipient": user_id, "text": {"body": "?"}}
    )
    assert (status, answer["error"]["code"]) == (400, 131026)


async def test_messenger_echoes_with_our_app_and_metadata_then_watermarks(meta: Meta, receiver: Receiver) -> None:
    await meta.said("omar-haddad", "school-messenger", "السلام عليكم")
    psid = await identifier(meta, "omar-haddad", "school-messenger")
    body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": {"text": "أهلا", "metadata": "out-7"}}
    status, answer = await meta.graph(SCHOOL, body)
    assert (status, answer["recipient_id"]) == (200, psid)
    await meta.control("/customers/omar-haddad/look", {"inbox": "school-messenger"})
    await meta.settled()
    echo, delivery, read = receiver.messaging[1:]
    assert echo["message"] == {
        "mid": answer["message_id"], "is_echo": True, "app_id": 420000000000042, "metadata": "out-7", "text": "أهلا",
    }  # fmt: skip
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == ("109870000000201", psid)
    assert delivery["delivery"]["mids"] == [answer["message_id"]]
    assert read["read"]["watermark"] >= echo["timestamp"]


async def test_instagram_echoes_and_reads_by_message_id(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "desk-instagram", "Price?")
    igsid = await identifier(meta, "sara-khalil", "desk-instagram")
    for node in ("me", "109870000000302"):
        await meta.control("/customers/sara-khalil/look", {"inbox": "desk-instagram"})
        _, answer = await meta.graph(f"{node}/messages", {"recipient": {"id": igsid}, "message": {"text": "From 500"}})
        await meta.settled()
        echo, read = receiver.messaging[-2:]
        assert echo["message"] == {"mid": answer["message_id"], "is_echo": True, "text": "From 500"}
        assert read["read"] == {"mid": answer["message_id"]}


async def test_an_instagram_account_by_facebook_login_is_sent_by_its_page_alone(meta: Meta, receiver: Receiver) -> None:
    await meta.said("sara-khalil", "desk-instagram", "Price?")
    body = {"recipient": {"id": await identifier(meta, "sara-khalil", "desk-instagram")}, "message": {"text": "500"}}
    for edge in ("messages", "subscribed_apps"):
        status, answer = await meta.graph(f"17841400000000301/{edge}", body)
        assert (status, answer["error"]["code"]) == (400, 100)
        assert (await meta.graph(f"109870000000302/{edge}", body))[0] == 200
    await meta.settled()
    assert {each["id"] for body in receiver.bodies for each in body["entry"]} == {"17841400000000301"}


async def test_a_page_sends_for_itself_and_for_its_instagram_account(
    config: SimulatorConfig, receiver: Receiver
) -> None:
    page = next(each for each in config.inboxes if each.channel == "messenger")
    desk = next(each for each in config.inboxes if each.channel == "instagram")
    desk = msgspec.structs.replace(desk, page_id=page.external_id)
    config = msgspec.structs.replace(config, inboxes=(desk, page))
    async with running(config) as place, aiohttp.ClientSession() as session:
        meta = Meta(place, session, config)
        for inbox in (desk, page):
            await meta.said("sara-khalil", inbox.id, "Hello")
            person = await identifier(meta, "sara-khalil", inbox.id)
            body = {"recipient": {"id": person}, "message": {"text": inbox.channel}}
            assert (await meta.graph(f"{page.external_id}/messages", body))[0] == 200
        await meta.settled()
    echoes = [each for each in receiver.messaging if each.get("message", {}).get("is_echo")]
    assert [(each["sender"]["id"], each["message"]["text"]) for each in echoes] == [
        (desk.external_id, "instagram"), (page.external_id, "messenger"),
    ]  # fmt: skip


async def test_the_window_closes_after_a_day_on_each_channel(
    meta: Meta, receiver: Receiver, set_switches: Switch
) -> None:
    for inbox in ("cafe-whatsapp", "school-messenger", "desk-instagram"):
        await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "last_wrote_hours_ago": 24.1})
    status, _ = await meta.graph(CAFE, text())
    await meta.settled()
    (told,) = receiver.statuses
    assert (status, told["status"], told["errors"][0]["code"]) == (200, "failed", 131047)
    set_switches(closed_window="response")
    status, answer = await meta.graph(CAFE, text())
    assert (status, answer["error"]["code"]) == (400, 131047)
    for path, inbox, subcode in ((SCHOOL, "school-messenger", 2018278), (DESK, "desk-instagram", 2534022)):
        body = {"recipient": {"id": await identifier(meta, "sara-khalil", inbox)}, "message": {"text": "Still there?"}}
        _, answer = await meta.graph(path, body)
        assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (10, subcode)
        tagged = {**body, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert (await meta.graph(path, tagged))[0] == 200
        removed = {**body, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
        assert (await meta.graph(path, removed))[1]["error"]["code"] == 100


async def test_an_ad_makes_three_days_free(meta: Meta, receiver: Receiver) -> None:
    await meta.control("/customers/sara-khalil/start", {"inbox": "cafe-whatsapp", "entrance": "ad"})
    await meta.said("sara-khalil", "cafe-whatsapp", "I saw your ad")
    await meta.graph(CAFE, text())
    await meta.settled()
    sent = receiver.statuses[0]
    assert sent["pricing"] == {
        "billable": False, "pricing_model": "PMP", "type": "free_entry_point", "category": "referral_conversion",
    }  # fmt: skip
    assert sent["conversation"]["origin"] == {"type": "referral_conversion"}
    assert int(sent["conversation"]["expiration_timestamp"]) > int(sent["timestamp"]) + 71 * 3600


async def test_a_reaction_sits_on_its_message(meta: Meta, receiver: Receiver) -> None:
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Thank you!")
    await meta.graph(CAFE, whatsapp_body("reaction", {"message_id": wrote, "emoji": "👍"}))
    (line,) = meta.simulator.acts.thread("sara-khalil", "cafe-whatsapp").lines
    assert line.reactions == {"business": "👍"}


async def test_who_blocked_the_business_is_not_reached(meta: Meta, receiver: Receiver) -> None:
    for inbox in ("cafe-whatsapp", "school-messenger", "desk-instagram"):
        await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "blocked": True})
    await meta.graph(CAFE, text())
    await meta.settled()
    assert receiver.statuses[0]["errors"][0]["code"] == 131026
    for path, inbox, codes in ((SCHOOL, "school-messenger", (551, 1545041)), (DESK, "desk-instagram", (100, 2534029))):
        body = {"recipient": {"id": await identifier(meta, "sara-khalil", inbox)}, "message": {"text": "Hello"}}
        error = (await meta.graph(path, body))[1]["error"]
        assert (error["code"], error["error_subcode"]) == codes


async def test_read_marks_and_typing_reach_the_phone(meta: Meta) -> None:
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Hello?")
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": wrote,
        "typing_indicator": {"type": "text"},
    }
    assert await meta.graph(CAFE, mark) == (200, {"success": True})
    thread = await meta.control("/customers/sara-khalil/thread?inbox=cafe-whatsapp")
    assert thread["lines"][0]["status"] == "read"
    assert thread["typing"] > 20
    assert (await meta.graph(CAFE, {**mark, "message_id": "wamid.unknown"}))[1]["error"]["code"] == 131009
    user_id = await identifier(meta, "omar-haddad", "school-messenger")
    await meta.said("omar-haddad", "school-messenger", "مرحبا")
    assert (await meta.graph(SCHOOL, {"recipient": {"id": user_id}, "sender_action": "mark_seen"}))[0] == 200
    thread = await meta.control("/customers/omar-haddad/thread?inbox=school-messenger")
    assert thread["lines"][0]["status"] == "read"


async def test_strangers_are_met_or_refused(meta: Meta, set_switches: Switch) -> None:
    assert (await meta.graph(CAFE, text(to="+99955501")))[0] == 200
    set_switches(strangers=False)
    assert (await meta.graph(CAFE, text(to="+99955502")))[1]["error"]["code"] == 131026
    body = {"recipient": {"id": "4242424242"}, "message": {"text": "x"}}
    error = (await meta.graph(SCHOOL, body))[1]["error"]
    assert (error["code"], error["error_subcode"]) == (100, 2018001)
