"""Customers' files: what arrives, what does not and why. Against a real HTTP server that plays Meta."""

import hashlib
from typing import Any

import pytest
from aiohttp import web
from conftest import TestServices
from media.filing import announce, by_id, bytes_of, make_due, outcome, row, told, waiting_seconds
from media.keeping_meta import FileMeta, endless, lost_half_way, refuses, says, stalls
from media.making_files import PAGE, PDF, PROGRAM, picture, sound, sticker

from server.actions.inboxes import set_token
from server.actions.media import Fetcher
from server.actions.tokens import Tokens
from server.domain.inbound import Attachment
from server.domain.media import Trouble, words
from server.domain.model import Channel
from server.store import attachments
from server.store.vault import Vault, generate_key
from server.web import i18n

PICTURE = picture()


async def test_a_picture_is_stored_with_what_is_known_of_it(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    held = meta.holds("9001", PICTURE)
    id = await by_id(keeping, "9001", sha256=held.sha256)
    assert await fetcher.fetch_due() == 1
    found = await row(keeping, id)
    assert (found["state"], found["reason"]) == ("stored", None)
    assert (found["width"], found["height"], found["size"]) == (640, 400, len(PICTURE))
    assert found["digest"] == hashlib.sha256(PICTURE).digest()
    assert await bytes_of(keeping.files, found["storage_key"]) == PICTURE
    assert (await bytes_of(keeping.files, found["thumbnail_key"]))[8:12] == b"WEBP"
    assert told(keeping) == ["AttachmentStored"]
    assert keeping.publisher.events[-1].data == {"attachment_id": id, "message_id": found["message_id"]}
    # The token went to the Graph API and to the address it named; nothing is left to delete.
    assert meta.asked == [("/fb/v26.0/9001", True), ("/files/9001", True)]
    assert await keeping.pool.fetchval("select count(*) from file_to_delete") == 0


async def test_a_page_s_file_comes_by_its_address_without_our_token(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    meta.holds("cdn", sticker(animated=True), "image/webp")
    file = Attachment(kind="sticker", url=meta.address("cdn"))
    [id] = await announce(keeping, file, channel=Channel.MESSENGER)
    await fetcher.fetch_due()
    found = await row(keeping, id)
    assert (found["state"], found["mime_type"], found["animated"]) == ("stored", "image/webp", True)
    assert meta.asked == [("/files/cdn", False)]
    # The address is worth nothing any more, and is kept nowhere.
    assert found["url"] is None


async def test_a_voice_message_tells_how_long_it_is(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, tmp_path: Any
) -> None:
    meta.holds("v", sound(tmp_path / "v", "ogg", 2.0), "audio/ogg; codecs=opus")
    id = await by_id(keeping, "v", "audio", mime_type="audio/ogg; codecs=opus", voice=True)
    await fetcher.fetch_due()
    found = await row(keeping, id)
    assert found["state"] == "stored"
    assert found["duration_seconds"] == pytest.approx(2.0, abs=0.1)
    assert (found["mime_type"], found["voice"]) == ("audio/ogg; codecs=opus", True)


async def test_what_cannot_be_fetched_is_said_at_once(fetcher: Fetcher, keeping: TestServices) -> None:
    once, nowhere = await announce(
        keeping, Attachment(kind="image", ephemeral=True), Attachment(kind="video"), channel=Channel.INSTAGRAM
    )
    assert await fetcher.fetch_due() == 0
    assert await outcome(keeping, once) == ("failed", "view_once")
    assert await outcome(keeping, nowhere) == ("failed", "not_given")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"data": PICTURE, "sha256": hashlib.sha256(b"another").hexdigest()}, "damaged"),
        ({"data": PROGRAM}, "program"),
        ({"data": PAGE}, "not_as_claimed"),
        ({"data": PDF}, "not_as_claimed"),
        ({"data": picture("JPEG")}, "not_as_claimed"),
        ({"data": b""}, "empty"),
        ({"answer": endless(200_000_000, told=True)}, "too_large"),
        ({"answer": endless(200_000_000, told=False)}, "too_large"),
        ({"answer": says(302, Location="http://169.254.169.254/latest/meta-data/")}, "unsafe_address"),
        ({"answer": says(302, Location="https://elsewhere.example/file")}, "unsafe_address"),
        ({"answer": says(302, Location="/files/x")}, "unsafe_address"),
        ({"answer": says(404)}, "gone"),
        ({"described": refuses(100, 400, 33)}, "gone"),
        ({"described": refuses(10, 403)}, "refused"),
    ],
)  # fmt: skip
async def test_a_file_that_may_not_be_kept_is_told_and_the_message_stays(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, fault: dict[str, Any], reason: str
) -> None:
    given = dict(fault)
    meta.holds("x", given.pop("data", PICTURE), **given)
    id = await by_id(keeping, "x", sha256=given.get("sha256"), name="menu.png")
    await fetcher.fetch_due()
    found = await row(keeping, id)
    assert (found["state"], found["reason"]) == ("failed", reason)
    assert (found["storage_key"], found["name"]) == (None, "menu.png")
    assert words(reason)
    assert told(keeping) == ["AttachmentFailed"]
    # Nobody asks again.
    await make_due(keeping)
    assert await fetcher.fetch_due() == 0


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_page_s_address_that_died_is_gone(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, status: int
) -> None:
    meta.holds("x", PICTURE, answer=says(status))
    [id] = await announce(keeping, Attachment(kind="image", url=meta.address("x")), channel=Channel.MESSENGER)
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "gone")


