"""The small real files that customers send when nobody names another; made by tests/simulator/make_samples.py."""

from functools import cache

from server.simulator.assets import ASSETS

PLACE = ASSETS / "samples"
TYPES = {
    "photo.jpg": "image/jpeg",
    "picture.png": "image/png",
    "clip.mp4": "video/mp4",
    "song.m4a": "audio/mp4",
    "voice.ogg": "audio/ogg; codecs=opus",
    "sticker.webp": "image/webp",
    "sticker-animated.webp": "image/webp",
    "menu.pdf": "application/pdf",
    "letter.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "notes.txt": "text/plain",
}
# What each kind sends by itself.
OF_KIND = {
    "image": "photo.jpg",
    "video": "clip.mp4",
    "audio": "song.m4a",
    "voice": "voice.ogg",
    "sticker": "sticker.webp",
    "document": "menu.pdf",
    "view_once": "photo.jpg",
    "story_mention": "photo.jpg",
    "story_reply": "photo.jpg",
    "post": "picture.png",
    "reel": "clip.mp4",
    "share": "picture.png",
    "product": "picture.png",
    "template": "picture.png",
    "like": "sticker.webp",
}


@cache
def data(name: str) -> bytes:
    """Raises `KeyError` for a file that is not among them."""
    if name not in TYPES:
        raise KeyError(name)
    return (PLACE / name).read_bytes()
