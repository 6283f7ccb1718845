"""Where the files of messages are kept: one small interface, whatever keeps them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

# So much of a file is in memory at a time.
PIECE = 256 * 1024


class KeepingError(Exception):
    """The store is out of reach or full; nothing is certain about what was being written."""


class NoSuchFile(KeepingError):
    """There is nothing under this key."""


class FileStore(Protocol):
    """Keys are made by us: slashes, letters, digits, '-', '.'. A file under a key never changes."""

    async def put(self, key: str, source: Path) -> None:
        """Keeps the file, durably and whole or not at all; `source` may be gone afterwards. Raises `KeepingError`."""

    def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """The bytes, in pieces. Raises `NoSuchFile` or `KeepingError` at the first."""

    async def size(self, key: str) -> int | None:
        """None when there is nothing under the key."""

    async def delete(self, key: str) -> None:
        """Also when it is gone already."""


class Nowhere:
    """For what handles no files: everything fails, with words."""

    async def put(self, key: str, source: Path) -> None:
        raise KeepingError("This process keeps no files.")

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        raise KeepingError("This process keeps no files.")
        yield b""

    async def size(self, key: str) -> int | None:
        raise KeepingError("This process keeps no files.")

    async def delete(self, key: str) -> None:
        raise KeepingError("This process keeps no files.")
