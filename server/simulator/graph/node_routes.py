"""Nodes that are read, and the small things that can be done to an account or a thread."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.graph import recipients, refusals
from server.simulator.graph.calls import body_of, check_version, node_of, proof_of, token_of
from server.simulator.graph.routes import Graph, ordered
from server.simulator.threads import Thread
from server.simulator.webhooks import messaging
from server.simulator.webhooks.items import Item

AnyRequest = Request[Any, Any, Any]
CONTROL = ("pass_thread_control", "take_thread_control", "release_thread_control", "request_thread_control")


def node_routes(graph: Graph) -> list[HTTPRouteHandler]:
    world = graph.world

    @get("/{version:str}/{node:str}")
    async def read(request: AnyRequest) -> Response[Any]:
        check_version(request)
        node, token, proof = node_of(request), token_of(request), proof_of(request)
        if (file := world.files.get(node)) is not None and file.inbox in world.inboxes:
            return await media_node(request, file.id)
        found = graph.nodes.person(node)
        call, customer = ("profile", found[1].id) if found is not None else ("node", None)
        owner = found[0].external_id if found is not None else node
        if (stopped := await ordered(world, request, call, owner, customer)) is not None:  # type: ignore[arg-type]
            return stopped
        if (template := world.templates.get(node)) is not None:
            return Response(template.view())
        return Response(graph.nodes.read(node, request.query_params.get("fields"), token, proof))

    async def media_node(request: AnyRequest, file_id: str) -> Response[Any]:
        file = world.files.get(file_id)
        assert file is not None  # noqa: S101
        inbox = world.inboxes[file.inbox]
        if (stopped := await ordered(world, request, "media", inbox.external_id)) is not None:
            return stopped
        graph.tokens.check(inbox, token_of(request), proof_of(request))
        number = request.query_params.get("phone_number_id")
        if (number is not None and number != inbox.external_id) or world.switches.media_fault == "missing":
            raise refusals.no_such_node(file_id)
        return Response(
            {
                "url": world.files.business_address(file, world.switches.media_url_seconds),
                "mime_type": file.mime_type,
                "sha256": file.sha256,
                "file_size": file.size,
                "id": file.id,
                "messaging_product": "whatsapp",
            }
        )

    @post("/{version:str}/{node:str}/register", status_code=200)
    async def register(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        body = await body_of(request)
        inbox = recipients.number(world, node_of(request))
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        if len(str(body.get("pin", ""))) != 6:
            raise refusals.of_code(133005)
        world.health.change(inbox.external_id, status="CONNECTED")
        return {"success": True}

    @get("/{version:str}/{node:str}/username")
    async def username(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        inbox = recipients.number(world, node_of(request))
        graph.tokens.check(inbox, token_of(request), proof_of(request))
        name = (world.health.node(inbox.external_id) or {}).get("username", "")
        return {"username": name, "status": "approved"} if name else {}

    @post("/{version:str}/{node:str}/username", status_code=200)
    async def set_username(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        body = await body_of(request)
        inbox = recipients.number(world, node_of(request))
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        name = str(body.get("username", ""))
        if not 3 <= len(name) <= 35 or not name.replace(".", "").replace("_", "").isalnum():
            raise refusals.of_code(147001)
        world.health.change(inbox.external_id, username=name)
        return {"success": True}

    @delete("/{version:str}/{node:str}/username", status_code=200)
    async def drop_username(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        inbox = recipients.number(world, node_of(request))
        graph.tokens.check(inbox, token_of(request), proof_of(request))
        world.health.change(inbox.external_id, username="")
        return {"success": True}

    def control_route(name: str) -> HTTPRouteHandler:
        @post(f"/{{version:str}}/{{node:str}}/{name}", status_code=200)
        async def control(request: AnyRequest) -> dict[str, Any]:
            check_version(request)
            body = await body_of(request)
            inbox = recipients.inbox_of(world, node_of(request), body)
            graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
            thread, _ = recipients.of_messaging(world, inbox, body)
            _control(thread, name)
            return {"success": True}

        return control

    def _control(thread: Thread, name: str) -> None:
        """Ours to give and take; a request is granted by whoever has it, at once."""
        ours_now = name in ("take_thread_control", "request_thread_control")
        before, thread.holder = thread.holder, "us" if ours_now else "page_inbox"
        if before == thread.holder:
            return
        ours = int(world.config.app(thread.inbox.app).meta_id)
        theirs = int(messaging.HOLDERS[before if before != "us" else "page_inbox"])
        told = {"previous_owner_app_id": theirs, "new_owner_app_id": ours}
        event = "pass_thread_control" if thread.holder == "us" else "take_thread_control"
        if thread.holder != "us":
            told = {"previous_owner_app_id": ours, "new_owner_app_id": theirs}
        now = world.now()
        item = messaging.any_item(thread.customer, thread.inbox, now, {event: told})
        key = f"{thread.customer.id}:{event}:{now}"
        world.sender.put(
            Item(key=key, kind="handover", inbox=thread.inbox, customer=thread.customer.id, at=now, content=item)
        )  # fmt: skip

    return [read, register, username, set_username, drop_username, *(control_route(name) for name in CONTROL)]
