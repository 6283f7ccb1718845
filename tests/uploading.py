"""Uploads of advisors, and Meta taking them, without the bytes."""

from conftest import TestServices

from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.media import AttachmentKind
from server.store import uploads
from server.store.attachments import Kept
from server.store.uploads import Upload


async def upload(
    services: TestServices, viewer: Viewer, conversation: Conversation, kind: str = "image",
    mime_type: str = "image/png", *, name: str | None = "menu.png", size: int = 1000, voice: bool = False,
) -> int:  # fmt: skip
    async with services.pool.acquire() as connection, connection.transaction():
        id = await uploads.next_id(connection)
        made = Upload(
            id=id, conversation_id=conversation.id, sector_id=conversation.sector_id, inbox_id=conversation.inbox_id,
            kind=AttachmentKind(kind), name=name, voice=voice, uploaded_by=viewer.user_id,
        )  # fmt: skip
        kept = Kept(
            kind=made.kind, storage_key=f"key-{id}", thumbnail_key=None, size=size, digest=b"d", mime_type=mime_type
        )
        await uploads.add(connection, made, kept)
    return id


async def brought(services: TestServices, attachment_id: int, media_id: str = "9001") -> None:
    """Meta has the file now."""
    await services.pool.execute(
        "update attachment set upload = 'done', provider_media_id = $2, provider_media_at = now() where id = $1",
        attachment_id, media_id,
    )  # fmt: skip


async def not_brought(services: TestServices, attachment_id: int) -> None:
    await services.pool.execute(
        "update attachment set upload = 'failed', upload_failure = $2 where id = $1",
        attachment_id, {"code": 131053, "title": "Media upload error"},
    )  # fmt: skip
