"""A stand-in for the server, so that the console can be seen and tested without a database.

It speaks the console's protocol from memory; a test moves its world (`customer_writes`, `make_offer`, …) and looks at
the page. By hand: `PYTHONPATH=.:tests python -m console.stand_in --port 8123 --language ar`.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web
from console import stand_in_scenes as scenes
from console.stand_in_data import Json
from console.stand_in_routes import add_routes
from console.stand_in_world import World

from server import paths
from server.web import security
from server.web.assets import assets
from server.web.rendering import render

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(world: World) -> web.Application:
    app = web.Application(middlewares=[_record(world)], client_max_size=30_000_000)
    world.sockets.attach(app)
    _hear(world)
    app.router.add_get("/inbox", _page(world))
    app.router.add_get(r"/inbox/{id:\d+}", _page(world))
    app.router.add_static(assets().prefix, paths.STATIC)
    add_routes(app, world)
    app.cleanup_ctx.append(_beats(world))
    return app


def _record(world: World) -> Any:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/api"):
            return await handler(request)
        body = await request.json() if request.content_type == "application/json" and request.can_read_body else {}
        world.requests.append((request.method, request.path, body))
        if world.broken:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if request.method != "GET" and request.headers.get("x-csrf-token") != "stand-in":
            return web.json_response({"type": "/problems/csrf"}, status=403)
        if request.method != "GET" and world.refuse_next:
            status, problem = world.refuse_next
            world.refuse_next = None
            return web.json_response(problem, status=status, content_type="application/problem+json")
        return await handler(request)

    return middleware


def _page(world: World) -> Handler:
    async def page(request: web.Request) -> web.StreamResponse:
        number = int(request.match_info.get("id", 0))
        opened = world.opened(number) if number in world.threads else None
        text = render(
            "inbox.html", language=world.me["language"], nonce="stand-in", csrf_token="stand-in",
            theme=world.me["preferences"]["theme"], me=world.me, place="inbox", address=request.path,
            page_data={"inbox": world.inbox(), "thread": opened},
        )  # fmt: skip
        policy = security.policy("stand-in")
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    return page


def _hear(world: World) -> None:
    async def catch_up(_sid: str, asked: Json) -> Json:
        return {"cursor": len(world.feed), "events": world.feed[asked["cursor"] :]}

    async def watch(_sid: str, _asked: Json) -> Json:
        return {"ok": True}

    world.sockets.on("catch_up", catch_up)
    world.sockets.on("watch", watch)
    world.sockets.on("unwatch", watch)
    world.sockets.on("typing", watch)


def _beats(world: World) -> Any:
    async def run(_app: web.Application) -> Any:
        async def tick() -> None:
            while True:
                if world.beats:
                    await world.beat()
                await asyncio.sleep(1)

        ticking = asyncio.create_task(tick())
        yield
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking

    return run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--language", default="en")
    parser.add_argument("--count", type=int, default=12)
    given = parser.parse_args()
    world = World(language=given.language)
    now = world.now()
    world.hold(*scenes.many(now, given.count), scenes.rich(now), scenes.long_words(now), scenes.closed(now),
               *scenes.every_kind(now))  # fmt: skip
    web.run_app(application(world), host="127.0.0.1", port=given.port)


if __name__ == "__main__":
    main()
