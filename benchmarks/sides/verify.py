"""Verifies the signature and decodes the JSON; stores nothing."""

import msgspec

from benchmarks import payloads
from benchmarks.sides.common import Receive, Scope, Send, lifespan, ok, read, serve
from server.channels import signature

SECRETS = {"default": (payloads.SECRET,)}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    body = await read(receive)
    if signature.verify(body, dict(scope["headers"])[b"x-hub-signature-256"].decode(), SECRETS):
        msgspec.json.decode(body)
        await ok(send)


if __name__ == "__main__":
    serve(app)
