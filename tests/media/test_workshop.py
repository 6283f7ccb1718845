"""What decoders do to strangers' files, in a process of their own."""

import os
from pathlib import Path

import av
import pytest
from media.making_files import picture, sound, sticker
from PIL import Image

from server.files import workshop


async def test_a_picture_s_size_is_as_it_is_seen_and_its_thumbnail_small(tmp_path: Path) -> None:
    source, thumbnail = tmp_path / "photo", tmp_path / "thumbnail"
    image = Image.new("RGB", (4000, 3000), "teal")
    turned = image.getexif()
    turned[0x0112] = 6
    image.save(source, "JPEG", exif=turned)
    seen = await workshop.look(source, thumbnail, "image")
    assert (seen.width, seen.height, seen.thumbnail) == (3000, 4000, True)
    with Image.open(thumbnail) as small:
        assert (small.format, small.size) == ("WEBP", (360, 480))


@pytest.mark.parametrize("animated", [False, True])
async def test_a_sticker_says_whether_it_moves(tmp_path: Path, animated: bool) -> None:
    (tmp_path / "sticker").write_bytes(sticker(animated=animated))
    seen = await workshop.look(tmp_path / "sticker", tmp_path / "thumbnail", "sticker")
    assert (seen.animated, seen.thumbnail) == (animated, True)


async def test_a_picture_that_unfolds_into_gigabytes_is_left_folded(tmp_path: Path) -> None:
    Image.new("1", (60_000, 60_000)).save(tmp_path / "bomb", "PNG")
    assert (tmp_path / "bomb").stat().st_size < 1_000_000
    seen = await workshop.look(tmp_path / "bomb", tmp_path / "thumbnail", "image")
    assert not seen.thumbnail
    assert not (tmp_path / "thumbnail").exists()


@pytest.mark.parametrize("data", [b"\xff\xd8\xff" + bytes(100), b"", os.urandom(5000), picture()[:200]])
async def test_what_nobody_can_decode_has_no_picture(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd").write_bytes(data)
    for kind in ("image", "video", "audio"):
        assert not (await workshop.look(tmp_path / "odd", tmp_path / "thumbnail", kind)).thumbnail


async def test_a_film_has_a_size_a_length_and_a_first_picture(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "film"), "w", format="mp4") as written:
        stream = written.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(20):
            frame = av.VideoFrame.from_image(Image.new("RGB", (320, 240), "teal"))  # type: ignore[no-untyped-call]
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))
    seen = await workshop.look(tmp_path / "film", tmp_path / "thumbnail", "video")
    assert (seen.width, seen.height, seen.thumbnail) == (320, 240, True)
    assert seen.duration_seconds == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("recorded", ["webm", "mp4"])
@pytest.mark.parametrize(("container", "codec"), [("ogg", "opus"), ("mp4", "aac")])
async def test_a_recording_becomes_a_voice_message(tmp_path: Path, recorded: str, container: str, codec: str) -> None:
    sound(tmp_path / "recording", recorded, 1.5)
    made = await workshop.record_voice(tmp_path / "recording", tmp_path / "voice", container)
    assert made.duration_seconds == pytest.approx(1.5, abs=0.1)
    with av.open(str(tmp_path / "voice")) as voice:
        [stream] = voice.streams.audio
        assert (stream.codec_context.name, stream.layout.name) == (codec, "mono")
        assert sum(frame.samples for frame in voice.decode(stream)) / stream.rate == pytest.approx(1.5, abs=0.1)


async def test_a_picture_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(picture())
    assert not (await workshop.record_voice(tmp_path / "picture", tmp_path / "voice", "ogg")).duration_seconds


async def test_a_decoder_that_dies_takes_nothing_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = tmp_path / "bench.py"
    bench.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(workshop, "_BENCH", bench)
    assert (await workshop.look(bench, tmp_path / "x", "image")).error == "ended early"
    bench.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(workshop, "_SECONDS", 0.3)
    assert (await workshop.look(bench, tmp_path / "x", "image")).error == "took too long"


async def test_the_decoders_are_given_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAJLIS_KEY", "sesame")
    bench = tmp_path / "bench.py"
    bench.write_text("import json, os\nprint(json.dumps({'error': str('MAJLIS_KEY' in os.environ)}))\n")
    monkeypatch.setattr(workshop, "_BENCH", bench)
    assert (await workshop.look(bench, tmp_path / "x", "image")).error == "False"
