"""Serves a simulator on a loopback port, inside a running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import msgspec
import uvicorn

from server.simulator.app import create_simulator
from server.simulator.config import SimulatorConfig
from server.simulator.connections import Cuttable
from server.simulator.simulator import Simulator

LOOPBACK = "127.0.0.1"


class Running(msgspec.Struct, frozen=True):
    url: str
    port: int
    simulator: Simulator


@asynccontextmanager
async def running(config: SimulatorConfig, port: int = 0) -> AsyncIterator[Running]:
    """A simulator that answers until the block ends; port 0 takes a free one. Signals stay the caller's."""
    app = create_simulator(config)
    listener = socket.create_server((LOOPBACK, port))
    settings = uvicorn.Config(
        app, http=Cuttable, log_level="warning", access_log=False, timeout_graceful_shutdown=2,
        # Longer than any client keeps an idle connection: a call must not meet one that closes just then.
        timeout_keep_alive=75,
    )  # fmt: skip
    server = Server(settings)
    app.state.simulator.world.files.base = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    serving = asyncio.create_task(server.serve([listener]))
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise RuntimeError("The simulator did not start.")
            await asyncio.sleep(0.01)
        port = listener.getsockname()[1]
        yield Running(url=f"http://{LOOPBACK}:{port}", port=port, simulator=app.state.simulator)
    finally:
        # Live pages would hold the shutdown up: their streams end first.
        app.state.simulator.world.feed.close()
        server.should_exit = True
        await serving
        listener.close()


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
