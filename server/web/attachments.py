"""Files of messages: fetched by those who may read the conversation, uploaded by who answers in it."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.actions import media_uploads
from server.actions.media_links import Links
from server.actions.media_uploads import Place, Told
from server.actions.unit import Services
from server.domain import media_limits
from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound, TooLarge
from server.domain.media import MOST_POINTS, AttachmentKind, AttachmentState
from server.files.scratch import scratch
from server.store import attachments
from server.store.attachments import Attachment
from server.web import i18n
from server.web.attached import attachment as present
from server.web.multipart import FileForm, read_file
from server.web.parameters import Asker, Ours, PathId, QueryWord
from server.web.security import NO_BROWSER
from server.web.serving import Content, serve
from server.web.wire.attachments import Uploaded

AnyRequest = Request[Any, Any, Any]

_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "audio/ogg": ".ogg",
    "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/aac": ".aac", "audio/amr": ".amr", "audio/wav": ".wav",
    "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/webm": ".webm", "application/pdf": ".pdf",
}  # fmt: skip


@get("/api/attachments/{attachment_id:int}/content")
async def attachment_content(
    attachment_id: PathId, request: AnyRequest, services: Ours, viewer: Asker, download: QueryWord = None
) -> Response[Any]:
    """The file: ranges are answered. Shown inline only where no browser could run it; `download` never is."""
    found = await _stored(services, viewer, attachment_id)
    return await serve(request, services.files, _content(found, inline=download is None))


@get("/api/attachments/{attachment_id:int}/thumbnail")
async def attachment_thumbnail(
    attachment_id: PathId, request: AnyRequest, services: Ours, viewer: Asker
) -> Response[Any]:
    """A small WebP of a picture or of a film's first frame."""
    found = await _stored(services, viewer, attachment_id)
    size = await services.files.size(found.thumbnail_key) if found.thumbnail_key else None
    if found.thumbnail_key is None or size is None:
        raise NotFound("This file is not here.")
    content = Content(
        key=found.thumbnail_key, size=size, etag=f'"{_digest(found)}-thumbnail"', mime_type="image/webp",
        name=f"thumbnail-{found.id}.webp", inline=True,
    )  # fmt: skip
    return await serve(request, services.files, content)


@post("/api/conversations/{conversation_id:int}/attachments", request_max_body_size=None, operation_class=FileForm)
async def upload_attachment(conversation_id: PathId, request: AnyRequest, services: Ours, viewer: Asker) -> Uploaded:
    """One file in the part `file` of a multipart form, for the owner to send within a day.

    Before it may come `kind` (image, video, audio, document, sticker; else by its type) and `voice` ('true': recorded
    here, becomes a voice message). A file over the channel's limit is refused as `too-large`, with the limit.
    """
    place = await media_uploads.admit(services, viewer, conversation_id)
    async with scratch() as file:
        sent = await read_file(request, file, lambda fields: _too_large(place, fields))
        told = Told(
            name=sent.name, mime_type=sent.mime_type, kind=_kind(sent.fields),
            voice=sent.fields.get("voice", "") in ("true", "1"),
        )  # fmt: skip
        found = await media_uploads.take(services, viewer, place, file, told)
    return Uploaded(attachment=present(found, i18n.catalogue(viewer.language)))


@delete("/api/attachments/{attachment_id:int}", status_code=204)
async def drop_attachment(attachment_id: PathId, services: Ours, viewer: Asker) -> None:
    """Takes one's own upload away, as long as it is not sent."""
    await media_uploads.drop(services, viewer, attachment_id)


@get("/media/{token:str}", opt={"exclude_from_auth": True, NO_BROWSER: True}, include_in_schema=False)
async def public_file(
    token: FromPath[str], request: AnyRequest, services: Ours, links: NamedDependency[Any]
) -> Response[Any]:
    """For Meta: a file we send, by a signed address that lives for minutes."""
    known: Links | None = links
    if known is None:
        raise NotFound("This address is not valid any more.")
    attachment_id = known.attachment_of(token)
    async with services.pool.acquire() as connection:
        found = await attachments.public(connection, attachment_id)
    if found is None:
        raise NotFound("This address is not valid any more.")
    return await serve(request, services.files, _content(found, inline=True))


async def _stored(services: Services, viewer: Viewer, attachment_id: int) -> Attachment:
    async with services.pool.acquire() as connection:
        found = await attachments.readable(connection, viewer, attachment_id)
    if found is None or found.state is not AttachmentState.STORED:
        raise NotFound("This file is not here.")
    return found


def _content(found: Attachment, *, inline: bool) -> Content:
    assert found.storage_key is not None, "a stored one has a key"  # noqa: S101
    mime_type = found.mime_type or ""
    name = found.name or f"{found.kind.value}-{found.id}{_ENDINGS.get(mime_type.partition(';')[0], '')}"
    return Content(
        key=found.storage_key, size=found.size or 0, etag=f'"{_digest(found)}"', mime_type=mime_type,
        name=media_uploads.tidy_name(name), inline=inline and _unfolds(found),
    )  # fmt: skip


def _unfolds(found: Attachment) -> bool:
    """Not a picture of unknown or monstrous size: it would be the reader's browser that unfolds it."""
    if not (found.mime_type or "").startswith("image/"):
        return True
    return found.width is not None and found.height is not None and found.width * found.height <= MOST_POINTS


def _digest(found: Attachment) -> str:
    return (found.digest or b"").hex()


def _kind(fields: Mapping[str, str]) -> AttachmentKind | None:
    given = fields.get("kind") or None
    try:
        kind = AttachmentKind(given) if given else None
    except ValueError:
        kind = AttachmentKind.UNDECLARED
    if kind is AttachmentKind.UNDECLARED:
        raise Invalid("A kind is one of image, video, audio, document, sticker.", field="kind")
    return kind


def _too_large(place: Place, fields: Mapping[str, str]) -> TooLarge:
    """By what is known before the file comes."""
    known = AttachmentKind.AUDIO if fields.get("voice") in ("true", "1") else _kind(fields)
    limit = media_limits.MEDIA[place.channel].get(known) if known else None
    most = limit.max_bytes if limit else media_limits.largest(place.channel)
    return media_limits.too_large(place.channel, known, most)
