"""Fifty advisors' screens: Socket.IO over websocket, spoken by hand so that the client costs next to nothing."""

import asyncio
import base64
import os
import re
import struct
import time
from collections.abc import Callable

# Of the message itself: the conversation's summary before it already shows the newest one.
_SERIAL = re.compile(rb'"MessageReceived".*?"message":\s?\{[^{}]*?"text":\s?"serial (\d+)\.')

# RFC 6455, section 5.2. The server hangs up on who leaves a ping unanswered.
_TEXT, _PING, _PONG = 1, 9, 10


class Screen(asyncio.Protocol):
    """Calls `heard` with the serial number that a message carries and when its frame came."""

    def __init__(self, path: str, port: int, cookie: str, heard: Callable[[int, float], None]) -> None:
        self._head = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        self._heard = heard
        self._data = b""
        self._open = False
        self._transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._transport.write(self._head)  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._data += data
        if not self._open:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.ready.set_exception(RuntimeError(head.decode(errors="replace")))
                return
            self._open, self._data = True, rest
        while (frame := self._next()) is not None:
            opcode, text = frame
            if opcode == _PING:
                self._say(text, _PONG)
            else:
                self._read(text, at)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(RuntimeError("hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _next(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < 2:
            return None
        length, start = data[1] & 127, 2
        if length == 126:
            length, start = (struct.unpack("!H", data[2:4])[0], 4) if len(data) >= 4 else (1 << 30, 4)
        elif length == 127:
            length, start = (struct.unpack("!Q", data[2:10])[0], 10) if len(data) >= 10 else (1 << 30, 10)
        if len(data) < start + length:
            return None
        self._data = data[start + length :]
        return data[0] & 15, data[start : start + length]

    def _read(self, frame: bytes, at: float) -> None:
        if frame.startswith(b"42"):
            if found := _SERIAL.search(frame):
                self._heard(int(found[1]), at)
        elif frame.startswith(b"40"):
            self.ready.set_result(None)
        elif frame.startswith(b"0"):
            self._say(b"40")
        elif frame == b"2":
            self._say(b"3")

    def _say(self, text: bytes, opcode: int = _TEXT) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))
        self._transport.write(bytes([0x80 | opcode, 0x80 | len(text)]) + mask + masked)  # type: ignore[union-attr]


async def open_screen(port: int, path: str, cookie: str, heard: Callable[[int, float], None]) -> Screen:
    loop = asyncio.get_running_loop()
    _, screen = await loop.create_connection(lambda: Screen(path, port, cookie, heard), "127.0.0.1", port)
    await asyncio.wait_for(screen.ready, 10)
    return screen
