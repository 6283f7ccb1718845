"""A file on its way in: counted, hashed and bounded while it arrives, and gone at the end."""

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from server.domain.sniffing import HEAD
from server.files.keeping import PIECE


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
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="majlis-file-"))
    try:
        with (folder / "file").open("wb") as file:
            yield Scratch(folder, file)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
