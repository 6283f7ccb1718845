"""What bytes are, and whether that is what is said of them."""

import pytest

from server.domain.media import AttachmentKind
from server.domain.sniffing import PROGRAM, UNKNOWN, agrees, settled, sniff

K = AttachmentKind
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"GIF89a\x01\0", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"XXXX\x10\0\0\0WEBPVP8 \0", None),
        (b"OggS\0\x02" + bytes(22) + b"\x01\x13OpusHead", "audio/ogg"),
        (b"OggS\0\x02" + bytes(22) + b"\x01\x2a\x80theora", "video/ogg"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0\0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80\0\0", "audio/aac"),
        (b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x18ftypmp42\0\0", "video/mp4"),
        (b"\0\0\0\x18ftyp3gp5\0\0", "video/3gpp"),
        (b"\0\0\0\x18ftypheic\0\0", "image/heic"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0B\x82\x84webm", "video/webm"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "application/pdf"),
        (b"PK\x03\x04\x14\0[Content_Types].xml", "application/zip"),
        (b"PK\x03\x04\x14\0AndroidManifest.xml", PROGRAM),
        (OLE + bytes(20), "application/x-ole-storage"),
        (b"{\\rtf1", "application/rtf"),
        (b"MZ\x90\0\x03\0\0\0", PROGRAM),
        (b"\x7fELF\x02\x01", PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", PROGRAM),
        ("قائمة الطعام\n".encode(), "text/plain"),
        ("قائمة".encode("cp1256"), "text/plain"),
        ("menu".encode("utf-16"), "text/plain"),
        (b"MZ is where the letter begins", "text/plain"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>", "text/html"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "image/svg+xml"),
        (b"<svg xmlns='x'>", "image/svg+xml"),
        (bytes(50), None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(head: bytes, found: str | None) -> None:
    assert sniff(head) == found


@pytest.mark.parametrize(
    ("kind", "claimed", "found", "agreed"),
    [
        (K.IMAGE, "image/jpeg", "image/jpeg", True),
        (K.IMAGE, "image/jpg", "image/jpeg", True),
        (K.IMAGE, None, "image/gif", True),
        (K.IMAGE, "image/jpeg", "image/png", False),
        (K.IMAGE, "image/jpeg", "text/html", False),
        (K.IMAGE, None, "image/svg+xml", False),
        (K.IMAGE, None, "image/heic", False),
        (K.IMAGE, "image/jpeg", None, False),
        (K.STICKER, "image/webp", "image/webp", True),
        (K.AUDIO, "audio/ogg; codecs=opus", "audio/ogg", True),
        (K.AUDIO, "audio/mp4", "video/mp4", True),
        (K.AUDIO, "audio/aac", "audio/aac", True),
        (K.AUDIO, "audio/aac", "audio/mp4", True),
        (K.AUDIO, "audio/mpeg", "audio/mpeg", True),
        (K.AUDIO, "audio/ogg", "application/pdf", False),
        (K.AUDIO, "audio/x-something", None, False),
        (K.VIDEO, "video/mp4", "video/mp4", True),
        (K.VIDEO, "video/3gpp", "video/mp4", True),
        (K.VIDEO, "video/mp4", PROGRAM, False),
        (K.DOCUMENT, "application/pdf", "application/pdf", True),
        (K.DOCUMENT, "application/pdf", "text/html", False),
        (K.DOCUMENT, "application/pdf", None, False),
        (K.DOCUMENT, DOCX, "application/zip", True),
        (K.DOCUMENT, DOCX, "application/pdf", False),
        (K.DOCUMENT, "application/msword", "application/x-ole-storage", True),
        (K.DOCUMENT, "text/csv", "text/plain", True),
        (K.DOCUMENT, "application/json", "text/plain", True),
        (K.DOCUMENT, "text/plain", "image/png", False),
        (K.DOCUMENT, "application/x-anything", None, True),
        (K.DOCUMENT, None, "image/png", True),
        (K.DOCUMENT, None, PROGRAM, False),
        (K.DOCUMENT, "application/x-msdownload", PROGRAM, False),
    ],
)
def test_a_claim_agrees_with_the_bytes_or_not(
    kind: AttachmentKind, claimed: str | None, found: str | None, agreed: bool
) -> None:
    assert agrees(kind, claimed, found) is agreed


@pytest.mark.parametrize(
    ("kind", "claimed", "found", "kept"),
    [
        (K.AUDIO, "audio/ogg; codecs=opus", "audio/ogg", "audio/ogg; codecs=opus"),
        (K.AUDIO, "audio/ogg; x=y\r\nSet-Cookie: a=b", "audio/ogg", "audio/ogg"),
        (K.AUDIO, None, "video/mp4", "audio/mp4"),
        (K.AUDIO, "audio/webm;codecs=opus", "video/webm", "audio/webm; codecs=opus"),
        (K.IMAGE, "IMAGE/JPG", "image/jpeg", "image/jpeg"),
        (K.DOCUMENT, DOCX, "application/zip", DOCX),
        (K.DOCUMENT, None, None, UNKNOWN),
        (K.DOCUMENT, "application/x-anything", None, UNKNOWN),
        (K.IMAGE, UNKNOWN, "image/png", "image/png"),
    ],
)
def test_the_type_that_is_kept(kind: AttachmentKind, claimed: str | None, found: str | None, kept: str) -> None:
    assert settled(kind, claimed, found) == kept
