"""Files as browsers get them: whole, in ranges, only for whom, and never as something that runs."""

import hashlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from factories import make_conversation, make_message, make_viewer
from live_server import Console, LiveServer
from media.making_files import PAGE, PDF, picture

from server.domain.access import Viewer
from server.domain.model import Author, Role

PICTURE = picture()


@pytest.fixture
async def salma(server: LiveServer) -> Viewer:
    return await make_viewer(server.pool)


async def _file(
    server: LiveServer, owner: Viewer, tmp_path: Path, data: bytes = PICTURE, *, mime_type: str = "image/png",
    name: str | None = "photo.png", kind: str = "image", author: Author = Author.CUSTOMER, width: int | None = 640,
    sector: str = "financial",
) -> int:  # fmt: skip
    conversation = await make_conversation(server.pool, owner=owner, sector=sector)
    message_id = await make_message(server.pool, conversation.id, kind=kind, author=author)
    (source := tmp_path / "source").write_bytes(data)
    await server.services.files.put("ab/abc-1", source)
    source.write_bytes(b"RIFF....WEBPsmall")
    await server.services.files.put("ab/abc-1.thumbnail", source)
    id: int = await server.pool.fetchval(
        "insert into attachment (conversation_id, sector_id, inbox_id, message_id, kind, state, mime_type, name,"
        " storage_key, thumbnail_key, size, digest, width, height)"
        " select conversation_id, sector_id, inbox_id, id, $2, 'stored', $3, $4, 'ab/abc-1', 'ab/abc-1.thumbnail', $5,"
        " $6, $7, 400 from message where id = $1 returning id",
        message_id, kind, mime_type, name, len(data), hashlib.sha256(data).digest(), width,
    )  # fmt: skip
    return id


async def _get(console: Console, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    async with console.http.get(path, headers={**console.cookie, **headers}) as response:
        return response, await response.read()


async def test_a_picture_is_shown_and_can_run_nothing(server: LiveServer, salma: Viewer, tmp_path: Path) -> None:
    id = await _file(server, salma, tmp_path)
    async with server.console(salma) as console:
        answer, data = await _get(console, f"/api/attachments/{id}/content")
        assert (answer.status, data) == (200, PICTURE)
        headers = answer.headers
        assert headers["Content-Type"] == "image/png"
        assert headers["Content-Disposition"] == "inline; filename=\"file\"; filename*=UTF-8''photo.png"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Cache-Control"] == "private, no-cache"
        assert headers["Content-Length"] == str(len(PICTURE))
        answer, _ = await _get(console, f"/api/attachments/{id}/content?download=1")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        answer, data = await _get(console, f"/api/attachments/{id}/thumbnail")
        assert (answer.headers["Content-Type"], data) == ("image/webp", b"RIFF....WEBPsmall")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-50", 206, slice(-50, None)),
        ("bytes=0-999999999", 200, slice(None)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=999999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
    ],
)
async def test_ranges_are_answered(
    server: LiveServer, salma: Viewer, tmp_path: Path, asked: str, status: int, part: slice
) -> None:
    id = await _file(server, salma, tmp_path)
    async with server.console(salma) as console:
        answer, data = await _get(console, f"/api/attachments/{id}/content", Range=asked)
    assert (answer.status, data) == (status, PICTURE[part])
    assert answer.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        start, end, size = *part.indices(len(PICTURE))[:2], len(PICTURE)
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{len(PICTURE)}"


async def test_what_a_browser_has_is_not_sent_again(server: LiveServer, salma: Viewer, tmp_path: Path) -> None:
    id = await _file(server, salma, tmp_path)
    async with server.console(salma) as console:
        answer, _ = await _get(console, f"/api/attachments/{id}/content")
        tag = answer.headers["ETag"]
        answer, data = await _get(console, f"/api/attachments/{id}/content", **{"If-None-Match": f'"x", {tag}'})
        assert (answer.status, data) == (304, b"")
        given = {"Range": "bytes=0-9", "If-Range": '"another"'}
        answer, _ = await _get(console, f"/api/attachments/{id}/content", **given)
        assert answer.status == 200
        answer, _ = await _get(console, f"/api/attachments/{id}/content", **given | {"If-Range": tag})
        assert answer.status == 206