async def test_a_media_id_meta_does_not_know_is_gone(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    id = await by_id(keeping, "404")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "gone")


async def test_a_size_told_beforehand_saves_the_way(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    async def described(_: Any) -> Any:
        return web.json_response({"url": meta.address("x"), "file_size": 200_000_000, "mime_type": "video/mp4"})

    meta.holds("x", PICTURE, described=described)
    id = await by_id(keeping, "x", "video", mime_type="video/mp4")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "too_large")
    assert meta.fetched("x") == 0


async def test_an_address_that_died_is_asked_for_anew(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    held = meta.holds("x", PICTURE)

    async def dead_once(_: Any) -> Any:
        held.answer = None
        return await says(401)(_)

    held.answer = dead_once
    id = await by_id(keeping, "x")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("stored", None)
    assert meta.fetched("x") == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"answer": says(500)}, {"answer": lost_half_way(PICTURE)}, {"described": refuses(1, 500)},
        {"described": refuses(4)}, {"described": says(503)},
    ],
)  # fmt: skip
async def test_what_passes_is_tried_again_later_and_arrives(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, fault: dict[str, Any]
) -> None:
    held = meta.holds("x", PICTURE, **fault)
    id = await by_id(keeping, "x")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("waiting", "unreachable")
    assert await waiting_seconds(keeping, id) > 1
    assert told(keeping) == []
    held.answer = held.described = None
    await make_due(keeping)
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("stored", None)
    assert told(keeping) == ["AttachmentStored"]


async def test_a_server_that_says_nothing_is_left_in_time(
    meta: FileMeta, keeping: TestServices, tokens: Tokens
) -> None:
    meta.holds("x", PICTURE, answer=stalls)
    id = await by_id(keeping, "x")
    async with meta.client(timeout_seconds=0.3) as graph:
        await Fetcher(keeping, graph, tokens).fetch_due()
    assert await outcome(keeping, id) == ("waiting", "unreachable")


async def test_nobody_waits_for_ever(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    meta.holds("x", PICTURE, answer=says(500))
    id = await by_id(keeping, "x")
    await keeping.pool.execute("update attachment set created_at = now() - interval '7 days', attempts = 90")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "unreachable")


