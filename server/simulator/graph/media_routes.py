"""Uploading files and taking them away."""

from typing import Any

from litestar import Request, Response, delete, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.graph import recipients, refusals, uploads
from server.simulator.graph.calls import Upload, body_of, check_version, node_of, proof_of, token_of
from server.simulator.graph.routes import Graph, ordered

AnyRequest = Request[Any, Any, Any]


def media_routes(graph: Graph) -> list[HTTPRouteHandler]:
    world = graph.world

    @post("/{version:str}/{node:str}/media", status_code=200)
    async def upload(request: AnyRequest) -> Response[Any]:
        check_version(request)
        node, body = node_of(request), await body_of(request)
        inbox = recipients.number(world, node)
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        if (stopped := await ordered(world, request, "upload", node)) is not None:
            return stopped
        if body.get("messaging_product") != "whatsapp":
            raise refusals.invalid("The parameter messaging_product is required.")
        file = body.get("file")
        if not isinstance(file, Upload):
            raise refusals.invalid("The parameter file is required.")
        kept = uploads.take_whatsapp(world, inbox, file, str(body.get("type") or ""))
        world.log.write("media_uploaded", file=kept.id, inbox=inbox.id, mime_type=kept.mime_type, size=len(kept.data))
        return Response({"id": kept.id})

    @post("/{version:str}/{node:str}/message_attachments", status_code=200)
    async def attach(request: AnyRequest) -> Response[Any]:
        check_version(request)
        node, body = node_of(request), await body_of(request)
        inbox = recipients.inbox_of(world, node, body)
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        if (stopped := await ordered(world, request, "upload", node)) is not None:
            return stopped
        attachment = (body.get("message") or {}).get("attachment")
        if not isinstance(attachment, dict):
            raise refusals.invalid_message("Param message[attachment] must have a type and a payload")
        kind, payload = str(attachment.get("type")), attachment.get("payload") or {}
        found = body.get("filedata")
        if not isinstance(found, Upload):
            fetched = (await uploads.fetch_links(world, payload)).get(str(payload.get("url") or ""))
            if fetched is None or fetched.file is None:
                raise refusals.of_code(100, channel=inbox.channel, subcode=2018008)
            found = Upload(fetched.file.data, fetched.file.mime_type, fetched.file.name)
        kept = uploads.take_messaging(world, inbox, found, kind)
        world.log.write("media_uploaded", file=kept.id, inbox=inbox.id, mime_type=kept.mime_type, size=len(kept.data))
        return Response({"attachment_id": kept.id})

    @delete("/{version:str}/{node:str}", status_code=200)
    async def remove(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        node = node_of(request)
        file = world.files.get(node)
        if file is None or file.inbox not in world.inboxes:
            raise refusals.no_such_node(node)
        graph.tokens.check(world.inboxes[file.inbox], token_of(request), proof_of(request))
        return {"success": world.files.remove(node)}

    return [upload, attach, remove]
