"""A side that works when it is told to, and answers with the seconds it took."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable

from benchmarks.sides.common import end_with_parent

META = f"http://127.0.0.1:{os.environ.get('BENCHMARK_META', '')}"
# Calls out at the same time: the product's own number.
SLOTS = 64


async def on_word(work: Callable[[int], Awaitable[None]]) -> None:
    """One line with a number in, one JSON line out, for ever."""
    end_with_parent()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        if line:
            began = time.perf_counter()
            await work(int(line))
            writer.write(json.dumps(time.perf_counter() - began).encode() + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", int(os.environ["BENCHMARK_PORT"]))
    await server.serve_forever()
