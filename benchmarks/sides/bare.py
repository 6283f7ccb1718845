"""The floor of any server here: reads the body, answers 200."""

from benchmarks.sides.common import Receive, Scope, Send, lifespan, ok, read, serve


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    await read(receive)
    await ok(send)


if __name__ == "__main__":
    serve(app)
