"""A line to PostgreSQL that a test can cut and mend, as when the server restarts."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path


class Line:
    def __init__(self, dsn: str, folder: Path) -> None:
        found = re.search(r"host=([^&]+)", dsn)
        assert found is not None
        self._server = Path(found[1]) / ".s.PGSQL.5432"
        self._here = folder / ".s.PGSQL.5432"
        self.dsn = dsn.replace(found[0], f"host={folder}")
        self._listening: asyncio.Server | None = None
        self._calls: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        self._listening = await asyncio.start_unix_server(self._carry, self._here)

    async def cut(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        self._here.unlink(missing_ok=True)
        for writer in self._calls:
            writer.transport.abort()
        self._calls.clear()
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._server)
        self._calls |= {writer, far_writer}
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))
        self._calls -= {writer, far_writer}


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def line_to(dsn: str, folder: Path) -> AsyncIterator[Line]:
    line = Line(dsn, folder)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()
