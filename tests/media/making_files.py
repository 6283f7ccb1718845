"""Small real files of every sort."""

import io
import math
import struct
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av import AudioFrame
from av.audio.stream import AudioStream
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# What a program for Windows begins with.
PROGRAM = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + bytes(400)
PAGE = b"<!doctype html><script>alert(1)</script>"


def picture(format_: str = "PNG", size: tuple[int, int] = (640, 400)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, format_)
    return written.getvalue()


def sticker(*, animated: bool = False) -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGBA", (512, 512), colour) for colour in ("teal", "tomato")]
    if animated:
        frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:], duration=200)
    else:
        frames[0].save(written, "WEBP")
    return written.getvalue()


def sound(path: Path, container: str = "webm", seconds: float = 1.0) -> bytes:
    """A tone, as browsers record it: stereo Opus in WebM, or AAC in MP4."""
    codec, rate = ("libopus", 48_000) if container in ("webm", "ogg") else ("aac", 44_100)
    size = 960 if codec == "libopus" else 1024
    with av.open(str(path), "w", format=container) as written:
        stream = cast(AudioStream, written.add_stream(codec, rate=rate))
        stream.layout = "stereo"
        resampler = av.AudioResampler(format=stream.format.name, layout="stereo", rate=rate)
        for start in range(0, int(rate * seconds), size):
            frame = AudioFrame(format="fltp", layout="stereo", samples=size)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            for plane in frame.planes:
                plane.update(struct.pack(f"{size}f", *(0.3 * math.sin((start + n) / 30) for n in range(size))))
            for part in resampler.resample(frame):
                written.mux(stream.encode(part))
        written.mux(stream.encode(None))
    return path.read_bytes()
