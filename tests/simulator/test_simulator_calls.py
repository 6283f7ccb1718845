"""Who may call the Graph API's stand-in, what its nodes answer, and how it misbehaves on request."""

import asyncio
from collections.abc import Callable

import aiohttp
import msgspec
import pytest
from simulator.meta_side import Meta
from simulator.sending import CAFE, SCHOOL, identifier, text

from server.simulator.config import SimulatorConfig
from server.simulator.serving import running

Switch = Callable[..., None]


async def test_tokens(meta: Meta) -> None:
    status, answer = await meta.graph(CAFE, text(), token="")
    assert (status, answer["error"]["code"]) == (401, 190)
    assert (await meta.graph(CAFE, text(), token="old"))[0] == 200
    await meta.control("", {"expired_tokens": ["cafe-whatsapp"]})
    status, answer = await meta.graph(CAFE, text(), token="old")
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (401, 190, 463)
    assert (await meta.graph("debug_token?input_token=old"))[1]["data"]["is_valid"] is False
    assert (await meta.graph(CAFE, text(), token="new"))[0] == 200
    await meta.control("", {"expired_tokens": []})
    assert (await meta.graph(CAFE, text(), token="old"))[0] == 200
    status, answer = await meta.graph("106540000000101?appsecret_proof=wrong")
    assert (status, answer["error"]["code"]) == (400, 100)


async def test_a_new_token_works_where_the_only_good_one_expired(config: SimulatorConfig) -> None:
    async with (
        running(msgspec.structs.replace(config, access_token="first")) as place,
        aiohttp.ClientSession() as session,
    ):
        meta = Meta(place, session, config)
        assert (await meta.graph(CAFE, text(), token="other"))[0] == 401
        assert (await meta.graph(CAFE, text(), token="first"))[0] == 200
        await meta.control("", {"expired_tokens": ["*"]})
        assert (await meta.graph(CAFE, text(), token="first"))[0] == 401
        assert (await meta.graph(CAFE, text(), token="second"))[0] == 200
        await meta.control("", {"expired_tokens": []})
        assert (await meta.graph(CAFE, text(), token="second"))[0] == 200


async def test_throttles_and_errors_on_request(meta: Meta, set_switches: Switch) -> None:
    set_switches(throttle=1.0)
    status, answer = await meta.graph(CAFE, text())
    assert (status, answer["error"]["code"]) == (400, 130429)
    set_switches(throttle=1.0, throttle_code=131056)
    assert (await meta.graph(CAFE, text()))[1]["error"]["code"] == 131056
    user_id = await identifier(meta, "sara-khalil", "school-messenger")
    assert (await meta.graph(SCHOOL, {"recipient": {"id": user_id}, "message": {"text": "x"}}))[1]["error"][
        "code"
    ] == 613
    set_switches(throttle=0.0, server_errors=1.0)
    assert (await meta.graph(CAFE, text()))[0] == 500
    assert meta.logged("send_accepted") == []


async def test_accepting_without_an_answer(meta: Meta, set_switches: Switch) -> None:
    set_switches(timeouts=1.0, timeout_seconds=0.5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meta.graph(CAFE, text("Did it leave?")), 0.2)
    set_switches(timeouts=0.0, errors_after_accepting=1.0)
    assert (await meta.graph(CAFE, text("And this?")))[0] == 500
    assert [line["text"] for line in meta.logged("send_accepted")] == ["Did it leave?", "And this?"]


async def test_nodes_that_can_be_read(meta: Meta) -> None:
    _, number = await meta.graph("106540000000101?fields=display_phone_number,quality_rating")
    assert number == {"id": "106540000000101", "display_phone_number": "+966 12 555 0101", "quality_rating": "GREEN"}
    psid = await identifier(meta, "sara-khalil", "school-messenger")
    assert (await meta.graph(f"{psid}?fields=first_name,last_name"))[1] == {
        "id": psid, "first_name": "Sara", "last_name": "Khalil",
    }  # fmt: skip
    igsid = await identifier(meta, "sara-khalil", "desk-instagram")
    assert (await meta.graph(f"{igsid}?fields=name,username"))[1]["username"] == "sara.khalil"
    assert (await meta.graph("1"))[1]["error"]["code"] == 100
    callbacks = (await meta.graph("420000000000042/subscriptions"))[1]["data"]
    assert {each["callback_url"] for each in callbacks} == {meta.config.callback}


async def test_old_versions_and_bad_bodies_are_refused(meta: Meta) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer a-token"}) as session:
        async with session.post(f"{meta.url}/v20.0/{CAFE}", json=text()) as response:
            assert (await response.json())["error"]["code"] == 2635
        for body in (b"{", b"[]", b"[" * 100_000):
            async with session.post(f"{meta.url}/v26.0/{CAFE}", data=body) as response:
                assert (response.status, (await response.json())["error"]["code"]) == (400, 100)
        async with session.post(f"{meta.url}/v26.0/{CAFE}", data={"recipient": '{"id":"1"}'}) as response:
            assert (await response.json())["error"]["code"] == 100


async def test_other_web_pages_cannot_reach_it(meta: Meta) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{meta.url}/control", headers={"Host": "evil.example"}) as response:
            assert response.status == 403
        async with session.post(f"{meta.url}/control", json={}, headers={"Origin": "http://evil.example"}) as response:
            assert response.status == 403
