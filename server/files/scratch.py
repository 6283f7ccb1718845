"""A file on its way in: counted, hashed and bounded while it arrives, and gone at the end.

It is locked as long as its process lives: what a killed one leaves is told from what is in use, whatever its id.
"""

import asyncio
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from server.domain.sniffing import HEAD
from server.files.keeping import PIECE

_PREFIX = "majlis-file-"
# A folder is there this long at most before its file is.
_GRACE_SECONDS = 60


class Scratch:
    """`folder` is its own: others may put files beside it that go with it."""

    def __init__(self, folder: Path, file: BinaryIO) -> None:
        self.folder = folder
        self.path = folder / "file"
        self.size = 0
        self.head = b""
        self._file = file
        self._digest = hashlib.sha256()
        self._held: list[bytes] = []
        self._held_size = 0

    async def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        self._held.append(piece)
        self._held_size += len(piece)
        if self._held_size >= PIECE:
            await self._flush()

    async def finish(self) -> bytes:
        """The SHA-256 of all of it, which is now in `path`."""
        await self._flush()
        await asyncio.to_thread(self._file.flush)
        return self._digest.digest()

    async def _flush(self) -> None:
        held, self._held, self._held_size = b"".join(self._held), [], 0
        if held:
            await asyncio.to_thread(self._keep, held)

    def _keep(self, held: bytes) -> None:
        self._digest.update(held)
        self._file.write(held)


@asynccontextmanager
async def scratch() -> AsyncIterator[Scratch]:
    folder, file = await asyncio.to_thread(_make)
    try:
        with file:
            yield Scratch(folder, file)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def clear_abandoned() -> int:
    """Removes what killed processes left here, customers' files among it; returns how many folders. Blocks."""
    return sum(map(_clear_abandoned, Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")))


def _make() -> tuple[Path, BinaryIO]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        file = (folder / "file").open("wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return folder, file
        # Cleared away by another process between its making and its lock.
        file.close()


def _clear_abandoned(folder: Path) -> bool:
    # In use, another user's, or gone by now: then an error says so.
    with suppress(OSError):
        try:
            file = (folder / "file").open("rb")
        except FileNotFoundError:
            if time.time() - folder.stat().st_mtime < _GRACE_SECONDS:
                return False
            folder.rmdir()
            return True
        with file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Under the lock: who waits for it sees that the file is gone.
            shutil.rmtree(folder)
            return True
    return False
