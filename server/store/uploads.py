"""Files people uploaded to send: unsent, part of a message, brought to Meta."""

from collections.abc import Sequence

import msgspec

from server.domain.inbound import Failure
from server.domain.media import AttachmentKind
from server.store.attachments import Kept
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("attachments")


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Of a person, for a conversation; not part of a message yet."""

    id: int
    conversation_id: int
    sector_id: str
    inbox_id: str
    kind: AttachmentKind
    name: str | None
    voice: bool
    uploaded_by: int


class Unsent(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as a message is made of it."""

    id: int
    kind: AttachmentKind
    mime_type: str
    name: str | None
    size: int
    voice: bool
    animated: bool


class DueUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A file in our hands to bring to Meta."""

    id: int
    inbox_id: str
    kind: AttachmentKind
    mime_type: str
    name: str | None
    size: int
    storage_key: str
    attempts: int


class Sendable(msgspec.Struct, frozen=True, kw_only=True):
    """`provider_media_id` None: by its address (see `actions.media_links`), unless `failure` says it cannot be sent."""

    id: int
    kind: AttachmentKind
    mime_type: str
    name: str | None
    voice: bool
    provider_media_id: str | None
    failure: Failure | None


async def next_id(connection: Connection) -> int:
    found: int = await connection.fetchval(_sql.next_id)
    return found


async def add(connection: Connection, upload: Upload, kept: Kept) -> None:
    await connection.execute(
        _sql.add_upload, upload.id, upload.conversation_id, upload.sector_id, upload.inbox_id, upload.kind,
        kept.mime_type, upload.name, upload.voice, kept.animated, kept.storage_key, kept.thumbnail_key, kept.size,
        kept.digest, kept.width, kept.height, kept.duration_seconds, upload.uploaded_by,
    )  # fmt: skip


async def drop(connection: Connection, attachment_id: int, user_id: int) -> bool:
    """False when it is not this person's, or sent already. The file goes with the next sweep."""
    return await connection.fetchval(_sql.drop_upload, attachment_id, user_id) is not None


async def drop_unsent(connection: Connection, older_than_seconds: float) -> int:
    found: int = await connection.fetchval(_sql.drop_unsent, older_than_seconds)
    return found


async def unsent(connection: Connection, attachment_id: int, *, conversation_id: int, user_id: int) -> Unsent | None:
    """This person's own upload for this conversation, locked; None when there is none, or it was sent."""
    row = await connection.fetchrow(_sql.unsent, attachment_id, conversation_id, user_id)
    return msgspec.convert({**row}, Unsent) if row else None


async def attach(connection: Connection, attachment_id: int, message_id: int, *, brought_first: bool) -> None:
    """Makes it part of a message. `brought_first`: the channel wants the file before the message
    (`domain.media_limits.brought_first`); until then the outbox row waits. Wake `Topic.MEDIA`."""
    await connection.execute(_sql.attach, attachment_id, message_id, brought_first)


async def upload_again(connection: Connection, message_id: int) -> None:
    """Before a new attempt at a message. Wake `Topic.MEDIA`."""
    await connection.execute(_sql.upload_again, message_id)


async def claim(connection: Connection, most: int, lease_seconds: float) -> list[DueUpload]:
    rows = await connection.fetch(_sql.claim_uploads, most, lease_seconds)
    return [msgspec.convert(dict(row), DueUpload) for row in rows]


async def done(connection: Connection, due: DueUpload, provider_media_id: str) -> None:
    await connection.execute(_sql.uploaded, due.id, due.attempts, provider_media_id)


async def failed(connection: Connection, due: DueUpload, why: Failure) -> None:
    await connection.execute(_sql.upload_failed, due.id, due.attempts, msgspec.to_builtins(why))


async def later(connection: Connection, due: DueUpload, seconds: float) -> None:
    await connection.execute(_sql.upload_later, due.id, due.attempts, seconds)


async def sendable(connection: Connection, attachment_ids: Sequence[int]) -> dict[int, Sendable]:
    rows = await connection.fetch(_sql.sendable, attachment_ids)
    return {row["id"]: msgspec.convert(dict(row), Sendable) for row in rows}
