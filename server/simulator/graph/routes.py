"""The Graph API's addresses, for every channel: `/{version}/{node}/…`."""

import asyncio
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.codes import error_of
from server.simulator.config import SimulatedInbox
from server.simulator.connections import cut
from server.simulator.graph import recipients, refusals, uploads
from server.simulator.graph.calls import body_of, check_version, node_of, proof_of, token_of
from server.simulator.graph.messaging_sending import Messaging
from server.simulator.graph.nodes import Nodes
from server.simulator.graph.rates import Rates
from server.simulator.graph.refusals import Refusal
from server.simulator.graph.sending import Answer, Call, Desk
from server.simulator.graph.subscriptions import Subscriptions
from server.simulator.graph.tokens import Tokens
from server.simulator.graph.whatsapp_sending import WhatsApp
from server.simulator.orders import Call as CallName
from server.simulator.orders import Order
from server.simulator.receipts import Receipts
from server.simulator.world import World

AnyRequest = Request[Any, Any, Any]
HEAVY = ("audio", "video")


class Graph:
    def __init__(self, world: World, receipts: Receipts) -> None:
        self.world = world
        self.tokens = Tokens(world)
        self.nodes = Nodes(world, self.tokens)
        self.subscriptions = Subscriptions(world, self.tokens)
        self.rates = Rates(world)
        desk = Desk(world, receipts)
        self._whatsapp, self._messaging = WhatsApp(desk), Messaging(desk)

    async def send(self, request: AnyRequest, *, marketing: bool = False) -> Response[Any]:
        body = await body_of(request)
        inbox = recipients.inbox_of(self.world, node_of(request), body)
        signal = body.get("status") is not None or body.get("sender_action") is not None
        if not signal:
            self.world.tally.called(inbox.id)
        switches, dice = self.world.switches, self.world.dice
        if dice.falls(switches.server_errors):
            return failed()
        self.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        if dice.falls(switches.throttle):
            self._refused(inbox, body, refusal := refusals.throttled(inbox.channel, switches.throttle_code))
            raise refusal
        if dice.falls(switches.transient_errors):
            self._refused(inbox, body, refusal := refusals.temporary(inbox.channel))
            raise refusal
        customer = recipients.known(self.world, inbox, body)
        name: CallName = "signals" if signal else "messages"
        order = self.world.orders.next(name, inbox=inbox.id, customer=customer, kind=kind_of(body))
        try:
            if (stopped := await before(request, order, inbox.channel)) is not None:
                return stopped
            if not signal:
                self.rates.check(inbox, customer or recipients.written(body), heavy=kind_of(body) in HEAVY)
            answer = await self._accept(inbox, body, order, marketing=marketing)
        except Refusal as refusal:
            self._refused(inbox, body, refusal)
            raise
        if dice.falls(switches.timeouts):
            await asyncio.sleep(switches.timeout_seconds)
        if dice.falls(switches.errors_after_accepting):
            return Response(b"", status_code=500, media_type="text/html")
        if (stopped := await after(request, order)) is not None:
            return stopped
        return Response(answer, status_code=200, headers={"facebook-api-version": str(request.path_params["version"])})

    async def _accept(
        self, inbox: SimulatedInbox, body: dict[str, Any], order: Order | None, *, marketing: bool
    ) -> Answer:
        errors = None
        if order is not None and order.how == "status":
            errors = [error_of(131000 if order.code is None else order.code, order.details)]
        call = Call(inbox, body, await uploads.fetch_links(self.world, body), errors, marketing=marketing)
        return self._whatsapp.accept(call) if inbox.channel == "whatsapp" else self._messaging.accept(call)

    def _refused(self, inbox: SimulatedInbox, body: dict[str, Any], refusal: Refusal) -> None:
        message = body.get("message")
        metadata = message.get("metadata") if isinstance(message, dict) else None
        self.world.tally.refused(inbox.id, refusal.code)
        self.world.log.write(
            "send_refused", inbox=inbox.id, code=refusal.code, subcode=refusal.subcode,
            local_id=body.get("biz_opaque_callback_data") or metadata, recipient=recipients.written(body),
        )  # fmt: skip