@pytest.mark.parametrize(
    ("data", "mime_type", "name", "saved_as"),
    [
        (PAGE, "text/html", "page.html", "page.html.txt"),
        (b"<svg/>", "image/svg+xml", "logo.svg", "logo.svg.txt"),
        (
            PDF,
            "application/pdf",
            "عرض.pdf",
            "%D8%B9%D8%B1%D8%B6.pdf",
        ),
        (b"del *", "text/plain", "photo\u202egpj.bat", "photogpj.bat.txt"),
        (PDF, "application/pdf", "../../etc/x\r\ny", "xy"),
        (PDF, "application/pdf", None, "document-1.pdf"),
    ],
)
async def test_what_could_run_is_only_saved(
    server: LiveServer, salma: Viewer, tmp_path: Path, data: bytes, mime_type: str, name: str | None, saved_as: str
) -> None:
    id = await _file(server, salma, tmp_path, data, mime_type=mime_type, name=name, kind="document", width=None)
    async with server.console(salma) as console:
        answer, _ = await _get(console, f"/api/attachments/{id}/content")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename=\"file\"; filename*=UTF-8''{saved_as}"


@pytest.mark.parametrize("width", [None, 1_000_000])
async def test_a_picture_nobody_should_unfold_is_only_saved(
    server: LiveServer, salma: Viewer, tmp_path: Path, width: int | None
) -> None:
    id = await _file(server, salma, tmp_path, width=width)
    async with server.console(salma) as console:
        answer, _ = await _get(console, f"/api/attachments/{id}/content")
    assert answer.headers["Content-Disposition"].startswith("attachment;")


async def test_only_who_may_read_the_conversation_gets_its_files(
    server: LiveServer, salma: Viewer, tmp_path: Path
) -> None:
    id = await _file(server, salma, tmp_path)
    everybody = {
        200: [salma, await make_viewer(server.pool, role=Role.SUPERVISOR),
              await make_viewer(server.pool, role=Role.OWNER, reads_messages=True)],
        404: [await make_viewer(server.pool, "Karim Adel"),
              await make_viewer(server.pool, role=Role.SUPERVISOR, sectors=("hospitality",)),
              await make_viewer(server.pool, role=Role.OWNER)],
    }  # fmt: skip
    for status, people in everybody.items():
        for person in people:
            async with server.console(person) as console:
                for path in ("content", "thumbnail"):
                    answer, data = await _get(console, f"/api/attachments/{id}/{path}")
                    assert answer.status == status, (person, path)
                    assert status == 200 or PICTURE[:20] not in data
    async with aiohttp.ClientSession(server.url) as http, http.get(f"/api/attachments/{id}/content") as answer:
        assert answer.status == 401


async def test_what_was_taken_back_or_never_came_is_not_here(server: LiveServer, salma: Viewer, tmp_path: Path) -> None:
    id = await _file(server, salma, tmp_path)
    async with server.console(salma) as console:
        for change in (
            "update message set revoked_at = now()",
            "update message set revoked_at = null; update attachment set state = 'waiting'",
            "update attachment set state = 'failed', storage_key = null",
            "update attachment set state = 'stored', storage_key = 'ab/lost-1'",
        ):
            await server.pool.execute(change)
            answer, _ = await _get(console, f"/api/attachments/{id}/content")
            assert answer.status == 404, change


async def test_meta_fetches_what_we_send_by_a_signed_address(server: LiveServer, salma: Viewer, tmp_path: Path) -> None:
    sent = await _file(server, salma, tmp_path, author=Author.ADVISOR)
    async with aiohttp.ClientSession() as http:
        async with http.get(server.links.address(sent)) as answer:
            assert (answer.status, await answer.read()) == (200, PICTURE)
            assert answer.headers["Content-Type"] == "image/png"
        async with http.get(server.links.address(sent)[:-4] + "AAAA") as answer:
            assert answer.status == 404
        # What a customer sent is nobody's to fetch in this way.
        received = await _file(server, salma, tmp_path)
        async with http.get(server.links.address(received)) as answer:
            assert answer.status == 404


async def test_a_microphone_and_previews_are_our_own_page_s(server: LiveServer, salma: Viewer) -> None:
    async with server.console(salma) as console:
        answer: Any = (await _get(console, "/settings"))[0]
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert "img-src 'self' data: blob:" in answer.headers["Content-Security-Policy"]
    assert "media-src 'self' blob:" in answer.headers["Content-Security-Policy"]
