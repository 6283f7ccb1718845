"""The whole product: BENCHMARK_LOOPS=1 also applies; with BENCHMARK_REDIS it is one of several processes."""

import asyncio
import os

from cryptography.fernet import Fernet

from benchmarks import payloads
from benchmarks.sides.common import DSN, end_with_parent
from server import app, process
from server.process import Door, listen
from server.settings import read_settings


async def run(stop: asyncio.Event) -> int:
    end_with_parent()
    port = int(os.environ["BENCHMARK_PORT"])
    environment = {
        "DATABASE_URL": DSN,
        "MAJLIS_KEY": Fernet.generate_key().decode(),
        "META_APP_SECRET": payloads.SECRET,
        # Nobody there: nothing of this benchmark sends.
        "META_GRAPH_URL": "http://127.0.0.1:9",
        "PORT": str(port),
        "REDIS_URL": os.environ.get("BENCHMARK_REDIS", ""),
    }
    opened = listen("127.0.0.1", port)
    application = app.build(read_settings(environment))
    await application.start()

    async def ready() -> None:
        return

    try:
        loops = application.loops if os.environ.get("BENCHMARK_LOOPS") else []
        await process.operate(stop, doors=[Door(application.asgi, opened)], loops=loops, ready=ready)
    finally:
        await application.stop()
    return 0


if __name__ == "__main__":
    process.run(run)
