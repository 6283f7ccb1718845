"""The ceiling of durable intake: verified, stored as raw bytes by group commit, nothing applied."""

import asyncio

import asyncpg

from benchmarks import payloads
from benchmarks.sides.common import DSN, Receive, Scope, Send, lifespan, ok, read, serve
from server.channels import signature

SECRETS = {"default": (payloads.SECRET,)}
_waiting: list[tuple[bytes, asyncio.Future[None]]] = []
_state: dict[str, asyncpg.Connection] = {}
_writing: set[asyncio.Task[None]] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        _state["connection"] = await asyncpg.connect(DSN)
        await lifespan(receive, send)
        return
    body = await read(receive)
    if not signature.verify(body, dict(scope["headers"])[b"x-hub-signature-256"].decode(), SECRETS):
        return
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _waiting.append((body, done))
    if not _writing:
        task = asyncio.create_task(_write())
        _writing.add(task)
        task.add_done_callback(_writing.discard)
    await done
    await ok(send)


async def _write() -> None:
    while _waiting:
        group = _waiting[:]
        _waiting.clear()
        await _state["connection"].execute(
            "insert into journal (app_id, headers, body) select 'default', '{}', body from unnest($1::bytea[]) as body",
            [body for body, _ in group],
        )
        for _, done in group:
            done.set_result(None)


if __name__ == "__main__":
    serve(app)
