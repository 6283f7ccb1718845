"""Error scripts, every code of the facts sheet §8, and how much Meta takes at once."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from simulator.meta_side import Meta, Receiver

from server.simulator import codes
from server.simulator.config import SimulatedInbox
from server.simulator.graph.rates import Rates
from server.simulator.graph.refusals import Refusal

Switch = Callable[..., None]

CAFE, SCHOOL, DESK = "106540000000101/messages", "109870000000201/messages", "109870000000302/messages"
SARA = "15550101142"
WHATSAPP = sorted({each.code for each in codes.book().whatsapp})
ELSEWHERE = [(each.code, each.subcode) for each in codes.book().messaging]


def text(body: str = "Welcome", local_id: str = "out-1", to: str = SARA) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "text": {"body": body}, "biz_opaque_callback_data": local_id}


def messenger(meta: Meta, customer: str = "sara-khalil", inbox: str = "school-messenger") -> dict[str, Any]:
    person = meta.world.customers.get(customer)
    assert person is not None
    return {"recipient": {"id": person.identifier(meta.world.inboxes[inbox])}, "message": {"text": "Welcome"}}


async def test_any_whatsapp_code_is_refused_once_or_told_later(meta: Meta, receiver: Receiver) -> None:
    await meta.control("", {"pair_limit": False})
    for code in WHATSAPP:
        await meta.control("/errors", {"code": code})
        status, answer = await meta.graph(CAFE, text())
        known = codes.find("whatsapp", code)
        assert (status, answer["error"]["code"]) == (known.http, code)
        assert answer["error"]["error_data"]["details"] == known.details
        await meta.control("/errors", {"code": code, "how": "status"})
        assert (await meta.graph(CAFE, text()))[0] == 200
        await meta.settled()
        failed = receiver.statuses[-1]
        told = failed["errors"][0]
        assert (failed["status"], told["code"], told["title"]) == ("failed", code, known.title)
    assert (await meta.graph(CAFE, text()))[0] == 200


async def test_any_messenger_or_instagram_code_is_refused(meta: Meta) -> None:
    for code, subcode in ELSEWHERE:
        await meta.control("/errors", {"code": code, "subcode": subcode, "inbox": "school-messenger"})
        status, answer = await meta.graph(SCHOOL, messenger(meta))
        assert status == codes.find("messenger", code, subcode).http
        assert (answer["error"]["code"], answer["error"].get("error_subcode")) == (code, subcode)
        assert (await meta.graph(SCHOOL, messenger(meta)))[0] == 200


async def test_an_order_is_for_a_contact_an_inbox_a_kind_and_a_number_of_calls(meta: Meta) -> None:
    await meta.control("/errors", {"code": 131026, "customer": "sara-khalil", "times": None})
    await meta.control("/errors", {"code": 130472, "inbox": "cafe-whatsapp", "times": 2, "after": 1})
    codes_seen = []
    for to in (SARA, "201555010187", "201555010187", SARA, "201555010187", "201555010187"):
        answer = (await meta.graph(CAFE, text(to=to)))[1]
        codes_seen.append(answer.get("error", {}).get("code"))
    assert codes_seen == [131026, None, 130472, 131026, 130472, None]
    assert (await meta.graph(SCHOOL, messenger(meta)))[1]["error"]["code"] == 131026
    (left,) = await meta.control("/errors")
    assert (left["customer"], left["played"]) == ("sara-khalil", 3)
    async with aiohttp.ClientSession() as session, session.delete(f"{meta.url}/control/errors") as response:
        assert await response.json() == []
    await meta.control("/errors", {"code": 131009, "kind": "image"})
    assert (await meta.graph(CAFE, text()))[0] == 200
    image = {"messaging_product": "whatsapp", "to": SARA, "type": "image", "image": {"link": "https://example.test/a"}}
    assert (await meta.graph(CAFE, image))[1]["error"]["code"] == 131009


@pytest.mark.parametrize(
    ("how", "accepted"), [("drop", False), ("drop_after", True), ("5xx", False), ("5xx_after", True)]
)
async def test_connections_cut_and_errors_without_a_body(meta: Meta, how: str, accepted: bool) -> None:
    await meta.control("/errors", {"how": how})
    if how.startswith("5xx"):
        assert (await meta.graph(CAFE, text()))[0] == 500
    else:
        with pytest.raises(aiohttp.ClientError):
            await meta.graph(CAFE, text())
    assert bool(meta.logged("send_accepted")) is accepted


@pytest.mark.parametrize(("how", "accepted"), [("hang", False), ("timeout", True)])
async def test_answers_that_do_not_come(meta: Meta, how: str, accepted: bool) -> None:
    await meta.control("/errors", {"how": how, "seconds": 0.5})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meta.graph(CAFE, text()), 0.2)
    assert bool(meta.logged("send_accepted")) is accepted


async def test_other_calls_go_wrong_on_request_too(meta: Meta) -> None:
    await meta.control("/errors", {"call": "templates", "code": 80007})
    assert (await meta.graph("102290000000101/message_templates"))[1]["error"]["code"] == 80007
    await meta.control("/errors", {"call": "upload", "code": 131053})
    assert await meta.uploaded("106540000000101", b"x", "image/png") == "131053"
    await meta.control("/errors", {"call": "subscribed_apps", "code": 200, "inbox": "cafe-whatsapp"})
    assert (await meta.graph("102290000000101/subscribed_apps"))[1]["error"]["code"] == 200
    psid = messenger(meta)["recipient"]["id"]
    await meta.control("/errors", {"call": "profile", "code": 100, "subcode": 2018001, "customer": "sara-khalil"})
    assert (await meta.graph(psid))[1]["error"]["error_subcode"] == 2018001
    assert (await meta.graph(psid))[0] == 200
    wrote = await meta.said("sara-khalil", "cafe-whatsapp", "Hi")
    await meta.control("/errors", {"call": "signals", "code": 131009})
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wrote}
    assert (await meta.graph(CAFE, mark))[1]["error"]["code"] == 131009


@pytest.mark.parametrize(
    ("order", "names"),
    [({}, "code"), ({"code": 1, "how": "slowly"}, "how"), ({"code": 1, "times": 0}, "times"), ({"poem": 1}, "poem")],
)
async def test_an_order_that_makes_no_sense_is_named(meta: Meta, order: dict[str, Any], names: str) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{meta.url}/control/errors", json=order) as response:
        assert response.status == 400
        assert names in (await response.json())["error"]


def taken(rates: Rates, inbox: SimulatedInbox, customer: str = "sara", *, heavy: bool = False) -> int | None:
    """None, or the code it is refused with."""
    try:
        rates.check(inbox, customer, heavy=heavy)
    except Refusal as refusal:
        return refusal.code
    return None


async def test_a_pair_takes_forty_five_and_then_one_in_six_seconds(meta: Meta, set_switches: Switch) -> None:
    clock = [0.0]
    rates, cafe = Rates(meta.world, now=lambda: clock[0]), meta.world.inboxes["cafe-whatsapp"]
    assert [taken(rates, cafe) for _ in range(46)] == [None] * 45 + [131056]
    assert taken(rates, cafe, "omar") is None
    clock[0] = 6.0
    assert [taken(rates, cafe) for _ in range(2)] == [None, 131056]
    set_switches(pair_limit=False)
    assert taken(rates, cafe) is None


@pytest.mark.parametrize(
    ("inbox", "most", "code"),
    [("cafe-whatsapp", 80, 130429), ("school-messenger", 300, 613), ("desk-instagram", 100, 613)],
)
async def test_an_inbox_takes_so_many_a_second(
    meta: Meta, set_switches: Switch, inbox: str, most: int, code: int
) -> None:
    clock = [0.0]
    rates, place = Rates(meta.world, now=lambda: clock[0]), meta.world.inboxes[inbox]
    first = [taken(rates, place, str(number)) for number in range(2 * most)]
    assert most <= first.count(None) <= most * 1.1
    assert set(first) == {None, code}
    clock[0] = 1.0
    assert [taken(rates, place, str(number)) for number in range(2 * most)].count(None) == most
    set_switches(throughput=0)
    assert taken(rates, place, "x") is None


async def test_audio_has_a_limit_of_its_own_elsewhere(meta: Meta) -> None:
    rates, school = Rates(meta.world, now=lambda: 0.0), meta.world.inboxes["school-messenger"]
    answers = [taken(rates, school, heavy=True) for _ in range(14)]
    assert answers == [None] * 11 + [613] * 3


async def test_what_is_over_the_limit_is_answered_so(meta: Meta, set_switches: Switch) -> None:
    answers = [(await meta.graph(CAFE, text()))[1] for _ in range(60)]
    assert {answer["error"]["code"] for answer in answers if "error" in answer} == {131056}
    stats = (await meta.control("/stats"))["inboxes"]["cafe-whatsapp"]
    assert (stats["calls"], stats["accepted"] + stats["refused"]["131056"]) == (60, 60)


async def test_the_stand_sees_what_was_doubled(meta: Meta) -> None:
    for local_id in ("out-1", "out-2", "out-1"):
        await meta.graph(CAFE, text(local_id=local_id))
    assert (await meta.control("/stats"))["doubled"] == ["out-1"]
    accepted = meta.logged("send_accepted")
    assert [(line["local_id"], line["recipient"]) for line in accepted][:2] == [("out-1", SARA), ("out-2", SARA)]


async def test_profiles_answer_as_people_allow(meta: Meta) -> None:
    for inbox, consent, gone in (("school-messenger", 2018247, 2018218), ("desk-instagram", 230, 9010)):
        user_id = messenger(meta, inbox=inbox)["recipient"]["id"]
        _, known = await meta.graph(f"{user_id}?fields=name,username,profile_pic")
        async with aiohttp.ClientSession() as session, session.get(known["profile_pic"]) as response:
            assert (await response.read()).startswith(b"\x89PNG")
        for profile, code in (("consent", consent), ("gone", gone)):
            await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "profile": profile})
            assert (await meta.graph(user_id))[1]["error"]["code"] == code
        await meta.control("/customers/sara-khalil/set", {"inbox": inbox, "profile": "open"})


async def test_tokens_scopes_usernames_and_registration(meta: Meta, set_switches: Switch) -> None:
    set_switches(missing_scopes=["pages_messaging"], token_expires_at=int(time.time()) + 3600)
    data = (await meta.graph("debug_token?input_token=a-token"))[1]["data"]
    assert "pages_messaging" not in data["scopes"]
    assert data["expires_at"] > time.time()
    assert (await meta.graph("106540000000101/username", {"username": "havana.cafe"}))[0] == 200
    assert (await meta.graph("106540000000101/username"))[1]["username"] == "havana.cafe"
    assert (await meta.graph("106540000000101/username", {"username": "!"}))[1]["error"]["code"] == 147001
    assert (await meta.graph("106540000000101/register", {"pin": "12"}))[1]["error"]["code"] == 133005
    assert (await meta.graph("106540000000101/register", {"pin": "123456"}))[0] == 200


async def test_subscriptions_name_their_fields(meta: Meta) -> None:
    page = "109870000000201/subscribed_apps"
    assert (await meta.graph(page, {"subscribed_fields": "messages,message_reads"}))[0] == 200
    assert (await meta.graph(page))[1]["data"][0]["subscribed_fields"] == ["messages", "message_reads"]
    assert (await meta.graph(page, {"subscribed_fields": "gossip"}))[1]["error"]["code"] == 100


async def test_ten_thousand_sends_are_taken_and_written_down(meta: Meta, set_switches: Switch) -> None:
    """A hundredth of it here; the benchmark of the product sends them all."""
    set_switches(throughput=0, silent_statuses=True)

    async def sender(part: int) -> None:
        for number in range(part, 1000, 8):
            status, _ = await meta.graph(CAFE, text(local_id=f"out-{number}", to=f"+9665551{number:05}"))
            assert status == 200

    await asyncio.gather(*(sender(part) for part in range(8)))
    accepted = meta.logged("send_accepted")
    assert {line["local_id"] for line in accepted} == {f"out-{number}" for number in range(1000)}
