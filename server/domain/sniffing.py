"""What a file is by its first bytes, whatever it is said to be; and whether that agrees with what is said."""

import re

from server.domain.media import AttachmentKind

# So many of a file's first bytes tell all that can be told.
HEAD = 4096
# What runs: never kept, whatever it is called.
PROGRAM = "application/x-executable"
UNKNOWN = "application/octet-stream"

# Offset, bytes, type.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"\xfe\xed\xfa\xce", PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\0asm", PROGRAM),
    (0, b"L\0\0\0\x01\x14\x02\0", PROGRAM),
)
# The brand of an ISO media file by its first letters.
_BRANDS = (
    (b"M4A", "audio/mp4"), (b"M4B", "audio/mp4"), (b"3g", "video/3gpp"), (b"qt", "video/quicktime"),
    (b"hei", "image/heic"), (b"mif1", "image/heic"), (b"avif", "image/avif"),
)  # fmt: skip
_MARKUP = ((b"<!doctype html", "text/html"), (b"<html", "text/html"), (b"<script", "text/html"),
           (b"<svg", "image/svg+xml"))  # fmt: skip
# The only parameter that is kept: what a claim says beside goes into no header of ours.
_CODECS = re.compile(r"codecs=[A-Za-z0-9.,]{1,40}")
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\b\x1b")

# One family holds what differs only by name: a voice message in an MP4 is an MP4.
_FAMILIES = {
    "mp4": ("video/mp4", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac", "video/3gpp", "audio/3gpp",
            "video/quicktime"),
    "ogg": ("audio/ogg", "video/ogg", "audio/opus", "application/ogg"),
    "webm": ("video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"),
    "jpeg": ("image/jpeg", "image/jpg"),
    "mpeg": ("audio/mpeg", "audio/mp3"),
    "amr": ("audio/amr", "audio/amr-wb"),
    "wav": ("audio/wav", "audio/x-wav", "audio/wave"),
    "ole": ("application/x-ole-storage", "application/msword", "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint"),
    "rtf": ("application/rtf", "text/rtf"),
    "pdf": ("application/pdf",),
    "zip": ("application/zip", "application/x-zip-compressed"),
    "program": (PROGRAM, "application/x-msdownload", "application/vnd.android.package-archive"),
}  # fmt: skip
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
# Names that mean the same: one of them is kept.
_PLAIN = {
    "image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4",
    "audio/opus": "audio/ogg", "application/ogg": "audio/ogg", "audio/x-wav": "audio/wav", "audio/wave": "audio/wav",
    "audio/3gpp": "video/3gpp", "text/rtf": "application/rtf", "application/x-zip-compressed": "application/zip",
}  # fmt: skip
_TEXTS = ("application/json", "application/xml", "application/csv", "image/svg+xml")
_ZIPPED = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument", "application/epub+zip")
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_SOUND = frozenset({"mp4", "ogg", "webm", "mpeg", "amr", "wav", "audio/flac"})
_MOVING = frozenset({"mp4", "ogg", "webm", "video/x-msvideo"})


def sniff(head: bytes) -> str | None:
    """The type by the first `HEAD` bytes; None for bytes that tell nothing."""
    found = next((name for at, magic, name in _SIGNATURES if head.startswith(magic, at)), None)
    if found in ("image/webp", "audio/wav", "video/x-msvideo"):
        return found if head.startswith(b"RIFF") else None
    if found == "audio/ogg" and b"\x80theora" in head:
        return "video/ogg"
    if found:
        return found
    if head[4:8] == b"ftyp":
        return next((name for brand, name in _BRANDS if head.startswith(brand, 8)), "video/mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:80] else "video/x-matroska"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if text := _text(head):
        return text
    if head.startswith(b"MZ"):
        return PROGRAM
    return _frames(head)


def family(mime_type: str) -> str:
    """What two types must share to be the same."""
    name = bare(mime_type)
    if name.startswith(_ZIPPED):
        return "zip"
    if name.startswith("text/") or name in _TEXTS:
        return _FAMILY.get(name, "text")
    return _FAMILY.get(name, name)


def bare(mime_type: str) -> str:
    """Without parameters: 'audio/ogg; codecs=opus' is 'audio/ogg'."""
    return mime_type.partition(";")[0].strip().lower()


def agrees(kind: AttachmentKind, claimed: str | None, found: str | None) -> bool:
    """Whether the bytes may be what the message says: its kind, and its type where one was given."""
    said = bare(claimed or "")
    if said and said != UNKNOWN and _is_known(said) and (found is None or family(said) != family(found)):
        return False
    if kind in (AttachmentKind.IMAGE, AttachmentKind.STICKER):
        return found in _PICTURES
    if kind is AttachmentKind.AUDIO:
        return found is not None and family(found) in _SOUND
    if kind is AttachmentKind.VIDEO:
        return found is not None and family(found) in _MOVING
    return found != PROGRAM


def seen(found: str | None) -> AttachmentKind | None:
    """A picture or a film by its bytes alone, for what nobody declared; None for anything else."""
    if found in _PICTURES:
        return AttachmentKind.IMAGE
    if found is not None and found.startswith("video/") and family(found) in _MOVING:
        return AttachmentKind.VIDEO
    return None


def settled(kind: AttachmentKind, claimed: str | None, found: str | None) -> str:
    """The type to keep, where claim and bytes agree: the claim where it says more."""
    said = bare(claimed or "")
    if found is None:
        return UNKNOWN
    if said and said != UNKNOWN and family(said) == family(found):
        codecs = _CODECS.search(claimed or "")
        return _PLAIN.get(said, said) + (f"; {codecs[0].lower()}" if codecs else "")
    if kind is AttachmentKind.AUDIO and found in ("video/mp4", "video/webm"):
        return found.replace("video", "audio")
    return found


def _is_known(name: str) -> bool:
    """Whether the bytes of such a type would have told it."""
    known = {each for _, _, each in _SIGNATURES} | {each for _, each in _BRANDS}
    return name in _FAMILY or name in known or family(name) in ("zip", "text")


def _zipped(head: bytes) -> str:
    if b"AndroidManifest.xml" in head or b"META-INF/MANIFEST.MF" in head:
        return PROGRAM
    return "application/zip"


def _text(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain" if len(head) > 3 and 0 in head[2:8] else None
    if not head or any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head):
        return None
    if head.startswith(b"#!"):
        return PROGRAM
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if begin.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in head.lower() else "application/xml"
    return next((name for mark, name in _MARKUP if begin.startswith(mark)), "text/plain")


def _frames(head: bytes) -> str | None:
    """MPEG audio begins with eleven set bits and nothing else to know it by."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] & 0x06
    if layer == 0:
        return "audio/aac" if head[1] & 0xF0 == 0xF0 else None
    return "audio/mpeg" if head[2] & 0xF0 != 0xF0 else None
