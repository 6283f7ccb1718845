"""Files to look at and listen to, made here: photos, a sticker, a voice message, a film, a paper."""

import io
import math
import struct
import wave
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import av
from console.stand_in_data import Json
from PIL import Image, ImageDraw

Made = tuple[bytes, str]


@cache
def sample(name: str) -> Made:
    """The file's bytes and its type."""
    return _SAMPLES[name]()


def attachment(number: int, kind: str, of: str = "", /, **given: Any) -> Json:
    """Stored, as the server tells of it; `of` is one of the samples."""
    made: Json = {
        "id": number, "kind": kind, "state": "stored", "reason": None, "mime_type": None, "name": None, "size": None,
        "width": None, "height": None, "duration_seconds": None, "voice": False, "animated": False,
        "url": f"/api/attachments/{number}/content", "thumbnail": None,
    }  # fmt: skip
    if of:
        content, mime_type = sample(of)
        made |= {"mime_type": mime_type, "size": len(content)}
        if kind in ("image", "sticker"):
            made["width"], made["height"] = Image.open(io.BytesIO(content)).size
        if kind == "image":
            made["thumbnail"] = f"/api/attachments/{number}/thumbnail"
    return made | given


def _photo(size: tuple[int, int], sky: str, ground: str, sun: str) -> Callable[[], Made]:
    def make() -> Made:
        width, height = size
        image = Image.new("RGB", size, sky)
        draw = ImageDraw.Draw(image)
        radius = width // 10
        draw.ellipse((width * 0.7 - radius, height * 0.2, width * 0.7 + radius, height * 0.2 + 2 * radius), fill=sun)
        hill = [(0, height), (0, height * 0.7), (width * 0.3, height * 0.45), (width * 0.55, height * 0.72),
                (width * 0.75, height * 0.55), (width, height * 0.75), (width, height)]  # fmt: skip
        draw.polygon(hill, fill=ground)
        return _saved(image, "JPEG"), "image/jpeg"

    return make


def _sticker() -> Made:
    image = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 40, 472, 472), fill="#f4b942", outline="#5b3a00", width=14)
    for left in (150, 310):
        draw.ellipse((left, 170, left + 52, 250), fill="#5b3a00")
    draw.arc((140, 200, 372, 390), 20, 160, fill="#5b3a00", width=20)
    return _saved(image, "WEBP"), "image/webp"


def _voice() -> Made:
    rate, seconds = 8000, 6
    tones = (
        int(9000 * math.sin(at / rate * 2 * math.pi * (330 + 60 * math.sin(at / 2500)))) for at in range(rate * seconds)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", tone) for tone in tones))
    return out.getvalue(), "audio/wav"


def _film() -> Made:
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream: Any = container.add_stream("libvpx", rate=8)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 320, 180, "yuv420p", Fraction(1, 8)
        for step in range(16):
            image = Image.new("RGB", (320, 180), "#20485a")
            ImageDraw.Draw(image).ellipse((step * 16, 60, step * 16 + 60, 120), fill="#f4b942")
            for packet in stream.encode(av.VideoFrame.from_image(image)):  # type: ignore[no-untyped-call]
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue(), "video/webm"


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


_SAMPLES: dict[str, Callable[[], Made]] = {
    "hills": _photo((1200, 800), "#9fc7e8", "#3f6b4a", "#f7e08a"),
    "dusk": _photo((800, 1200), "#4a3a6b", "#23263a", "#f29f67"),
    "desert": _photo((1000, 1000), "#f3dfb8", "#c98f4e", "#ffffff"),
    "sticker": _sticker,
    "voice": _voice,
    "film": _film,
    "paper": lambda: (b"%PDF-1.4\n" + b"%" * 48_000, "application/pdf"),
}
