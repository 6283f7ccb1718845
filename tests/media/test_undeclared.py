"""Stories, posts and reels: Meta gives an address and does not say what lies there. Facts §3, §4."""

from pathlib import Path
from typing import Any

import pytest
from conftest import TestServices
from media.filing import announce, bytes_of, outcome, row, told
from media.keeping_meta import FileMeta, Held, says
from media.making_files import PAGE, PDF, PROGRAM, picture, sound

from server.actions.media import Fetcher
from server.domain.inbound import Attachment
from server.domain.media import AttachmentKind, Trouble, verdict
from server.domain.model import Channel
from server.domain.sniffing import seen
from server.simulator.files import samples
from server.store import views
from server.web.i18n import catalogue
from server.web.message_parts import message

PICTURE = picture()


async def shared(services: TestServices, url: str) -> int:
    file = Attachment(kind="undeclared", url=url)
    [id] = await announce(services, file, channel=Channel.INSTAGRAM)
    return id


async def shown(services: TestServices, attachment_id: int) -> Any:
    """As the console is sent it."""
    conversation = (await row(services, attachment_id))["conversation_id"]
    async with services.pool.acquire() as connection:
        rows, _ = await views.thread(connection, conversation)
    [file] = [each for one in rows for each in message(one, catalogue("en")).attachments if each.id == attachment_id]
    return file


@pytest.mark.parametrize(
    ("data", "kind", "mime_type"),
    [(PICTURE, "image", "image/png"), (samples.data("clip.mp4"), "video", "video/mp4")],
    ids=["picture", "film"],
)
async def test_its_bytes_tell_what_it_is(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, data: bytes, kind: str, mime_type: str
) -> None:
    # What the answer's header says is a hint, as always.
    meta.holds("story", data, "application/octet-stream")
    id = await shared(keeping, meta.address("story"))
    assert (await shown(keeping, id)).kind == "undeclared"
    await fetcher.fetch_due()
    found = await row(keeping, id)
    assert (found["state"], found["kind"], found["mime_type"]) == ("stored", kind, mime_type)
    assert await bytes_of(keeping.files, found["storage_key"]) == data
    # It was looked at as what it is.
    assert found["thumbnail_key"]
    assert found["width"]
    assert bool(found["duration_seconds"]) is (kind == "video")
    assert told(keeping) == ["AttachmentStored"]
    assert meta.asked == [("/files/story", False)]
    assert ((await shown(keeping, id)).kind, (await shown(keeping, id)).state) == (kind, "stored")


@pytest.mark.parametrize(
    "data", [PAGE, PDF, PROGRAM, b"", b"\0\1\2"], ids=["page", "paper", "program", "nothing", "noise"]
)
async def test_what_is_no_medium_stays_a_link(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, data: bytes
) -> None:
    meta.holds("p", data, "text/html")
    id = await shared(keeping, meta.address("p"))
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "link_only")
    assert (await row(keeping, id))["storage_key"] is None
    # Screens hear of it, and are told of nothing amiss.
    assert told(keeping) == ["AttachmentFailed"]
    file = await shown(keeping, id)
    assert (file.state, file.reason) == ("link", None)


async def test_a_sound_is_neither_picture_nor_film(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, tmp_path: Path
) -> None:
    meta.holds("s", sound(tmp_path / "s", "ogg", 1.0), "video/mp4")
    id = await shared(keeping, meta.address("s"))
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "link_only")


@pytest.mark.parametrize(
    "address",
    ["https://www.instagram.com/p/AbC", "http://127.0.0.1:9/x.jpg", "https://10.0.0.1/x.jpg", "ftp://fbcdn.net/x", "x"],
)
async def test_nothing_is_asked_of_other_hosts(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, address: str
) -> None:
    id = await shared(keeping, address)
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "link_only")
    assert meta.asked == []


async def test_a_redirect_to_another_host_is_not_followed(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices
) -> None:
    meta.files["r"] = Held(b"", "", "", answer=says(302, Location="https://www.instagram.com/accounts/login"))
    id = await shared(keeping, meta.address("r"))
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == ("failed", "link_only")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, ("failed", "gone")), (403, ("failed", "gone")), (500, ("waiting", "unreachable"))],
)
async def test_a_file_that_was_there_is_told_as_missing(
    meta: FileMeta, fetcher: Fetcher, keeping: TestServices, status: int, expected: tuple[str, str]
) -> None:
    meta.holds("x", PICTURE, answer=says(status))
    id = await shared(keeping, meta.address("x"))
    await fetcher.fetch_due()
    assert await outcome(keeping, id) == expected


async def test_what_meta_declared_is_still_held_to_it(meta: FileMeta, fetcher: Fetcher, keeping: TestServices) -> None:
    meta.holds("v", samples.data("clip.mp4"), "video/mp4")
    [id] = await announce(keeping, Attachment(kind="image", url=meta.address("v")), channel=Channel.INSTAGRAM)
    await fetcher.fetch_due()
    found = await row(keeping, id)
    assert (found["kind"], found["state"], found["reason"]) == ("image", "failed", "not_as_claimed")


def test_only_what_nobody_declared_may_turn_out_a_link() -> None:
    for kind in AttachmentKind:
        for trouble in Trouble:
            turned = verdict(kind, trouble) is not trouble
            assert not turned or kind is AttachmentKind.UNDECLARED
    assert verdict(AttachmentKind.UNDECLARED, Trouble.TOO_LARGE) is Trouble.TOO_LARGE


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ("image/jpeg", "image"), ("image/webp", "image"), ("video/mp4", "video"), ("video/quicktime", "video"),
        ("video/webm", "video"), ("audio/mp4", None), ("image/svg+xml", None), ("image/heic", None),
        ("text/html", None), (None, None),
    ],
)  # fmt: skip
def test_pictures_and_films_by_their_bytes(found: str | None, kind: str | None) -> None:
    assert seen(found) == kind
