"""Attachment rows as the console is sent them, from whichever statement they come."""

from typing import Protocol

from server.domain import media
from server.domain.media import AttachmentKind, AttachmentState
from server.web.i18n import Catalogue
from server.web.wire.attachments import Attachment

_SHOWN_AS = {AttachmentState.STORED: "stored", AttachmentState.FAILED: "failed"}


class Row(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> AttachmentKind: ...
    @property
    def state(self) -> AttachmentState: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def mime_type(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...
    @property
    def duration_seconds(self) -> float | None: ...
    @property
    def voice(self) -> bool: ...
    @property
    def animated(self) -> bool: ...
    @property
    def thumbnail_key(self) -> str | None: ...


def attachment(row: Row, catalogue: Catalogue) -> Attachment:
    failed = row.state is AttachmentState.FAILED
    words = media.words(row.reason) if failed else None
    return Attachment(
        id=row.id, kind=row.kind, state=_SHOWN_AS.get(row.state, "waiting"),  # type: ignore[arg-type]
        reason=catalogue.gettext(words) if words else None, mime_type=row.mime_type, name=row.name, size=row.size,
        width=row.width, height=row.height, duration_seconds=row.duration_seconds, voice=row.voice,
        animated=row.animated, url=f"/api/attachments/{row.id}/content",
        thumbnail=f"/api/attachments/{row.id}/thumbnail" if row.thumbnail_key else None,
    )  # fmt: skip
