"""Files both ways: uploads and their limits, addresses that die, and every way a fetch can go wrong."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from simulator.meta_side import Meta, Receiver

from server.simulator.files import samples
from server.simulator.graph.uploads import MB

Switch = Callable[..., None]

CAFE, SCHOOL = "106540000000101", "109870000000201"
SARA = "15550101142"
TOKEN = {"Authorization": "Bearer a-token"}


def message(kind: str, **part: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": SARA, "type": kind, kind: part}


async def arrived(meta: Meta, **wish: Any) -> dict[str, Any]:
    """The media part of a photo Sara sent."""
    wish = {"inbox": "cafe-whatsapp", "kind": "image", **wish}
    line = await meta.control("/customers/sara-khalil/send", wish)
    await meta.settled()
    return dict(line["media"][0])


async def fetch(meta: Meta, media_id: str) -> tuple[int, bytes]:
    _, node = await meta.graph(media_id)
    async with (
        aiohttp.ClientSession(headers=TOKEN) as session,
        session.get(node["url"], allow_redirects=False) as response,
    ):
        data = b""
        while len(data) < MB and (piece := await response.content.read(MB)):
            data += piece
        return response.status, data


@pytest.mark.parametrize(
    ("kind", "size", "answer"),
    [
        ("image/jpeg", 1000, "an id"),
        ("image/jpeg", 5 * MB + 1, "131053"),
        ("image/gif", 1000, "100"),
        ("image/webp", 500 * 1024 + 1, "131053"),
        ("video/mp4", 16 * MB + 1, "131053"),
        ("audio/ogg; codecs=opus", 1000, "an id"),
        ("application/pdf", 20 * MB, "an id"),
        ("application/x-msdownload", 1000, "100"),
        ("text/plain", 0, "100"),
    ],
)
async def test_whatsapp_uploads_have_a_type_and_a_size(meta: Meta, kind: str, size: int, answer: str) -> None:
    got = await meta.uploaded(CAFE, b"x" * size, kind)
    assert got == answer if answer != "an id" else len(got) > 10


async def test_an_uploaded_file_is_sent_shown_and_can_be_taken_away(meta: Meta) -> None:
    number = await meta.uploaded(CAFE, samples.data("photo.jpg"), "image/jpeg", "terrace.jpg")
    assert (await meta.graph(f"{CAFE}/messages", message("image", id=number, caption="Look")))[0] == 200
    (line,) = (await meta.control("/customers/sara-khalil/thread?inbox=cafe-whatsapp"))["lines"]
    assert (line["text"], line["media"][0]["name"]) == ("Look", "terrace.jpg")
    async with aiohttp.ClientSession() as session, session.get(meta.url + line["media"][0]["source"]) as response:
        assert await response.read() == samples.data("photo.jpg")
    assert await meta.graph(number, method="DELETE") == (200, {"success": True})
    assert (await meta.graph(number))[0] == 400
    error = (await meta.graph(f"{CAFE}/messages", message("image", id=number)))[1]["error"]
    assert error["code"] == 131009
    # Another number's files are nobody's here.
    other = await meta.uploaded("106540000000301", b"x", "image/png")
    assert (await meta.graph(f"{CAFE}/messages", message("image", id=other)))[1]["error"]["code"] == 131009
    assert (await meta.graph(f"{other}?phone_number_id={CAFE}"))[1]["error"]["code"] == 100


@pytest.mark.parametrize(
    ("kind", "sample", "part"),
    [
        ("video", "photo.jpg", {}),
        ("image", "sticker.webp", {}),
        ("audio", "song.m4a", {"voice": True}),
        ("sticker", "picture.png", {}),
    ],
)
async def test_a_file_of_the_wrong_kind_fails_later(
    meta: Meta, receiver: Receiver, kind: str, sample: str, part: dict[str, Any]
) -> None:
    number = await meta.uploaded(CAFE, samples.data(sample), samples.TYPES[sample])
    assert (await meta.graph(f"{CAFE}/messages", message(kind, id=number, **part)))[0] == 200
    await meta.settled()
    assert [status["errors"][0]["code"] for status in receiver.statuses] == [131053]


@pytest.mark.parametrize(("kind", "sample"), [("audio", "voice.ogg"), ("sticker", "sticker-animated.webp")])
async def test_a_file_of_the_right_kind_arrives(meta: Meta, receiver: Receiver, kind: str, sample: str) -> None:
    number = await meta.uploaded(CAFE, samples.data(sample), samples.TYPES[sample])
    part = {"id": number} | ({"voice": True} if kind == "audio" else {})
    await meta.graph(f"{CAFE}/messages", message(kind, **part))
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]


async def test_a_caption_has_its_place_and_length(meta: Meta) -> None:
    link = "https://example.test/a"
    for body, code in (
        (message("image", link=link, caption="x" * 1024), None),
        (message("image", link=link, caption="x" * 1025), 100),
        (message("audio", link=link, caption="x"), 100),
        (message("document", link="file:///etc/passwd"), 100),
    ):
        answer = (await meta.graph(f"{CAFE}/messages", body))[1]
        assert answer.get("error", {}).get("code") == code


async def test_links_on_this_machine_are_fetched_as_meta_would(meta: Meta, receiver: Receiver) -> None:
    async def photo(_: web.Request) -> web.Response:
        return web.Response(body=samples.data("photo.jpg"), content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/photo.jpg", photo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        await meta.graph(f"{CAFE}/messages", message("image", link=f"{base}/photo.jpg"))
        await meta.graph(f"{CAFE}/messages", message("image", link=f"{base}/gone.jpg"))
        person = meta.world.customers.get("sara-khalil")
        assert person is not None
        psid = person.identifier(meta.world.inboxes["school-messenger"])
        for name, status in (("photo.jpg", 200), ("gone.jpg", 400)):
            attachment = {"type": "image", "payload": {"url": f"{base}/{name}"}}
            body = {"recipient": {"id": psid}, "message": {"attachment": attachment}}
            got, answer = await meta.graph(f"{SCHOOL}/messages", body)
            assert got == status
        assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (100, 2018008)
    finally:
        await runner.cleanup()
    await meta.settled()
    assert [status["errors"][0]["code"] for status in receiver.statuses if status["status"] == "failed"] == [131053]
    (line,) = (await meta.control("/customers/sara-khalil/thread?inbox=cafe-whatsapp"))["lines"]
    assert line["media"][0]["mime_type"] == "image/jpeg"


async def test_messenger_takes_files_by_upload_and_by_id(meta: Meta, receiver: Receiver) -> None:
    person = meta.world.customers.get("sara-khalil")
    assert person is not None
    psid = person.identifier(meta.world.inboxes["school-messenger"])

    async def post(path: str, kind: str, data: bytes, **more: str) -> dict[str, Any]:
        content = f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}'
        form = aiohttp.FormData({"message": content, **more})
        form.add_field("filedata", data, filename="menu.pdf", content_type="application/pdf")
        async with (
            aiohttp.ClientSession(headers=TOKEN) as session,
            session.post(f"{meta.url}/v26.0/{SCHOOL}/{path}", data=form) as response,
        ):
            return dict(await response.json())

    number = (await post("message_attachments", "file", samples.data("menu.pdf")))["attachment_id"]
    attachment = {"type": "file", "payload": {"attachment_id": number}}
    by_id = {"recipient": {"id": psid}, "message": {"attachment": attachment}}
    answer = (await meta.graph(f"{SCHOOL}/messages", by_id))[1]
    assert answer["attachment_id"] == number
    direct = await post("messages", "file", samples.data("menu.pdf"), recipient=f'{{"id":"{psid}"}}')
    assert direct["message_id"]
    await meta.settled()
    echo = next(item["message"] for item in receiver.messaging if item.get("message", {}).get("is_echo"))
    async with aiohttp.ClientSession() as session, session.get(echo["attachments"][0]["payload"]["url"]) as response:
        assert await response.read() == samples.data("menu.pdf")
    too_large = await post("message_attachments", "image", b"x" * (8 * MB + 1))
    assert (too_large["error"]["code"], too_large["error"]["error_subcode"]) == (100, 2018109)
    attachment["payload"] = {"attachment_id": "1"}
    refused = await meta.graph(f"{SCHOOL}/messages", by_id)
    assert refused[1]["error"]["error_subcode"] == 2018074


async def test_an_address_lives_a_few_minutes_and_for_its_business_only(meta: Meta, set_switches: Switch) -> None:
    media = await arrived(meta)
    set_switches(media_url_seconds=0)
    status, _ = await fetch(meta, media["id"])
    assert status == 404
    set_switches(media_url_seconds=300)
    assert (await fetch(meta, media["id"]))[0] == 200
    await meta.control("", {"expired_tokens": ["cafe-whatsapp"]})
    status, answer = await meta.graph(media["id"])
    assert (status, answer["error"]["code"]) == (401, 190)


@pytest.mark.parametrize(
    ("fault", "status"),
    [("expired", 404), ("server_error", 500), ("redirect", 302), ("private", 302), ("unauthorised", 401)],
)
@pytest.mark.parametrize("by_switch", [False, True])
async def test_faults_that_a_status_shows(
    meta: Meta, set_switches: Switch, fault: str, status: int, by_switch: bool
) -> None:
    media = await arrived(meta, **({} if by_switch else {"fault": fault}))
    if by_switch:
        set_switches(media_fault=fault)
    assert (await fetch(meta, media["id"]))[0] == status


async def test_faults_of_the_bytes(meta: Meta) -> None:
    missing = await arrived(meta, fault="missing")
    assert (await meta.graph(missing["id"]))[1]["error"]["code"] == 100
    kind = (await arrived(meta, fault="type"))["id"]
    assert (await fetch(meta, kind))[1].startswith(b"MZ")
    digest = (await arrived(meta, fault="digest"))["id"]
    assert (await meta.graph(digest))[1]["sha256"] != (await meta.graph((await arrived(meta))["id"]))[1]["sha256"]
    oversize = (await arrived(meta, fault="oversize"))["id"]
    assert (await meta.graph(oversize))[1]["file_size"] == 200_000_000
    assert len((await fetch(meta, oversize))[1]) > 60_000
    lying = (await arrived(meta, fault="lying_size"))["id"]
    assert (await meta.graph(lying))[1]["file_size"] < 100_000


async def test_a_fetch_can_be_slow_and_be_cut(meta: Meta, set_switches: Switch) -> None:
    set_switches(media_slow_seconds=0.4)
    slow = (await arrived(meta, fault="slow"))["id"]
    assert await fetch(meta, slow) == (200, samples.data("photo.jpg"))
    cut = (await arrived(meta, fault="drop"))["id"]
    with pytest.raises(aiohttp.ClientError):
        await fetch(meta, cut)
