"""A program of its own: opens one file with decoders, writes what it found as JSON, and ends.

Files come from strangers and decoders have faults: what goes wrong here, or is told to go wrong, ends this process and
nothing else. It imports nothing of the product and is given no secret. See `workshop`.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, cast

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError
from PIL import Image, ImageOps

_THUMBNAIL = (480, 480)
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_MEMORY = 1_500_000_000
_SECONDS = 60
# What is cut off: an hour of voice is a file, not a message.
_LONGEST_VOICE_SECONDS = 3600

Found = dict[str, Any]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # FFmpeg speaks to standard error about every oddity.
    av.logging.set_level(av.logging.PANIC)
    task, source, target, kind, points = sys.argv[1:]
    Image.MAX_IMAGE_PIXELS = int(points)
    found = _TASKS[task](Path(source), Path(target), kind)
    sys.stdout.write(json.dumps(found))


def look(source: Path, target: Path, kind: str) -> Found:
    """Width, height and duration as far as the file tells them; a thumbnail in `target`."""
    return _look_at_picture(source, target) if kind in ("image", "sticker") else _look_at_stream(source, target)


def record_voice(source: Path, target: Path, kind: str) -> Found:
    """One channel, as voice messages are: Opus in OGG, or AAC in MP4."""
    codec, container, rate = ("libopus", "ogg", 48_000) if kind == "ogg" else ("aac", "mp4", 44_100)
    seconds = 0.0
    with av.open(str(source)) as recorded, av.open(str(target), "w", format=container) as written:
        if not recorded.streams.audio:
            return {"error": "no sound"}
        stream = cast(AudioStream, written.add_stream(codec, rate=rate))
        stream.layout = "mono"
        stream.bit_rate = 32_000 if codec == "libopus" else 64_000
        resampler = AudioResampler(format="flt" if codec == "libopus" else "fltp", layout="mono", rate=rate)
        for frame in recorded.decode(audio=0):
            # The recorder's own times have gaps; samples follow one another.
            frame.pts = None
            for part in resampler.resample(frame):
                seconds += part.samples / rate
                written.mux(stream.encode(part))
            if seconds > _LONGEST_VOICE_SECONDS:
                break
        for part in resampler.resample(None):
            seconds += part.samples / rate
            written.mux(stream.encode(part))
        written.mux(stream.encode(None))
    return {"duration_seconds": seconds} if seconds else {"error": "no sound"}


def _look_at_picture(source: Path, target: Path) -> Found:
    found: Found = {}
    try:
        with Image.open(source, formats=_FORMATS) as image:
            found["width"], found["height"] = image.size
            found["animated"] = bool(getattr(image, "is_animated", False))
            if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 0):
                return found
            turned = ImageOps.exif_transpose(image)
            # As it is seen: a phone's photo lies on its side and says so.
            found["width"], found["height"] = turned.size
            _write_thumbnail(turned, target)
            found["thumbnail"] = True
    except Exception as error:  # Pillow raises whatever its decoders raise.
        found["error"] = type(error).__name__
    return found


def _look_at_stream(source: Path, target: Path) -> Found:
    found: Found = {}
    try:
        with av.open(str(source)) as container:
            if container.duration:
                found["duration_seconds"] = container.duration / av.time_base
            if container.streams.video:
                video = container.streams.video[0]
                found["width"], found["height"] = video.width, video.height
                if 0 < video.width * video.height <= (Image.MAX_IMAGE_PIXELS or 0):
                    frame = next(container.decode(video))
                    _write_thumbnail(frame.to_image(), target)  # type: ignore[no-untyped-call]
                    found["thumbnail"] = True
    except (FFmpegError, StopIteration, ValueError, OSError) as error:
        found["error"] = type(error).__name__
    return found


def _write_thumbnail(image: Image.Image, target: Path) -> None:
    image.thumbnail(_THUMBNAIL)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")
    image.save(target, "WEBP", quality=80)


_TASKS = {"look": look, "record_voice": record_voice}

if __name__ == "__main__":
    main()
