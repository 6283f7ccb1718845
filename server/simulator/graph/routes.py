"""The Graph API's addresses, for every channel: `/{version}/{node}/…`."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.graph import recipients, refusals
from server.simulator.graph.nodes import Nodes
from server.simulator.graph.refusals import Refusal
from server.simulator.graph.sending import Sending
from server.simulator.graph.tokens import Tokens
from server.simulator.receipts import Receipts
from server.simulator.world import World

VERSION = re.compile(r"v(\d+)\.\d+")
# v20.0 ended in September 2026.
OLDEST = 21

AnyRequest = Request[Any, Any, Any]


class Graph:
    def __init__(self, world: World, receipts: Receipts) -> None:
        self.world = world
        self.tokens = Tokens(world)
        self.nodes = Nodes(world, self.tokens)
        self.sending = Sending(world, receipts)

    async def send(self, request: AnyRequest) -> Response[Any]:
        body = await _body(request)
        inbox = recipients.inbox_of(self.world, _node(request), body)
        switches, dice = self.world.switches, self.world.dice
        if dice.falls(switches.server_errors):
            return Response(b"<html>Sorry, something went wrong.</html>", status_code=500, media_type="text/html")
        self.tokens.check(inbox, _token(request, body), _proof(request, body))
        if dice.falls(switches.throttle):
            raise refusals.throttled(inbox.channel, switches.throttle_code)
        if dice.falls(switches.transient_errors):
            raise refusals.temporary(inbox.channel)
        try:
            answer = self.sending.accept(inbox, body)
        except Refusal as refusal:
            self.world.log.write("send_refused", inbox=inbox.id, code=refusal.code, subcode=refusal.subcode)
            raise
        if dice.falls(switches.timeouts):
            await asyncio.sleep(switches.timeout_seconds)
        if dice.falls(switches.errors_after_accepting):
            return Response(b"", status_code=500, media_type="text/html")
        return Response(answer, status_code=200, headers={"facebook-api-version": str(request.path_params["version"])})


def graph_routes(graph: Graph) -> list[HTTPRouteHandler]:
    """Handlers tolerate fields they do not know, as Meta does."""

    @post("/{version:str}/{node:str}/messages", status_code=200)
    async def send(request: AnyRequest) -> Response[Any]:
        _check_version(request)
        return await graph.send(request)

    @get("/{version:str}/{node:str}/subscribed_apps")
    async def subscribed_apps(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        return graph.nodes.subscribed_apps(_node(request), _token(request), _proof(request))

    @post("/{version:str}/{node:str}/subscribed_apps", status_code=200)
    async def subscribe(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        body = await _body(request)
        return graph.nodes.subscribe(_node(request), _token(request, body), _proof(request, body), wanted=True)

    @delete("/{version:str}/{node:str}/subscribed_apps", status_code=200)
    async def unsubscribe(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        return graph.nodes.subscribe(_node(request), _token(request), _proof(request), wanted=False)

    @get("/{version:str}/{node:str}/subscriptions")
    async def subscriptions(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        return graph.nodes.subscriptions(_node(request))

    @get("/{version:str}/debug_token")
    async def debug_token(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        return graph.nodes.debug_token(request.query_params.get("input_token"))

    @get("/{version:str}/{node:str}")
    async def read(request: AnyRequest) -> dict[str, Any]:
        _check_version(request)
        fields = request.query_params.get("fields")
        return graph.nodes.read(_node(request), fields, _token(request), _proof(request))

    return [send, subscribed_apps, subscribe, unsubscribe, subscriptions, debug_token, read]


def refuse(_: AnyRequest, refusal: Refusal) -> Response[Any]:
    headers = {"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token"'} if refusal.status == 401 else {}
    return Response(refusal.body(), status_code=refusal.status, headers=headers)


def _check_version(request: AnyRequest) -> None:
    version = str(request.path_params["version"])
    if (match := VERSION.fullmatch(version)) is None:
        raise Refusal(400, 2500, f"Unknown path components: /{version}")
    if int(match[1]) < OLDEST:
        raise refusals.old_version(version)


def _node(request: AnyRequest) -> str:
    return str(request.path_params["node"])


async def _body(request: AnyRequest) -> dict[str, Any]:
    raw = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {name: _form_value(value) for name, value in parse_qsl(raw.decode(errors="replace"))}
    try:
        body = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        raise refusals.bad_json() from None
    if not isinstance(body, dict):
        raise refusals.bad_json()
    return body


def _form_value(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in ("{", "[") else value
    except ValueError:
        return value


def _token(request: AnyRequest, body: dict[str, Any] | None = None) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() in ("bearer", "oauth") and token.strip():
        return str(token.strip())
    return _parameter(request, body, "access_token")


def _proof(request: AnyRequest, body: dict[str, Any] | None = None) -> str | None:
    return _parameter(request, body, "appsecret_proof")


def _parameter(request: AnyRequest, body: dict[str, Any] | None, name: str) -> str | None:
    value = request.query_params.get(name) or (body or {}).get(name)
    return str(value) if value else None