def graph_routes(graph: Graph) -> list[HTTPRouteHandler]:
    """Handlers tolerate fields they do not know, as Meta does."""

    @post("/{version:str}/{node:str}/messages", status_code=200)
    async def send(request: AnyRequest) -> Response[Any]:
        check_version(request)
        return await graph.send(request)

    @post("/{version:str}/{node:str}/marketing_messages", status_code=200)
    async def send_marketing(request: AnyRequest) -> Response[Any]:
        check_version(request)
        return await graph.send(request, marketing=True)

    @get("/{version:str}/{node:str}/subscribed_apps")
    async def subscribed_apps(request: AnyRequest) -> Response[Any]:
        check_version(request)
        node = node_of(request)
        if (stopped := await ordered(graph.world, request, "subscribed_apps", node)) is not None:
            return stopped
        return Response(graph.subscriptions.of_account(node, token_of(request), proof_of(request)))

    @post("/{version:str}/{node:str}/subscribed_apps", status_code=200)
    async def subscribe(request: AnyRequest) -> Response[Any]:
        check_version(request)
        node, body = node_of(request), await body_of(request)
        if (stopped := await ordered(graph.world, request, "subscribed_apps", node)) is not None:
            return stopped
        fields = str(request.query_params.get("subscribed_fields") or body.get("subscribed_fields") or "")
        token, proof = token_of(request, body), proof_of(request, body)
        return Response(graph.subscriptions.set(node, token, proof, wanted=True, fields=fields))

    @delete("/{version:str}/{node:str}/subscribed_apps", status_code=200)
    async def unsubscribe(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        return graph.subscriptions.set(node_of(request), token_of(request), proof_of(request), wanted=False)

    @get("/{version:str}/{node:str}/subscriptions")
    async def subscriptions(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        return graph.subscriptions.of_app(node_of(request))

    @get("/{version:str}/debug_token")
    async def debug_token(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        return graph.nodes.debug_token(request.query_params.get("input_token"))

    return [send, send_marketing, subscribed_apps, subscribe, unsubscribe, subscriptions, debug_token]


async def ordered(
    world: World, request: AnyRequest, call: CallName, node: str, customer: str | None = None
) -> Response[Any] | None:
    """Plays the order there is for a call that is no send."""
    inbox = next((each for each in world.inboxes.values() if each.is_named(node)), None)
    order = world.orders.next(call, inbox=inbox.id if inbox is not None else "", customer=customer)
    channel = inbox.channel if inbox is not None else "messenger" if call == "profile" else "whatsapp"
    stopped = await before(request, order, channel)
    return stopped if stopped is not None else await after(request, order)


async def before(request: AnyRequest, order: Order | None, channel: str) -> Response[Any] | None:
    """What an order does instead of accepting. Raises `Refusal`."""
    if order is None:
        return None
    if order.how == "response":
        raise refusals.of_code(order.code or 0, order.details, channel=channel, subcode=order.subcode)
    if order.how == "hang":
        await asyncio.sleep(order.seconds)
    if order.how == "drop":
        cut(request)
    return failed() if order.how in ("hang", "drop", "5xx") else None


async def after(request: AnyRequest, order: Order | None) -> Response[Any] | None:
    """What an order does instead of answering, once it is accepted."""
    if order is None or order.how not in ("timeout", "drop_after", "5xx_after"):
        return None
    if order.how == "timeout":
        await asyncio.sleep(order.seconds)
    if order.how == "drop_after":
        cut(request)
    return failed()


def kind_of(body: dict[str, Any]) -> str:
    """What a send holds, in one word."""
    if "messaging_product" in body:
        return str(body.get("type", "text"))
    message = body.get("message")
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if isinstance(attachment, dict):
        return str(attachment.get("type", "file"))
    return "template" if isinstance(message, dict) and message.get("template") is not None else "text"


def failed() -> Response[Any]:
    return Response(b"<html>Sorry, something went wrong.</html>", status_code=500, media_type="text/html")


def refuse(_: AnyRequest, refusal: Refusal) -> Response[Any]:
    headers = {"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token"'} if refusal.status == 401 else {}
    return Response(refusal.body(), status_code=refusal.status, headers=headers)
