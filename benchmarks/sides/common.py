"""What the sides share: the way they are served, and the answers of a bare ASGI application."""

import ctypes
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

DSN = os.environ.get("BENCHMARK_DSN", "")


def serve(app: Any) -> None:
    """One process, uvloop, no access log: the same for every side."""
    end_with_parent()
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["BENCHMARK_PORT"]), log_level="warning", access_log=False,
        ws="websockets-sansio",
    )  # fmt: skip


def end_with_parent() -> None:
    """A side outlives no benchmark, however that ended (Linux)."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


async def read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def ok(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
