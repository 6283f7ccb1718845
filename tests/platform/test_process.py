"""Doors and loops in one event loop, from the first signal to the end."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server import process
from server.domain.errors import SettingsError
from server.process import Door, listen, operate

ROOT = Path(__file__).parents[2]

# A program as `majlis serve` is one: a door, a loop, and something that must be put away at the end.
PROGRAM = """
import asyncio
from server.process import Door, listen, operate, run

async def hello(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

async def turning(stop):
    await stop.wait()
    print("loop ended", flush=True)

async def main(stop):
    opened = listen("127.0.0.1", 0)
    async def ready():
        print(opened.getsockname()[1], flush=True)
    try:
        await operate(stop, doors=[Door(hello, opened)], loops=[turning], ready=ready)
    finally:
        print("put away", flush=True)
    return 0

raise SystemExit(run(main))
"""


async def hello(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})


async def nothing() -> None:
    """Nobody waits for it."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_everything_in_order_with_a_socket_open(number: signal.Signals) -> None:
    running = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    assert running.stdout is not None
    port = int(await asyncio.to_thread(running.stdout.readline))
    async with aiohttp.ClientSession() as http, http.ws_connect(f"http://127.0.0.1:{port}/socket.io") as open_socket:
        running.send_signal(number)
        assert (await open_socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        said, _ = await asyncio.to_thread(running.communicate, timeout=15)
    assert running.returncode == 0
    assert said.split("\n")[:2] == ["loop ended", "put away"]


async def test_a_loop_that_fails_is_started_again_and_its_fellows_go_on() -> None:
    stop = asyncio.Event()
    turns = 0

    async def shaky(stop: asyncio.Event) -> None:
        nonlocal turns
        turns += 1
        if turns < 3:
            raise ValueError("a bad day")
        stop.set()

    async with asyncio.timeout(30):
        await operate(stop, doors=[], loops=[shaky, asyncio.Event.wait], ready=nothing)  # type: ignore[list-item]
    assert turns == 3


async def test_a_loop_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_LOOP_GRACE_SECONDS", 0.05)
    stop = asyncio.Event()
    stop.set()

    async def deaf(stop: asyncio.Event) -> None:
        await asyncio.sleep(60)

    async with asyncio.timeout(30):
        await operate(stop, doors=[], loops=[deaf], ready=nothing)


async def test_forwarding_headers_are_believed_from_trusted_networks_only() -> None:
    for proxies, seen in ((("127.0.0.0/8",), "203.0.113.7"), (("10.0.0.0/8",), "127.0.0.1"), ((), "127.0.0.1")):
        stop = asyncio.Event()
        opened = listen("127.0.0.1", 0)
        serving = asyncio.create_task(operate(stop, doors=[Door(hello, opened, proxies)], loops=[], ready=nothing))
        address = f"http://127.0.0.1:{opened.getsockname()[1]}/"
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        async with aiohttp.ClientSession() as http, http.get(address, headers=forwarded) as answer:
            assert await answer.text() == seen
        stop.set()
        await serving


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.1", "0.0.0.0:8000", "two..dots", "2001:db8::1"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(SettingsError, match=f"^HOST: cannot listen on {re.escape(host)}: "):
        listen(host, 0)


def test_a_taken_port_is_named_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            SettingsError, match=f"PORT: cannot listen on 127.0.0.1 port {port}: Address already in use"
        ):
            listen("127.0.0.1", port)
