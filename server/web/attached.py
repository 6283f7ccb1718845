"""Attachment rows as the console is sent them, from whichever statement they come."""

from server.domain import media
from server.domain.media import AttachmentState, Trouble
from server.store.attachments import Attachment as Stored
from server.store.rows import AttachmentRow
from server.web.i18n import Catalogue
from server.web.wire.attachments import Attachment

_SHOWN_AS = {AttachmentState.STORED: "stored", AttachmentState.FAILED: "failed"}


def attachment(row: AttachmentRow | Stored, catalogue: Catalogue) -> Attachment:
    link = row.reason == Trouble.LINK_ONLY
    failed = row.state is AttachmentState.FAILED and not link
    words = media.words(row.reason) if failed else None
    return Attachment(
        id=row.id, kind=row.kind, state="link" if link else _SHOWN_AS.get(row.state, "waiting"),  # type: ignore[arg-type]
        reason=catalogue.gettext(words) if words else None, mime_type=row.mime_type, name=row.name, size=row.size,
        width=row.width, height=row.height, duration_seconds=row.duration_seconds, voice=row.voice,
        animated=row.animated, url=f"/api/attachments/{row.id}/content",
        thumbnail=f"/api/attachments/{row.id}/thumbnail" if row.thumbnail else None,
    )  # fmt: skip
