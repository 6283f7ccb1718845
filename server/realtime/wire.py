"""The Socket.IO server as it is used here: packets in msgspec's JSON, and closed what python-socketio leaves open."""

from typing import Any

import msgspec
import socketio


class Json:
    """msgspec under the names the library calls."""

    dumps_bytes = staticmethod(msgspec.json.Encoder().encode)
    loads = staticmethod(msgspec.json.decode)

    @classmethod
    def dumps(cls, value: Any, **_: Any) -> str:
        return cls.dumps_bytes(value).decode()


class Server(socketio.AsyncServer):  # type: ignore[misc, unused-ignore]
    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        # Names a client may not say: the library would take them for a coming or going of the socket itself.
        if data[0] not in self.reserved_events:
            await super()._handle_event(eio_sid, namespace, id, data)

    async def cut(self, sid: str) -> None:
        """Ends the socket and the transport below it, which the library would leave to the client to close."""
        transport = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, "/"))
        await self.disconnect(sid)
        if transport is not None:
            # Not waited for: the other side may have vanished.
            await transport.close(wait=False)
            # What is queued is sent, then the writer closes the websocket.
            await transport.queue.put(None)


async def refuse(receive: Any, send: Any, reason: str) -> None:
    """As much of a handshake as the browser's library needs to hear why (`connect_error`), and the end at once."""
    await receive()
    await send({"type": "websocket.accept"})
    opening = {"sid": "", "upgrades": [], "pingInterval": 1000, "pingTimeout": 1000, "maxPayload": 1}
    await send({"type": "websocket.send", "text": f"0{Json.dumps(opening)}"})
    await send({"type": "websocket.send", "text": f"44{Json.dumps({'message': reason})}"})
    await send({"type": "websocket.close", "code": 1008})
