"""Files of messages: what came in and is to be fetched, what people uploaded, and who may have it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from server.domain import inbound, media
from server.domain.access import Viewer, reads_every_conversation
from server.domain.media import AttachmentKind, AttachmentState, Trouble
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("attachments")


class Held(Protocol):
    """In our hands: to be fetched, or brought to Meta. `attempts` tells this attempt from another's."""

    @property
    def id(self) -> int: ...

    @property
    def attempts(self) -> int: ...


class NewAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file a message announced. `state` and `reason` by `domain.media.first_state`."""

    conversation_id: int
    sector_id: str
    inbox_id: str
    message_id: int
    place: int
    kind: AttachmentKind
    state: AttachmentState
    reason: Trouble | None
    media_id: str | None
    url: str | None
    sha256: str | None
    mime_type: str | None
    name: str | None
    voice: bool = False
    animated: bool = False


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A file in our hands to fetch."""

    id: int
    conversation_id: int
    inbox_id: str
    message_id: int
    kind: AttachmentKind
    media_id: str | None
    url: str | None
    sha256: str | None
    mime_type: str | None
    name: str | None
    attempts: int
    created_at: datetime
    claimed_at: datetime


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What we know of a file we have."""

    kind: AttachmentKind
    storage_key: str
    thumbnail_key: str | None
    size: int
    digest: bytes
    mime_type: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    animated: bool = False


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file as those who may read it are served."""

    id: int
    conversation_id: int
    message_id: int | None
    kind: AttachmentKind
    state: AttachmentState
    reason: str | None
    storage_key: str | None
    thumbnail_key: str | None
    size: int | None
    digest: bytes | None
    mime_type: str | None
    name: str | None
    width: int | None
    height: int | None
    duration_seconds: float | None
    voice: bool
    animated: bool

    @property
    def thumbnail(self) -> bool:
        """Whether there is one."""
        return self.thumbnail_key is not None


def announced(
    attachment: inbound.Attachment, *, conversation_id: int, sector_id: str, inbox_id: str, message_id: int, place: int
) -> NewAttachment:
    """A message's file as it begins: to be fetched, or with the reason why nobody can."""
    state, reason = media.first_state(media_id=attachment.media_id, url=attachment.url, ephemeral=attachment.ephemeral)
    return NewAttachment(
        conversation_id=conversation_id, sector_id=sector_id, inbox_id=inbox_id, message_id=message_id, place=place,
        kind=AttachmentKind(attachment.kind), state=state, reason=reason, media_id=attachment.media_id,
        url=attachment.url, sha256=attachment.sha256, mime_type=attachment.mime_type, name=attachment.name,
        voice=attachment.voice, animated=attachment.animated,
    )  # fmt: skip


async def add(connection: Connection, rows: Sequence[NewAttachment]) -> None:
    await connection.execute(_sql.add, *columns(rows, NewAttachment))


async def claim(connection: Connection, most: int, lease_seconds: float) -> list[Due]:
    """At most `most`, committed as being fetched."""
    return [msgspec.convert(dict(row), Due) for row in await connection.fetch(_sql.claim, most, lease_seconds)]


async def seconds_to_next(connection: Connection) -> float | None:
    """Until something is to be fetched or uploaded; None when nothing waits."""
    found: float | None = await connection.fetchval(_sql.next_due)
    return found


async def renew(connection: Connection, held: Sequence[Held], lease_seconds: float) -> None:
    await connection.execute(_sql.renew, *_attempts(held), lease_seconds)


async def release(connection: Connection, held: Sequence[Held]) -> None:
    """Gives back what is in our hands, for anybody to begin anew at once."""
    await connection.execute(_sql.release, *_attempts(held))


async def keep_stored(connection: Connection, due: Due, kept: Kept) -> bool:
    """False when it is no longer ours, or was taken back: then nobody refers to the file."""
    found = await connection.fetchval(
        _sql.keep_stored, due.id, due.attempts, kept.storage_key, kept.thumbnail_key, kept.size, kept.digest,
        kept.mime_type, kept.width, kept.height, kept.duration_seconds, kept.animated, kept.kind,
    )  # fmt: skip
    return found is not None


async def keep_failed(connection: Connection, due: Due, reason: Trouble) -> bool:
    return await connection.fetchval(_sql.keep_failed, due.id, due.attempts, reason) is not None


async def wait_again(connection: Connection, due: Due, reason: Trouble, seconds: float) -> None:
    await connection.execute(_sql.wait_again, due.id, due.attempts, reason, seconds)


async def hasten(connection: Connection, inbox_id: str) -> None:
    """What waits for access is asked for at once: there is a new token."""
    await connection.execute(_sql.hasten, inbox_id)


async def take_back(connection: Connection, message_ids: Sequence[int]) -> None:
    """The files of messages that were taken back: nobody is shown them any more, and they are deleted."""
    await connection.execute(_sql.take_back, message_ids)


async def readable(connection: Connection, viewer: Viewer, attachment_id: int) -> Attachment | None:
    """The attachment, if this person may read the conversation it belongs to."""
    sectors = sorted(viewer.sectors) if viewer.reads_messages else []
    row = await connection.fetchrow(
        _sql.readable, attachment_id, sectors, viewer.user_id, reads_every_conversation(viewer)
    )
    return _attachment(row)


async def public(connection: Connection, attachment_id: int) -> Attachment | None:
    """For Meta, by a signed address: only files of messages we send."""
    return _attachment(await connection.fetchrow(_sql.public, attachment_id))


async def to_delete(connection: Connection) -> list[str]:
    return [row["key"] for row in await connection.fetch(_sql.to_delete)]


async def deleted(connection: Connection, keys: Sequence[str]) -> None:
    await connection.execute(_sql.deleted, keys)


async def promise_deletion(connection: Connection, keys: Sequence[str]) -> None:
    """Before files are written that no row names yet; who names them takes the promise back."""
    await connection.execute(_sql.promise_deletion, keys)


def _attempts(held: Sequence[Held]) -> tuple[list[int], list[int]]:
    return [each.id for each in held], [each.attempts for each in held]


def _attachment(row: Any) -> Attachment | None:
    return msgspec.convert(dict(row), Attachment) if row else None
