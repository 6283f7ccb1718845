"""The load: keep-alive connections over plain asyncio protocols, so that the client costs as little as can be.

Closed loop: every connection sends as soon as it is answered. Open loop: requests start on a schedule whatever the
answers do, and a late start counts as latency.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import cast

import msgspec
import uvloop


class Result(msgspec.Struct):
    seconds: float
    # Milliseconds, one for each request.
    latencies: list[float]
    statuses: dict[int, int]

    def at(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 3) if ordered else float("nan")

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


class Connection(asyncio.Protocol):
    """One request at a time; answers carry a content-length."""

    def __init__(self) -> None:
        self._data = b""
        self._answer: asyncio.Future[int] | None = None
        self.transport: asyncio.Transport | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self.transport = cast(asyncio.Transport, transport)

    async def ask(self, request: bytes) -> int:
        assert self.transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found:
            return
        lower = head.lower()
        start = lower.find(b"content-length:")
        length = int(lower[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(rest) < length:
            return
        self._data = rest[length:]
        if self._answer and not self._answer.done():
            self._answer.set_result(int(head[9:12]))

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if self._answer and not self._answer.done():
            self._answer.set_result(0)


class Pool:
    """Keep-alive connections for an open loop. What the server closed for idling is opened anew when it is wanted."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()

    async def open(self, connections: int) -> None:
        for _ in range(connections):
            self._free.put_nowait(await connect(self._port))

    async def ask(self, request: bytes) -> int:
        connection = await self._free.get()
        if connection.lost:
            connection = await connect(self._port)
        status = await connection.ask(request)
        self._free.put_nowait(connection)
        return status

    def close(self) -> None:
        while not self._free.empty():
            self._free.get_nowait().close()


async def closed(port: int, requests: Sequence[bytes], connections: int = 64) -> Result:
    waiting = deque(requests)
    latencies: list[float] = []
    statuses: dict[int, int] = {}

    async def one() -> None:
        connection = await connect(port)
        while waiting:
            request = waiting.popleft()
            began = time.perf_counter()
            status = await connection.ask(request)
            latencies.append((time.perf_counter() - began) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Result(time.perf_counter() - began, latencies, statuses)


async def open_loop(port: int, requests: Sequence[bytes], rate: float, connections: int = 256) -> Result:
    pool = Pool(port)
    await pool.open(connections)
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    tasks: set[asyncio.Task[None]] = set()

    async def one(request: bytes, due: float) -> None:
        status = await pool.ask(request)
        latencies.append((time.perf_counter() - due) * 1000)
        statuses[status] = statuses.get(status, 0) + 1

    began = time.perf_counter()
    for place, request in enumerate(requests):
        due = began + place / rate
        if (pause := due - time.perf_counter()) > 0.0005:
            await asyncio.sleep(pause)
        task = asyncio.create_task(one(request, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    while tasks:
        await asyncio.wait(set(tasks))
    pool.close()
    return Result(time.perf_counter() - began, latencies, statuses)


async def connect(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


def run_closed(port: int, requests: Sequence[bytes], connections: int = 64) -> Result:
    return uvloop.run(closed(port, requests, connections))


def run_open(port: int, requests: Sequence[bytes], rate: float) -> Result:
    return uvloop.run(open_loop(port, requests, rate))
