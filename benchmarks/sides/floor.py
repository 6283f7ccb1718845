"""The floor of webhook-to-screen: one insert, its commit, one websocket frame to the one it concerns.

Served as the product is, with nothing else in between. A socket says who it is by its path, a webhook by its query.
"""

import json

import asyncpg

from benchmarks.sides.common import DSN, Receive, Scope, Send, lifespan, ok, read, serve

_pool: list[asyncpg.Pool] = []
_screens: dict[str, Send] = {}
_PADDING = "x" * 400


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        _pool.append(await asyncpg.create_pool(DSN, min_size=4, max_size=16))
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _screen(scope, receive, send)
    else:
        body = await read(receive)
        await _pool[0].execute("insert into journal (app_id, headers, body) values ('default', '{}', $1)", body)
        text = json.loads(body)["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"]
        whose = scope["query_string"].decode()
        frame = json.dumps(["event", {"kind": "MessageReceived", "message": {"text": text}, "padding": _PADDING}])
        await _screens[whose]({"type": "websocket.send", "text": f"42{frame}"})
        await ok(send)


async def _screen(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    # As Socket.IO's handshake ends, so that the client need not know which side it talks to.
    _screens[scope["path"].rsplit("/", 1)[1]] = send
    await send({"type": "websocket.send", "text": '0{"sid":"floor"}'})
    while (message := await receive())["type"] == "websocket.receive":
        if message.get("text") == "40":
            await send({"type": "websocket.send", "text": '40{"sid":"floor"}'})


if __name__ == "__main__":
    serve(app)
