"""`python -m tests.resilience.meter PORT TO FILE`: a wire between two programs that writes down when calls went by.

Meta's simulator is busy with much else; when it notices a call says little about when the call came.
"""

import asyncio
import sys
import time
from pathlib import Path


async def main(port: int, to: int, file: Path) -> None:
    with file.open("a", buffering=1, encoding="utf-8") as log:

        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, calls: bool) -> None:
            try:
                while chunk := await reader.read(65_536):
                    # A client writes each call's head at once.
                    if calls and chunk.startswith(b"POST ") and b"/messages" in chunk[:200]:
                        log.write(f"{time.monotonic():.6f}\n")
                    writer.write(chunk)
                    await writer.drain()
            except (ConnectionError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", to)
            await asyncio.gather(relay(reader, back, calls=True), relay(there, writer, calls=False))

        server = await asyncio.start_server(connect, "127.0.0.1", port)
        sys.stdout.write("meter runs\n")
        sys.stdout.flush()
        await server.serve_forever()


def most_within(times: list[float], seconds: float) -> int:
    """The most of them within any stretch of so many seconds."""
    ordered, most, first = sorted(times), 0, 0
    for place, at in enumerate(ordered):
        while ordered[first] <= at - seconds:
            first += 1
        most = max(most, place - first + 1)
    return most


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
