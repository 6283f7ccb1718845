"""From where files come, how large they may be, and when they are asked for again."""

from datetime import timedelta

import pytest

from server.domain import media_limits
from server.domain.errors import Invalid, TooLarge
from server.domain.media import AttachmentKind, NotTaken, Trouble, next_try
from server.domain.media_hosts import is_public, media_hosts
from server.domain.model import Channel

HOSTS = media_hosts(["fbcdn.net", "fbsbx.com", "http://127.0.0.1:8100"])
K, C = AttachmentKind, Channel


@pytest.mark.parametrize(
    "address",
    [
        "https://scontent.xx.fbcdn.net/v/photo.jpg?oh=1",
        "https://fbcdn.net/x",
        "https://lookaside.fbsbx.com:443/whatsapp_business/attachments/?mid=1",
        "https://LOOKASIDE.FBSBX.COM/x",
        "http://127.0.0.1:8100/files/1",
    ],
)
def test_a_named_host_is_fetched_from(address: str) -> None:
    HOSTS.expect(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://scontent.xx.fbcdn.net/x",
        "https://scontent.xx.fbcdn.net:8443/x",
        "https://evilfbcdn.net/x",
        "https://fbcdn.net.evil.example/x",
        "https://fbcdn.net@evil.example/x",
        "https://user:word@fbcdn.net/x",
        "https://evil.example/#fbcdn.net",
        "https://evil.example\\.fbcdn.net/x",
        "https://127.0.0.1/x",
        "http://127.0.0.1:8101/x",
        "https://127.0.0.1:8100/x",
        "http://localhost:8100/x",
        "http://169.254.169.254/latest/meta-data/",
        "ftp://fbcdn.net/x",
        "file:///etc/passwd",
        "https://fbcdn.net:port/x",
        "//fbcdn.net/x",
        "",
    ],
)
def test_nothing_else_is(address: str) -> None:
    with pytest.raises(NotTaken) as refused:
        HOSTS.expect(address)
    assert refused.value.trouble is Trouble.UNSAFE_ADDRESS


@pytest.mark.parametrize("given", ["10.0.0.1", "ftp://fbcdn.net", "https://fbcdn.net/path", "http://a@b", "fbcdn net"])
def test_a_setting_that_names_no_host_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must be names such as"):
        media_hosts([given])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("157.240.1.1", True), ("2a03:2880:f10c::1", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:157.240.1.1", True),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False), ("not an address", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_connected_to(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("channel", "kind", "mime_type", "size", "most"),
    [
        (C.WHATSAPP, K.IMAGE, "image/jpeg", 5_000_000, 5_000_000),
        (C.WHATSAPP, K.AUDIO, "audio/ogg; codecs=opus", 16_000_000, 16_000_000),
        (C.WHATSAPP, K.VIDEO, "video/mp4", 16_000_000, 16_000_000),
        (C.WHATSAPP, K.DOCUMENT, "application/pdf", 100_000_000, 100_000_000),
        (C.MESSENGER, K.IMAGE, "image/gif", 8_000_000, 8_000_000),
        (C.MESSENGER, K.DOCUMENT, "application/zip", 25_000_000, 25_000_000),
        (C.INSTAGRAM, K.VIDEO, "video/quicktime", 25_000_000, 25_000_000),
        (C.INSTAGRAM, K.AUDIO, "audio/mp4", 25_000_000, 25_000_000),
    ],
)
def test_a_file_at_the_limit_goes_and_one_byte_more_is_told(
    channel: Channel, kind: AttachmentKind, mime_type: str, size: int, most: int
) -> None:
    media_limits.check(channel, kind, mime_type, size)
    with pytest.raises(TooLarge) as refused:
        media_limits.check(channel, kind, mime_type, size + 1)
    assert refused.value.extra["limit"] == {"channel": channel.value, "kind": kind.value, "max_bytes": most}


def test_a_sticker_that_moves_may_be_larger() -> None:
    media_limits.check(C.WHATSAPP, K.STICKER, "image/webp", 400_000, animated=True)
    with pytest.raises(TooLarge):
        media_limits.check(C.WHATSAPP, K.STICKER, "image/webp", 400_000)


@pytest.mark.parametrize(
    ("channel", "kind", "mime_type"),
    [
        (C.WHATSAPP, K.IMAGE, "image/gif"), (C.WHATSAPP, K.DOCUMENT, "application/zip"),
        (C.WHATSAPP, K.AUDIO, "audio/wav"), (C.INSTAGRAM, K.DOCUMENT, "text/plain"),
        (C.INSTAGRAM, K.AUDIO, "audio/ogg"), (C.MESSENGER, K.STICKER, "image/webp"),
    ],
)  # fmt: skip
def test_a_type_the_channel_does_not_take_is_refused(channel: Channel, kind: AttachmentKind, mime_type: str) -> None:
    with pytest.raises(Invalid):
        media_limits.check(channel, kind, mime_type, 1000)


def test_a_file_is_sent_as_what_it_is_where_the_channel_takes_that() -> None:
    assert media_limits.kind_of(C.WHATSAPP, "image/png") is K.IMAGE
    assert media_limits.kind_of(C.WHATSAPP, "audio/ogg; codecs=opus") is K.AUDIO
    assert media_limits.kind_of(C.WHATSAPP, "image/gif") is K.DOCUMENT
    assert media_limits.kind_of(C.MESSENGER, "image/gif") is K.IMAGE


def test_every_limit_names_its_source() -> None:
    assert all(
        limit.source.startswith("facts §") for limits in media_limits.MEDIA.values() for limit in limits.values()
    )


def test_pauses_grow_and_end_with_what_they_wait_for() -> None:
    young = timedelta(minutes=1)
    pauses = [next_try(Trouble.UNREACHABLE, attempts, young, by_id=True) for attempts in (1, 2, 3, 9, 90)]
    assert pauses == [timedelta(seconds=each) for each in (5, 20, 80, 3600, 3600)]
    assert next_try(Trouble.UNREACHABLE, 9, timedelta(days=2), by_id=True)
    assert next_try(Trouble.UNREACHABLE, 9, timedelta(days=2), by_id=False) is None
    assert next_try(Trouble.UNREACHABLE, 9, timedelta(days=7), by_id=True) is None
    assert next_try(Trouble.GONE, 1, young, by_id=True) is None
