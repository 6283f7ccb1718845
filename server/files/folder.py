"""Files in a folder: written beside, flushed to the disk, then moved to their name in one step."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from server.files.keeping import PIECE, KeepingError, NoSuchFile

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9][A-Za-z0-9.-]*)*")


class FolderStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, source: Path) -> None:
        try:
            await asyncio.to_thread(_put, self._path(key), source)
        except OSError as error:
            raise KeepingError(_said(error)) from error

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError as error:
            raise NoSuchFile(key) from error
        except OSError as error:
            raise KeepingError(_said(error)) from error
        try:
            file.seek(start)
            while length > 0 and (piece := await asyncio.to_thread(file.read, min(PIECE, length))):
                length -= len(piece)
                yield piece
        finally:
            file.close()

    async def size(self, key: str) -> int | None:
        try:
            return (await asyncio.to_thread(self._path(key).stat)).st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeepingError(_said(error)) from error

    async def delete(self, key: str) -> None:
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as error:
            raise KeepingError(_said(error)) from error

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._folder / key


def _put(target: Path, source: Path) -> None:
    made = [each for each in (target.parent, *target.parent.parents) if not each.exists()]
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{uuid4().hex}.part")
    try:
        # Another disk than the one it was received on, perhaps.
        shutil.copyfile(source, beside)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.chmod(0o600)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    for folder in {target.parent, *(each.parent for each in made)}:
        _flush(folder)


def _flush(folder: Path) -> None:
    # The name is durable only when its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__
