"""Our files go to Meta before the messages that carry them."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import TestServices
from factories import make_conversation, make_viewer
from media.filing import make_due, outbound_message, row
from media.keeping_meta import FileMeta, refuses, says
from media.making_files import PDF, picture

from server.actions import media_uploads
from server.actions.media_links import Links
from server.actions.media_sending import Bringer
from server.actions.media_uploads import Told
from server.actions.unit import Topic
from server.domain import media_limits
from server.domain.access import Viewer
from server.domain.errors import NotFound
from server.domain.failure_codes import NO_FILE
from server.domain.model import Channel
from server.files.scratch import scratch
from server.store import attachments, outbox, uploads
from server.store.uploads import Sendable
from server.store.vault import Vault, generate_key

PICTURE = picture()


async def _upload(
    services: TestServices, viewer: Viewer, conversation_id: int, data: bytes, name: str, mime_type: str, **more: Any
) -> int:
    place = await media_uploads.admit(services, viewer, conversation_id)
    async with scratch() as file:
        await file.write(data)
        told = Told(name=name, mime_type=mime_type, **more)
        return (await media_uploads.take(services, viewer, place, file, told)).id


async def _sending(
    services: TestServices, data: bytes = PICTURE, name: str = "قائمة menu.png", mime_type: str = "image/png",
    channel: Channel = Channel.WHATSAPP,
) -> tuple[int, int]:  # fmt: skip
    """An upload that is part of a message: their ids."""
    salma = await make_viewer(services.pool)
    conversation = await make_conversation(services.pool, owner=salma, channel=channel)
    id = await _upload(services, salma, conversation.id, data, name, mime_type)
    message_id = await outbound_message(services.pool, conversation.id)
    async with services.pool.acquire() as connection, connection.transaction():
        assert await uploads.unsent(connection, id, conversation_id=conversation.id, user_id=salma.user_id)
        await uploads.attach(connection, id, message_id, brought_first=media_limits.brought_first(channel))
    return id, message_id


async def _sendable(services: TestServices, id: int) -> Sendable:
    async with services.pool.acquire() as connection:
        return (await uploads.sendable(connection, [id]))[id]


async def test_whatsapp_gets_the_file_and_its_type(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    id, _ = await _sending(keeping)
    assert await bringer.bring_due() == 1
    [sent] = meta.uploads
    inbox = keeping.organisation().inboxes["financial-whatsapp"]
    assert sent["path"] == f"/fb/v26.0/{inbox.external_id}/media"
    assert (sent["messaging_product"], sent["type"]) == ("whatsapp", "image/png")
    assert sent["file"] == ("menu.png", "image/png", PICTURE)
    assert (await _sendable(keeping, id)).provider_media_id == "up-1"
    assert keeping.waker.topics[-1] is Topic.OUTBOX
    assert await bringer.bring_due() == 0


async def test_a_page_gets_a_reusable_attachment(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    id, _ = await _sending(keeping, PDF, "offer.pdf", "application/pdf", Channel.MESSENGER)
    await bringer.bring_due()
    [sent] = meta.uploads
    assert sent["path"].endswith("/message_attachments")
    assert json.loads(sent["message"]) == {"attachment": {"type": "file", "payload": {"is_reusable": True}}}
    assert sent["filedata"] == ("offer.pdf", "application/pdf", PDF)
    assert (await _sendable(keeping, id)).provider_media_id == "up-1"


async def test_instagram_fetches_by_itself(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    id, _ = await _sending(keeping, channel=Channel.INSTAGRAM)
    assert await bringer.bring_due() == 0
    assert (await _sendable(keeping, id)).provider_media_id is None
    assert (await _sendable(keeping, id)).failure is None


@pytest.mark.parametrize("answer", [says(500), says(429), refuses(130429), refuses(131000, 500), refuses(131016)])
async def test_what_passes_is_tried_again(meta: FileMeta, bringer: Bringer, keeping: TestServices, answer: Any) -> None:
    meta.upload_answer = answer
    id, _ = await _sending(keeping)
    await bringer.bring_due()
    assert (await row(keeping, id))["upload"] == "due"
    assert await bringer.bring_due() == 0
    meta.upload_answer = None
    await make_due(keeping)
    await bringer.bring_due()
    assert (await row(keeping, id))["upload"] == "done"


async def test_a_definite_no_is_kept_for_the_message_to_tell(
    meta: FileMeta, bringer: Bringer, keeping: TestServices
) -> None:
    meta.upload_answer = refuses(131053)
    id, message_id = await _sending(keeping)
    await bringer.bring_due()
    failure = (await _sendable(keeping, id)).failure
    if failure is None:
        # 131053 is worth one more try (facts §8).
        await make_due(keeping)
        for _ in range(6):
            await bringer.bring_due()
            await make_due(keeping)
        failure = (await _sendable(keeping, id)).failure
    assert failure is not None
    assert failure.code == 131053
    # A person's retry brings it once more.
    meta.upload_answer = None
    async with keeping.pool.acquire() as connection:
        await uploads.upload_again(connection, message_id)
    await bringer.bring_due()
    assert (await _sendable(keeping, id)).provider_media_id


async def test_an_upload_never_goes_on_for_ever(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    meta.upload_answer = says(500)
    id, _ = await _sending(keeping)
    for _ in range(6):
        await bringer.bring_due()
        await make_due(keeping)
    assert (await row(keeping, id))["upload"] == "failed"
    failure = (await _sendable(keeping, id)).failure
    assert failure is not None
    assert failure.code == NO_FILE


async def test_an_expired_token_keeps_the_file_waiting(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    meta.upload_answer = refuses(190, 401)
    id, _ = await _sending(keeping)
    for _ in range(8):
        await bringer.bring_due()
        await make_due(keeping)
    assert (await row(keeping, id))["upload"] == "due"


async def test_nothing_is_brought_for_a_paused_inbox(meta: FileMeta, bringer: Bringer, keeping: TestServices) -> None:
    await _sending(keeping)
    await keeping.pool.execute("update inbox set paused_at = now(), paused_reason = '190: x'")
    assert await bringer.bring_due() == 0
    async with keeping.pool.acquire() as connection:
        # Nor is it looked for again and again.
        assert await attachments.seconds_to_next(connection) is None
    await keeping.pool.execute("update inbox set paused_at = null, paused_reason = null")
    assert await bringer.bring_due() == 1


async def test_the_message_waits_in_the_outbox_for_its_file(
    meta: FileMeta, bringer: Bringer, keeping: TestServices
) -> None:
    _, message_id = await _sending(keeping)
    await keeping.pool.execute(
        "insert into outbox (conversation_id, sector_id, bots, inbox_id, message_id, seq, purpose, opening, recipient,"
        " payload) select conversation_id, sector_id, false, inbox_id, id, 1, 'reply', 1,"
        ' \'{"kind": "phone", "value": "201000000001"}\', \'{"kind": "text", "text": "x"}\''
        " from message where id = $1",
        message_id,
    )
    await keeping.pool.execute(
        "insert into lease (name, epoch, holder, expires_at) values"
        " ('outbox:financial-whatsapp', 1, 'us', now() + interval '1 hour')"
    )
    async with keeping.pool.acquire() as connection:
        lanes = {"financial-whatsapp": (1, 10)}
        assert await outbox.claim(connection, lanes, 10, 60) == []
        await bringer.bring_due()
        [claimed] = await outbox.claim(connection, lanes, 10, 60)
    assert claimed.message_id == message_id


async def test_an_upload_is_sent_once(keeping: TestServices) -> None:
    salma = await make_viewer(keeping.pool)
    conversation = await make_conversation(keeping.pool, owner=salma)
    id = await _upload(keeping, salma, conversation.id, PICTURE, "a.png", "image/png")
    karim = await make_viewer(keeping.pool, "Karim Adel")
    elsewhere = await make_conversation(keeping.pool, owner=salma)
    message_id = await outbound_message(keeping.pool, conversation.id)
    async with keeping.pool.acquire() as connection, connection.transaction():
        ours = {"conversation_id": conversation.id, "user_id": salma.user_id}
        assert await uploads.unsent(connection, id, **ours | {"user_id": karim.user_id}) is None
        assert await uploads.unsent(connection, id, **ours | {"conversation_id": elsewhere.id}) is None
        found = await uploads.unsent(connection, id, **ours)
        assert found is not None
        assert (found.mime_type, found.size) == ("image/png", len(PICTURE))
        await uploads.attach(connection, id, message_id, brought_first=True)
        assert await uploads.unsent(connection, id, **ours) is None


async def test_a_link_for_meta_is_of_one_file_and_not_for_long(
    keeping: TestServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault = Vault([generate_key()])
    links = Links("https://majlis.example", vault)
    address = links.address(7)
    assert address.startswith("https://majlis.example/media/")
    token = address.rsplit("/", 1)[-1]
    assert links.attachment_of(token) == 7
    sealed = ["an inbox's token", "file ", "file -7", "file ٧", "file 7\n", f"file {10**30}", f"file {'7' * 5000}"]
    for other in (token[:-3] + "AAA", "", "x", "قائمة", *(vault.seal(each).decode() for each in sealed)):
        with pytest.raises(NotFound):
            links.attachment_of(other)
    monkeypatch.setattr("server.actions.media_links._SECONDS", -1)
    with pytest.raises(NotFound):
        links.attachment_of(token)
