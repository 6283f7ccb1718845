"""Runs the product's parts in one event loop, from the first signal to a clean end."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import Any

import msgspec
import structlog
import uvicorn
import uvloop

from server.domain.errors import SettingsError

Loop = Callable[[asyncio.Event], Awaitable[None]]

_log = structlog.get_logger()
_WEB_GRACE_SECONDS = 3
_LOOP_GRACE_SECONDS = 5
_NOT_OUR_ADDRESS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class Door(msgspec.Struct, frozen=True):
    """An ASGI application and the socket it listens on."""

    asgi: Any
    socket: socket.socket
    # Networks whose forwarding headers are believed.
    proxies: tuple[str, ...] = ()


def run(main: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Runs `main`, whose argument is set by the first SIGINT or SIGTERM; a second one cancels it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_with_signals(main))


def listen(host: str, port: int, variable: str = "PORT") -> socket.socket:
    """Bound at once, so that a taken port is said before anything else starts. `variable` named the port."""
    try:
        opened = _bound(host, port)
    except UnicodeError:
        raise SettingsError(f"HOST: cannot listen on {host}: no name of a host") from None
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno in _NOT_OUR_ADDRESS:
            raise SettingsError(f"HOST: cannot listen on {host}: {error.strerror}") from None
        raise SettingsError(f"{variable}: cannot listen on {host} port {port}: {error.strerror}") from None
    opened.listen(2048)
    opened.setblocking(False)
    return opened


async def operate(
    stop: asyncio.Event, *, doors: Sequence[Door], loops: Sequence[Loop], ready: Callable[[], Awaitable[None]]
) -> None:
    """Serves the doors and turns the loops until `stop`; calls `ready` once every door is open."""
    # What was built so far lives as long as the process: the collector need not walk through it again and again, which
    # would stop everything for tens of milliseconds.
    gc.collect()
    gc.freeze()
    async with _doors(doors, stop), _loops(loops, stop):
        if not stop.is_set():
            await ready()
        await stop.wait()


def _bound(host: str, port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
    except BaseException:
        opened.close()
        raise
    return opened


async def _with_signals(main: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    stop = asyncio.Event()
    task = asyncio.create_task(main(stop))

    def note() -> None:
        if stop.is_set():
            task.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, note)
    try:
        return await task
    except asyncio.CancelledError:
        return 130


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal again after serving, and nothing after it would be stopped.
        yield


@contextlib.asynccontextmanager
async def _doors(doors: Sequence[Door], stop: asyncio.Event) -> AsyncIterator[None]:
    servers = [_Server(_configuration(door)) for door in doors]
    tasks = [asyncio.create_task(each.serve(sockets=[door.socket])) for each, door in zip(servers, doors, strict=True)]
    for task in tasks:
        # A door that closed by itself must not leave a process that looks alive.
        task.add_done_callback(lambda _: stop.set())
    closing = asyncio.create_task(_close(servers, stop))
    try:
        while not all(each.started for each in servers):
            if any(task.done() for task in tasks):
                break
            await asyncio.sleep(0.005)
        yield
    finally:
        stop.set()
        await closing
        if tasks:
            await asyncio.wait(tasks, timeout=_WEB_GRACE_SECONDS + 3)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.error("door_failed", error=repr(outcome))


async def _close(servers: Sequence[uvicorn.Server], stop: asyncio.Event) -> None:
    # At once, while the loops still finish what they have in hand.
    await stop.wait()
    for each in servers:
        each.should_exit = True


@contextlib.asynccontextmanager
async def _loops(loops: Sequence[Loop], stop: asyncio.Event) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_keep_turning(loop, stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_LOOP_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _keep_turning(loop: Loop, stop: asyncio.Event) -> None:
    """A loop that fails is said and started again: its fellows and the doors go on."""
    pause = 0.1
    while not stop.is_set():
        try:
            await loop(stop)
            return
        except Exception:
            _log.exception("loop_failed", loop=getattr(loop, "__qualname__", repr(loop)), again_in=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, 5.0)


def _configuration(door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        door.asgi, http="httptools", ws="websockets-sansio", log_config=None, access_log=False, server_header=False,
        proxy_headers=bool(door.proxies), forwarded_allow_ips=list(door.proxies),
        timeout_graceful_shutdown=_WEB_GRACE_SECONDS, timeout_keep_alive=75,
    )  # fmt: skip
