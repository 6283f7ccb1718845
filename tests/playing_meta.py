"""A small HTTP server that plays the Graph API for tests of sending."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from server.channels.graph import GraphClient

Answer = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]
_numbers = itertools.count(1)


class Meta:
    """Keeps every send it got and answers as told: by `answer`, or by the next of `script`."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.sends: list[dict[str, Any]] = []
        self.answer: Answer = accept
        self.script: list[Answer] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.server = TestServer(app)

    async def __aenter__(self) -> "Meta":
        await self.server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    @property
    def texts(self) -> list[str]:
        """What was said, in the order of arrival."""
        return [(each.get("text") or {}).get("body") or each.get("message", {}).get("text") for each in self.sends]

    def client(self, timeout_seconds: float = 5) -> GraphClient:
        return GraphClient(
            graph_url=f"{self.url}/fb", instagram_graph_url=f"{self.url}/ig", version="v26.0",
            timeout_seconds=timeout_seconds,
        )  # fmt: skip

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else {}
        self.requests.append(request)
        self.sends.append(body)
        answer = self.script.pop(0) if self.script else self.answer
        return await answer(request, body)


async def accept(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    provider_id = f"wamid.{next(_numbers)}"
    if body.get("status") == "read":
        return web.json_response({"success": True})
    if "sender_action" in body:
        return web.json_response({"recipient_id": body["recipient"]["id"]})
    if "messaging_product" in body:
        return web.json_response({"messaging_product": "whatsapp", "messages": [{"id": provider_id}]})
    return web.json_response({"recipient_id": body["recipient"]["id"], "message_id": provider_id})


async def stall(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Takes the message and never says so."""
    await asyncio.sleep(30)
    raise AssertionError("nobody waits that long")


async def drop(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Takes the message and loses the connection."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def says(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
    async def answer(_: web.Request, __: dict[str, Any]) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return answer


def refuses(code: Any, subcode: int | None = None, *, status: int = 400) -> Answer:
    return says(status, error(code, subcode))


def error(code: Any, subcode: int | None = None) -> dict[str, Any]:
    return {
        "error": {"message": "No", "type": "OAuthException", "code": code, "error_subcode": subcode,
                  "error_data": {"details": "because"}, "fbtrace_id": "x"}
    }  # fmt: skip
