"""The pages on made-up data, for eyes and for axe: `python tests/preview_pages.py 8099`, then /desk?case=long."""

import asyncio
import sys
from typing import Any, cast

import preview_data as data
import preview_health
import socketio
from aiohttp import web

from server.web import security
from server.web.assets import Assets
from server.web.rendering import environment, render

SHOWN: web.AppKey[dict[str, str]] = web.AppKey("shown", dict)
PAGES = {
    "/sign-in": ("sign_in.html", "sign-in"), "/sign-in/link/preview": ("sign_in_link.html", "sign-in"),
    "/desk": ("desk.html", "desk"), "/desk/1": ("desk.html", "desk"), "/settings": ("settings.html", "settings"),
    "/error": ("error.html", "error"), "/meta-health": ("meta_health.html", "meta-health"),
}  # fmt: skip


def preview_app() -> web.Application:
    app = web.Application()
    sockets = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
    sockets.attach(app)

    async def beat() -> None:
        while True:
            await sockets.emit("beat", {"cursor": 100, "heads": {}, "at": data._iso(data.NOW), "live": True})
            await asyncio.sleep(2)

    async def live(app: web.Application) -> Any:
        task = asyncio.create_task(beat())
        yield
        task.cancel()

    @sockets.on("catch_up")  # type: ignore[untyped-decorator]
    async def catch_up(sid: str, payload: Any) -> Any:
        await sockets.emit("beat", {"cursor": 100, "heads": {}, "at": data._iso(data.NOW), "live": True}, to=sid)
        return {"cursor": 100, "events": []}

    app.cleanup_ctx.append(live)
    app.router.add_get("/static/{version}/{path:.*}", _static)
    app.router.add_get("/api/{name:.*}", _api)
    app.router.add_route("*", "/api/{name:.*}", _changed)
    for path in PAGES:
        app.router.add_get(path, _page)
    app[SHOWN] = {"case": "busy", "language": "en"}
    return app


async def _page(request: web.Request) -> web.Response:
    name, place = PAGES[request.path]
    asked = request.query
    case, language, role = asked.get("case", "busy"), asked.get("lang", "en"), asked.get("role", "supervisor")
    request.app[SHOWN].update(case=case, language=language)
    theme = asked.get("theme", "")
    context: dict[str, Any] = {"address": request.path, "problem": "", "signed_out": False, "email": "", "next": ""}
    if place in ("desk", "settings", "meta-health"):
        me = data.me(role, language, theme=theme)
        context |= {"me": me, "place": place, "page_data": _page_data(request.path, me, case, language)}
        context["sessions"] = data.sessions()
    context |= {"problem": asked.get("problem", ""), "error_status": int(asked.get("status", "404")), "detail": ""}
    environment().globals["assets"] = Assets(_assets().folder)
    text = render(name, language=language, nonce="preview", csrf_token="preview", theme=theme, **context)
    headers = {"Content-Security-Policy": security.policy("preview")}
    return web.Response(text=text, content_type="text/html", headers=headers)


def _page_data(path: str, me: dict[str, Any], case: str, language: str) -> dict[str, Any]:
    inbox = {"cursor": 100, "now": data._iso(data.NOW), "me": me, "conversations": [], "offers": []}
    if path == "/settings":
        return {"inbox": inbox}
    if path == "/meta-health":
        return {"inbox": inbox, "health": preview_health.health(case, language, me["role"])}
    page = {"conversations": data.conversations(case, language), "next": "more" if case == "long" else None}
    return {
        "inbox": inbox, "board": data.board(case, language), "conversations": page if me["role"] != "owner" else None,
        "thread": data.thread(language) if path == "/desk/1" else None,
    }  # fmt: skip


async def _api(request: web.Request) -> web.Response:
    case, language, name = *request.app[SHOWN].values(), request.match_info["name"]
    if name == "board":
        return web.json_response(data.board(case, language))
    if name == "desk/conversations":
        return web.json_response({"conversations": data.conversations(case, language), "next": None})
    if name == "conversations/1":
        return web.json_response(data.thread(language))
    if name == "contacts/1":
        return web.json_response(data.person(language))
    if name.startswith("transfer-targets"):
        return web.json_response({"queues": [], "advisors": data.board(case, language)["advisors"]})
    if name == "meta-health":
        return web.json_response(preview_health.health(case, language, "administrator"))
    if name == "costs":
        return web.json_response(preview_health.costs(language))
    if name == "quarantine":
        return web.json_response(data.quarantine(case))
    return web.json_response({"type": "/problems/not-found", "title": "Not found", "status": 404}, status=404)


async def _changed(request: web.Request) -> web.Response:
    return web.json_response({})


async def _static(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_assets().folder / request.match_info["path"])


def _assets() -> Assets:
    return cast(Assets, environment().globals["assets"])


if __name__ == "__main__":
    web.run_app(preview_app(), host="127.0.0.1", port=int(sys.argv[1]), print=None)