async def test_an_expired_token_waits_for_the_next_one(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    held = meta.holds("x", PICTURE, described=refuses(190, 401))
    id = await by_id(keeping, "x")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("waiting", "no_access")
    held.described = None
    vault = Vault([generate_key()])
    await set_token(keeping, vault, "financial-whatsapp", "NEW")
    # It is due at once.
    assert await waiting_seconds(keeping, id) <= 0
    fetcher._tokens = Tokens(keeping, vault)
    assert await fetcher.fetch_due() == 1
    assert await outcome(keeping, id) == ("stored", None)


async def test_only_the_hosts_named_are_fetched_from(meta: FileMeta, keeping: TestServices, tokens: Tokens) -> None:
    meta.holds("x", PICTURE)
    id = await by_id(keeping, "x")
    async with meta.client("fbcdn.net") as graph:
        await Fetcher(keeping, graph, tokens).fetch_due()
    assert await outcome(keeping, id) == ("failed", "unsafe_address")
    assert meta.fetched("x") == 0


async def test_a_redirect_to_another_host_is_not_followed_even_to_one_we_fetch_from(
    meta: FileMeta, keeping: TestServices, tokens: Tokens
) -> None:
    other = meta.url.replace("127.0.0.1", "localhost")
    meta.holds("y", PICTURE)
    meta.holds("x", PICTURE, answer=says(302, Location=f"{other}/files/y"))
    id = await by_id(keeping, "x")
    async with meta.client(meta.url, other) as graph:
        await Fetcher(keeping, graph, tokens).fetch_due()
    assert await outcome(keeping, id) == ("failed", "unsafe_address")
    assert meta.fetched("y") == 0


async def test_a_redirect_within_the_host_is_followed(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    meta.holds("y", PICTURE)
    meta.holds("x", PICTURE, answer=says(302, Location="/files/y"))
    id = await by_id(keeping, "x")
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("stored", None)


async def test_a_public_name_that_leads_inside_is_refused_when_connecting(
    meta: FileMeta, keeping: TestServices, tokens: Tokens
) -> None:
    [id] = await announce(keeping, Attachment(kind="image", url="https://localhost/file"), channel=Channel.INSTAGRAM)
    async with meta.client("localhost") as graph:
        await Fetcher(keeping, graph, tokens).fetch_due()
    assert await outcome(keeping, id) == ("failed", "unsafe_address")


async def test_a_fetcher_that_died_leaves_its_file_to_the_next(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    meta.holds("x", PICTURE)
    id = await by_id(keeping, "x")
    [lost] = await fetcher.claim(5)
    assert await fetcher.claim(5) == []
    await make_due(keeping)
    assert await fetcher.fetch_due() == 1
    # The first one, back from the dead, changes nothing and leaves no file behind that nobody would delete.
    await fetcher.fetch(lost)
    assert told(keeping) == ["AttachmentStored"]
    assert await outcome(keeping, id) == ("stored", None)


async def test_what_fails_over_and_over_holds_up_nothing_new(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    meta.holds("bad", PICTURE, answer=says(500))
    meta.holds("new", PICTURE)
    await by_id(keeping, "bad")
    await fetcher.fetch_due()
    await make_due(keeping)
    new = await by_id(keeping, "new")
    [first] = await fetcher.claim(1)
    assert first.id == new


async def test_a_file_taken_back_while_it_was_fetched_is_not_kept(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    meta.holds("x", PICTURE)
    id = await by_id(keeping, "x", name="photo.png")
    [due] = await fetcher.claim(1)
    async with keeping.pool.acquire() as connection:
        await attachments.take_back(connection, [due.message_id])
    await fetcher.fetch(due)
    found = await row(keeping, id)
    assert (found["state"], found["reason"], found["name"]) == ("failed", "taken_back", None)
    assert told(keeping) == []
    # What was written meanwhile is promised to the sweep.
    assert await keeping.pool.fetchval("select count(*) from file_to_delete") == 2


def test_every_trouble_has_words_in_arabic_too() -> None:
    known = i18n.catalogue("ar").texts
    assert [each for each in Trouble if words(each) not in known] == []
    assert words("of a newer version") == words("not_stored")
    assert words(None) is None
