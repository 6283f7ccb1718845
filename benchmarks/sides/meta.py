"""A Graph API that takes every message at once and remembers it: the other end of both senders."""

import json
from urllib.parse import urlsplit

from benchmarks.sides.common import Receive, Scope, Send, lifespan, read, serve

_taken: list[tuple[str, str]] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    body = await read(receive)
    if urlsplit(scope["path"]).path.endswith("/messages"):
        said = json.loads(body)
        _taken.append((said["biz_opaque_callback_data"], said["text"]["body"]))
        answer = b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.%d"}]}' % len(_taken)
    else:
        answer = json.dumps(_taken).encode()
        _taken.clear()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    serve(app)
