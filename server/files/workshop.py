"""What is done to files, outside the event loop and outside this process: see `bench`."""

import asyncio
import contextlib
import sys
import weakref
from pathlib import Path
from typing import Any

import msgspec
import structlog

from server.domain.media import MOST_POINTS

_BENCH = Path(__file__).with_name("bench.py")
_SECONDS = 45.0
# The rest of the machine answers customers.
_AT_ONCE = 2
_places: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = weakref.WeakKeyDictionary()

_log = structlog.get_logger()


class Look(msgspec.Struct, frozen=True):
    """What a look at a file found; every part may be unknown."""

    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    animated: bool = False
    thumbnail: bool = False
    error: str | None = None


async def look(source: Path, thumbnail: Path, kind: str) -> Look:
    """Never raises: a file nobody can decode is a file without a picture."""
    return await _work("look", source, thumbnail, kind)


async def record_voice(source: Path, target: Path, container: str) -> Look:
    """`container` 'ogg' or 'mp4'. Without a duration it was no sound, and `target` is nothing."""
    return await _work("record_voice", source, target, container)


async def _work(task: str, source: Path, target: Path, kind: str) -> Look:
    async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(_BENCH), task, str(source), str(target), kind,
            str(MOST_POINTS),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            # Nothing of ours: no token, no key.
            env={"LC_ALL": "C.UTF-8"}, cwd=source.parent,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_SECONDS):
                answer, _ = await process.communicate()
        except TimeoutError:
            return Look(error="took too long")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    try:
        found: Any = msgspec.json.decode(answer, type=Look)
    except msgspec.DecodeError:
        _log.warning("file_not_looked_at", task=task, kind=kind, code=process.returncode)
        return Look(error="ended early")
    return found if isinstance(found, Look) else Look()
