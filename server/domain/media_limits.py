"""What each channel takes as a file, before it is sent: facts §5 (WhatsApp) and §6 (Messenger, Instagram), as data."""

import msgspec

from server.domain.errors import Invalid, TooLarge
from server.domain.media import AttachmentKind
from server.domain.model import Channel
from server.domain.sniffing import bare

_MB = 1_000_000
_KB = 1_000


class MediaLimit(msgspec.Struct, frozen=True):
    """`mime_types` empty: whatever is no program. Meta's MB are read as the smaller ones: refused here, never there."""

    max_bytes: int
    mime_types: tuple[str, ...]
    source: str


_OFFICE = (
    "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)  # fmt: skip
_WHATSAPP = "facts §5, media table"
_PAGE = "facts §6, attachments row"
# Meta's page on uploading media for Instagram messages, 1 Apr 2026.
_INSTAGRAM = "facts §6, attachments row; formats: Meta, Instagram attachment upload"

_K = AttachmentKind
MEDIA: dict[Channel, dict[AttachmentKind, MediaLimit]] = {
    Channel.WHATSAPP: {
        _K.IMAGE: MediaLimit(5 * _MB, ("image/jpeg", "image/png"), _WHATSAPP),
        _K.VIDEO: MediaLimit(16 * _MB, ("video/mp4", "video/3gpp"), _WHATSAPP),
        _K.AUDIO: MediaLimit(
            16 * _MB, ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), _WHATSAPP
        ),
        _K.DOCUMENT: MediaLimit(100 * _MB, ("text/plain", "application/pdf", *_OFFICE), _WHATSAPP),
        _K.STICKER: MediaLimit(500 * _KB, ("image/webp",), _WHATSAPP),
    },
    Channel.MESSENGER: {
        _K.IMAGE: MediaLimit(8 * _MB, ("image/jpeg", "image/png", "image/gif"), _PAGE),
        _K.VIDEO: MediaLimit(25 * _MB, ("video/mp4", "video/quicktime", "video/webm", "video/ogg"), _PAGE),
        _K.AUDIO: MediaLimit(25 * _MB, ("audio/aac", "audio/mp4", "audio/mpeg", "audio/wav"), _PAGE),
        _K.DOCUMENT: MediaLimit(25 * _MB, (), _PAGE),
    },
    Channel.INSTAGRAM: {
        _K.IMAGE: MediaLimit(8 * _MB, ("image/jpeg", "image/png", "image/gif"), _INSTAGRAM),
        _K.VIDEO: MediaLimit(25 * _MB, ("video/mp4", "video/quicktime", "video/webm", "video/ogg"), _INSTAGRAM),
        _K.AUDIO: MediaLimit(25 * _MB, ("audio/aac", "audio/mp4", "audio/wav"), _INSTAGRAM),
        _K.DOCUMENT: MediaLimit(25 * _MB, ("application/pdf",), _INSTAGRAM),
    },
}  # fmt: skip
# A sticker that does not move; facts §5.
STATIC_STICKER = 100 * _KB
# A voice message as each channel plays it: WhatsApp's needs OGG/Opus (facts §5), the others take no OGG (§6).
VOICE = {
    Channel.WHATSAPP: "audio/ogg; codecs=opus",
    Channel.MESSENGER: "audio/mp4",
    Channel.INSTAGRAM: "audio/mp4",
}
NAMES = {Channel.WHATSAPP: "WhatsApp", Channel.MESSENGER: "Messenger", Channel.INSTAGRAM: "Instagram"}


def brought_first(channel: Channel) -> bool:
    """Whether a file is uploaded to Meta before the message that carries it, which then names it by Meta's id.

    WhatsApp and Messenger take uploads (facts §5, §6): nothing of ours need be reachable for Meta, and a second attempt
    uploads nothing again. For Instagram no upload is documented that holds for both of its logins: it fetches the file
    from a signed address of ours that lives for minutes.
    """
    return channel is not Channel.INSTAGRAM


def largest(channel: Channel) -> int:
    return max(limit.max_bytes for limit in MEDIA[channel].values())


def kind_of(channel: Channel, mime_type: str) -> AttachmentKind:
    """How a file of this type is sent when nobody says how: as what it is where the channel takes that, else as a
    document."""
    name = bare(mime_type)
    for kind in (_K.IMAGE, _K.VIDEO, _K.AUDIO):
        if name in MEDIA[channel][kind].mime_types:
            return kind
    return _K.DOCUMENT


def check(channel: Channel, kind: AttachmentKind, mime_type: str, size: int, *, animated: bool = False) -> None:
    """Raises `Invalid` or `TooLarge` that names the limit."""
    limit = MEDIA[channel].get(kind)
    if limit is None:
        raise Invalid("{channel} takes no stickers.", field="file", values={"channel": NAMES[channel]})
    if limit.mime_types and bare(mime_type) not in limit.mime_types:
        raise Invalid(
            "{channel} does not take files of type {type} this way.", field="file",
            values={"channel": NAMES[channel], "type": bare(mime_type)}, limit=told(kind, limit),
        )  # fmt: skip
    most = STATIC_STICKER if kind is _K.STICKER and not animated else limit.max_bytes
    if size > most:
        raise too_large(channel, kind, most)


def too_large(channel: Channel, kind: AttachmentKind | None, most: int) -> TooLarge:
    return TooLarge(
        "The file is too large: the most is {size}.", field="file", values={"size": size_words(most)},
        limit={"channel": channel.value, "kind": kind.value if kind else None, "max_bytes": most},
    )  # fmt: skip


def told(kind: AttachmentKind, limit: MediaLimit) -> dict[str, object]:
    """A limit as refusals and the console carry it."""
    return {"kind": kind.value, "max_bytes": limit.max_bytes, "mime_types": list(limit.mime_types)}


def size_words(size: int) -> str:
    return f"{size // _MB} MB" if size >= _MB else f"{size // _KB} KB"
