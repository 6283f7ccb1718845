"""Files people upload to send: taken or refused with the limit, theirs alone until sent, gone after a day."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from factories import make_conversation, make_message, make_viewer
from live_server import Console, LiveServer
from media.filing import bytes_of
from media.making_files import PAGE, PDF, PROGRAM, picture, sound, sticker

from server.actions import media
from server.domain.access import Viewer
from server.domain.model import Author, Channel, ConversationState, Role

PICTURE = picture()


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool)


async def _upload(
    console: Console, conversation_id: int, data: Any, name: str = "menu.png", mime_type: str = "image/png",
    *, status: int = 201, language: str = "en", **fields: str,
) -> Any:  # fmt: skip
    # As browsers write names.
    form = aiohttp.FormData(quote_fields=False)
    for field, value in fields.items():
        form.add_field(field, value)
    form.add_field("file", data, filename=name, content_type=mime_type)
    headers = {**console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf, "Accept-Language": language}
    path = f"/api/conversations/{conversation_id}/attachments"
    async with console.http.post(path, data=form, headers=headers) as response:
        text = await response.text()
        assert response.status == status, text
        if status != 201:
            assert response.content_type == "application/problem+json"
        return json.loads(text)


async def test_an_upload_is_kept_with_what_is_known_of_it(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        found = (await _upload(console, talk.id, PICTURE, "قائمة.png"))["attachment"]
        id = found["id"]
        assert found == {
            "id": id, "kind": "image", "state": "stored", "reason": None, "mime_type": "image/png",
            "name": "قائمة.png", "size": len(PICTURE), "width": 640, "height": 400, "duration_seconds": None,
            "voice": False, "animated": False, "url": f"/api/attachments/{id}/content",
            "thumbnail": f"/api/attachments/{id}/thumbnail",
        }  # fmt: skip
        async with console.http.get(found["url"], headers=console.cookie) as answer:
            assert await answer.read() == PICTURE
        async with console.http.get(found["thumbnail"], headers=console.cookie) as answer:
            assert answer.status == 200
    assert await server.pool.fetchval("select count(*) from file_to_delete") == 0


@pytest.mark.parametrize("recorded", ["webm", "mp4"])
@pytest.mark.parametrize(
    ("channel", "mime_type", "begins"),
    [(Channel.WHATSAPP, "audio/ogg; codecs=opus", b"OggS"), (Channel.INSTAGRAM, "audio/mp4", b"ftyp")],
)
async def test_a_recording_becomes_a_voice_message_of_the_channel(
    server: LiveServer, salma: Viewer, tmp_path: Path, recorded: str, channel: Channel, mime_type: str, begins: bytes
) -> None:
    talk = await make_conversation(server.pool, owner=salma, channel=channel)
    data = sound(tmp_path / "recording", recorded, 1.2)
    async with server.console(salma) as console:
        found = await _upload(console, talk.id, data, f"v.{recorded}", f"audio/{recorded};codecs=opus", voice="true")
    found = found["attachment"]
    assert (found["kind"], found["voice"], found["mime_type"]) == ("audio", True, mime_type)
    assert found["duration_seconds"] == pytest.approx(1.2, abs=0.1)
    key = await server.pool.fetchval("select storage_key from attachment")
    kept = await bytes_of(server.services.files, key)
    assert begins in kept[:8]
    assert len(kept) == found["size"]


async def test_a_file_over_the_limit_is_refused_with_the_limit(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        large = PICTURE + bytes(5_000_001 - len(PICTURE))
        refused = await _upload(console, talk.id, large, status=413)
        assert refused["type"] == "/problems/too-large"
        assert refused["limit"] == {"channel": "whatsapp", "kind": "image", "max_bytes": 5_000_000}
        assert refused["detail"] == "The file is too large: the most is 5 MB."
        # Known beforehand, it is refused while it comes.
        refused = await _upload(console, talk.id, large, kind="image", status=413)
        assert refused["limit"]["max_bytes"] == 5_000_000
        # The same picture as a document is within the limits; but not of a type a document has.
        refused = await _upload(console, talk.id, large, kind="document", status=422)
        assert "application/pdf" in refused["limit"]["mime_types"]
        await _upload(console, talk.id, PDF, "offer.pdf", "application/pdf")
    assert await server.pool.fetchval("select count(*) from attachment") == 1


async def test_200_mb_are_refused_and_cost_no_memory(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)

    async def endless() -> Any:
        for _ in range(200):
            yield bytes(1_000_000)

    async with server.console(salma) as console:
        refused = await _upload(console, talk.id, endless(), "film.mp4", "video/mp4", status=413)
    assert refused["limit"] == {"channel": "whatsapp", "kind": None, "max_bytes": 100_000_000}


@pytest.mark.parametrize(
    ("data", "name", "mime_type", "fields", "detail"),
    [
        (PROGRAM, "menu.png", "image/png", {}, "This file is a program. Programs are not sent."),
        (PAGE, "menu.png", "image/png", {}, "This file is not what its name or type says it is."),
        (PAGE, "offer.pdf", "", {}, "This file is not what its name or type says it is."),
        (PDF, "voice.webm", "audio/webm", {"voice": "true"}, "This file is not what its name or type says it is."),
        (b"", "menu.png", "image/png", {}, "The file is empty."),
        (
            PDF,
            "offer.pdf",
            "application/pdf",
            {"kind": "song"},
            "A kind is one of image, video, audio, document, sticker.",
        ),
        (
            PDF,
            "offer.pdf",
            "application/pdf",
            {"kind": "undeclared"},
            "A kind is one of image, video, audio, document, sticker.",
        ),
        (
            b"PK\x03\x04....",
            "all.zip",
            "application/zip",
            {},
            "WhatsApp does not take files of type application/zip this way.",
        ),
    ],
)
async def test_what_may_not_be_sent_is_refused_with_words(
    server: LiveServer, salma: Viewer, data: bytes, name: str, mime_type: str, fields: dict[str, str], detail: str
) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        refused = await _upload(console, talk.id, data, name, mime_type, status=422, **fields)
    assert refused["detail"] == detail
    assert await server.pool.fetchval("select count(*) from attachment") == 0


async def test_refusals_are_told_in_arabic(server: LiveServer) -> None:
    mona = await make_viewer(server.pool, "Mona Samir", language="ar")
    talk = await make_conversation(server.pool, owner=mona)
    async with server.console(mona) as console:
        refused = await _upload(console, talk.id, PICTURE + bytes(5_000_000), status=413)
    assert refused["detail"] == "الملف كبير جدًا: الحد الأقصى \u20685 MB\u2069."


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no form", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nvalue\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncut off",
        b"--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n" + bytes(5000) + b"\r\n--x--\r\n",
    ],
)  # fmt: skip
async def test_a_body_that_is_no_form_is_refused(server: LiveServer, salma: Viewer, body: bytes) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        headers = {
            **console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf,
            "Content-Type": "multipart/form-data; boundary=x",
        }  # fmt: skip
        path = f"/api/conversations/{talk.id}/attachments"
        async with console.http.post(path, data=body, headers=headers) as response:
            assert response.status == 422, await response.text()


async def test_two_files_at_once_are_one_too_many(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    form = aiohttp.FormData()
    for name in ("a.png", "b.png"):
        form.add_field("file", PICTURE, filename=name, content_type="image/png")
    async with server.console(salma) as console:
        headers = {**console.cookie, "Origin": console.url, "X-CSRF-Token": console.csrf}
        path = f"/api/conversations/{talk.id}/attachments"
        async with console.http.post(path, data=form, headers=headers) as response:
            assert response.status == 422
            assert (await response.json())["detail"] == "Send one file at a time."


async def test_only_the_owner_of_an_open_conversation_uploads(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    over = await make_conversation(server.pool, state=ConversationState.RESOLVED, owner=salma)
    laila = await make_viewer(server.pool, "Laila Nour", role=Role.SUPERVISOR)
    karim = await make_viewer(server.pool, "Karim Adel")
    for person, conversation, status in ((laila, talk, 403), (karim, talk, 404), (salma, over, 403)):
        async with server.console(person) as console:
            await _upload(console, conversation.id, PICTURE, status=status)


async def test_an_unsent_upload_is_its_uploader_s_alone_and_can_be_dropped(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    laila = await make_viewer(server.pool, "Laila Nour", role=Role.SUPERVISOR)
    async with server.console(salma) as console, server.console(laila) as other:
        id = (await _upload(console, talk.id, PICTURE))["attachment"]["id"]
        await other.get(f"/api/attachments/{id}/content", status=404)
        await other.call("DELETE", f"/api/attachments/{id}", status=404)
        key = await server.pool.fetchval("select storage_key from attachment")
        await console.call("DELETE", f"/api/attachments/{id}", status=204)
        await console.call("DELETE", f"/api/attachments/{id}", status=404)
        # One that is part of a message stays.
        sent = (await _upload(console, talk.id, PICTURE))["attachment"]["id"]
        message_id = await make_message(server.pool, talk.id, author=Author.ADVISOR)
        await server.pool.execute("update attachment set message_id = $1 where id = $2", message_id, sent)
        await console.call("DELETE", f"/api/attachments/{sent}", status=404)
    await media.sweep(server.services, 3600)
    assert await server.services.files.size(key) is None
    assert await server.services.files.size(f"{key}.thumbnail") is None
    kept = await server.pool.fetchval("select storage_key from attachment where id = $1", sent)
    assert await server.services.files.size(kept) == len(PICTURE)
    assert await server.pool.fetchval("select count(*) from file_to_delete") == 0


async def test_what_nobody_sent_is_gone_after_a_day(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        old = (await _upload(console, talk.id, PICTURE))["attachment"]["id"]
        new = (await _upload(console, talk.id, PICTURE))["attachment"]["id"]
    await server.pool.execute("update attachment set created_at = now() - interval '25 hours' where id = $1", old)
    keys = {row["id"]: row["storage_key"] for row in await server.pool.fetch("select * from attachment")}
    await media.sweep(server.services, 24 * 3600)
    assert await server.services.files.size(keys[old]) is None
    assert await server.services.files.size(keys[new]) == len(PICTURE)
    assert await server.pool.fetchval("select count(*) from attachment") == 1


async def test_a_sticker_that_does_not_move_has_a_smaller_limit(server: LiveServer, salma: Viewer) -> None:
    talk = await make_conversation(server.pool, owner=salma)
    async with server.console(salma) as console:
        moving, still = (sticker(animated=each) for each in (True, False))
        for data, status in ((moving + bytes(150_000), 201), (still + bytes(150_000), 413), (still, 201)):
            await _upload(console, talk.id, data, "s.webp", "image/webp", kind="sticker", status=status)
