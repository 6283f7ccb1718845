"""Files people upload to send: taken in, looked at, kept until they are part of a message or a day is over."""

import asyncio
import hashlib
import mimetypes
from pathlib import Path

import msgspec

from server.actions import media
from server.actions.unit import Services, unit
from server.domain import media_limits, sniffing
from server.domain.access import Viewer
from server.domain.errors import Forbidden, Invalid, NotFound, Unavailable
from server.domain.media import AttachmentKind
from server.domain.model import Channel, ConversationState
from server.files import workshop
from server.files.keeping import KeepingError
from server.files.scratch import Scratch
from server.store import attachments, uploads, views
from server.store.attachments import Attachment
from server.store.uploads import Upload

UNSENT_SECONDS = 24 * 3600.0
_LONGEST_NAME = 200


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the file is to be sent."""

    conversation_id: int
    sector_id: str
    inbox_id: str
    channel: Channel


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender says of the file. `voice`: recorded here, to be heard as a voice message."""

    name: str
    mime_type: str
    kind: AttachmentKind | None = None
    voice: bool = False


async def admit(services: Services, viewer: Viewer, conversation_id: int) -> Place:
    """Before a byte is read: only the owner sends files. Raises `NotFound`, `Forbidden`."""
    async with services.pool.acquire() as connection:
        if not await views.readable(connection, viewer, conversation_id):
            raise NotFound("This conversation does not exist.")
        row = (await views.summaries(connection, [conversation_id]))[conversation_id]
    if row.owner_id != viewer.user_id or row.state is ConversationState.RESOLVED:
        raise Forbidden("Only its owner answers here: take the conversation over first.")
    return Place(conversation_id=row.id, sector_id=row.sector_id, inbox_id=row.inbox_id, channel=row.channel)


async def take(services: Services, viewer: Viewer, place: Place, file: Scratch, told: Told) -> Attachment:
    """Keeps the file as an unsent upload. Raises `Invalid`, `TooLarge`, `Unavailable`."""
    digest = await file.finish()
    if file.size == 0:
        raise Invalid("The file is empty.", field="file")
    name = tidy_name(told.name)
    kind, mime_type = _judge(place.channel, told, name, sniffing.sniff(file.head))
    source: Path | None = None
    if told.voice:
        source, mime_type = await _as_voice(place.channel, file)
        digest = await asyncio.to_thread(_digest, source)
        name = ""
    size = file.size if source is None else source.stat().st_size
    media_limits.check(place.channel, kind, mime_type, size, animated=True)
    async with services.pool.acquire() as connection:
        attachment_id = await uploads.next_id(connection)
    try:
        kept = await media.keep(services, file, digest, attachment_id, kind, mime_type, source)
    except (KeepingError, OSError) as error:
        raise Unavailable("The file could not be stored. Try again.", retry_after_seconds=5) from error
    media_limits.check(place.channel, kind, mime_type, size, animated=kept.animated)
    upload = Upload(
        id=attachment_id, conversation_id=place.conversation_id, sector_id=place.sector_id, inbox_id=place.inbox_id,
        kind=kind, name=name or None, voice=told.voice, uploaded_by=viewer.user_id,
    )  # fmt: skip
    async with unit(services) as work:
        await uploads.add(work.connection, upload, kept)
        found = await attachments.readable(work.connection, viewer, attachment_id)
        if found is None:
            # They lost the conversation while it was uploaded: nothing of it stays.
            raise NotFound("This conversation does not exist.")
    return found


async def drop(services: Services, viewer: Viewer, attachment_id: int) -> None:
    """Takes an upload away before it is sent. Raises `NotFound`, also for what is another's or was sent."""
    async with unit(services) as work:
        if not await uploads.drop(work.connection, attachment_id, viewer.user_id):
            raise NotFound("This file is not here.")


def tidy_name(name: str) -> str:
    """A name to show: no folders, no controls, nothing that turns the reading direction."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable()).strip()[-_LONGEST_NAME:]


def _judge(channel: Channel, told: Told, name: str, found: str | None) -> tuple[AttachmentKind, str]:
    """How it is sent and what it is. Raises `Invalid` for programs and for what is not what it says."""
    if found == sniffing.PROGRAM:
        raise Invalid("This file is a program. Programs are not sent.", field="file")
    claimed = sniffing.bare(told.mime_type)
    if claimed in ("", sniffing.UNKNOWN):
        claimed = mimetypes.guess_type(name)[0] or ""
    kind = AttachmentKind.AUDIO if told.voice else told.kind
    if kind is None:
        kind = media_limits.kind_of(channel, sniffing.settled(AttachmentKind.DOCUMENT, claimed, found))
    if not sniffing.agrees(kind, claimed, found):
        raise Invalid("This file is not what its name or type says it is.", field="file")
    return kind, sniffing.settled(kind, claimed, found)


async def _as_voice(channel: Channel, file: Scratch) -> tuple[Path, str]:
    mime_type = media_limits.VOICE[channel]
    target = file.folder / "voice"
    made = await workshop.record_voice(file.path, target, "ogg" if "ogg" in mime_type else "mp4")
    if not made.duration_seconds:
        raise Invalid("There is no sound in this recording.", field="file")
    return target, mime_type


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
