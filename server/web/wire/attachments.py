"""A file of a message, or one uploaded to be sent."""

from typing import Literal

from server.domain.media import AttachmentKind
from server.web.wire.base import Struct


class Attachment(Struct, frozen=True, kw_only=True):
    """`reason`: why a failed one is not here, in the reader's words. `url` answers once it is stored.

    `undeclared` is the kind of what was shared until it is here; `link`: it never will be, there is only what the
    message's body links to.
    """

    id: int
    kind: AttachmentKind
    state: Literal["waiting", "stored", "failed", "link"]
    reason: str | None
    mime_type: str | None
    name: str | None
    size: int | None
    width: int | None
    height: int | None
    duration_seconds: float | None
    voice: bool
    animated: bool
    url: str
    thumbnail: str | None


class Uploaded(Struct, frozen=True, kw_only=True):
    attachment: Attachment
