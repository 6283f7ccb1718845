"""Where files are fetched from: WhatsApp's with a token, the others' by their address, the phone page's freely."""

from typing import Any
from urllib.parse import unquote

from litestar import Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from server.simulator.files import samples, serving
from server.simulator.files.store import File
from server.simulator.graph import refusals
from server.simulator.graph.calls import proof_of, token_of
from server.simulator.graph.tokens import Tokens
from server.simulator.world import World

AnyRequest = Request[Any, Any, Any]
LARGEST = 30_000_000


def file_routes(world: World, tokens: Tokens) -> list[HTTPRouteHandler]:
    def serve(request: AnyRequest, file: File) -> Response[Any]:
        fault = file.fault or world.switches.media_fault
        world.log.write("media_fetched", file=file.id, inbox=file.inbox, fault=fault)
        return serving.served(request, file, fault, world.switches.media_slow_seconds)

    @get("/whatsapp_business/attachments")
    async def business_file(request: AnyRequest) -> Response[Any]:
        query = request.query_params
        file = world.files.opened(query.get("mid", ""), query.get("ext", ""), query.get("hash", ""))
        if file is None or world.switches.media_fault == "expired":
            raise HTTPException(status_code=404, detail="URL signature expired")
        if "unauthorised" in (file.fault, world.switches.media_fault):
            raise refusals.token_expired()
        tokens.check(world.inboxes[file.inbox], token_of(request, header_only=True), proof_of(request))
        return serve(request, file)

    @get("/cdn/{file:str}/{name:str}")
    async def public_file(request: AnyRequest) -> Response[Any]:
        query, path = request.query_params, request.path_params
        ends = query.get("oe", "")
        seconds = str(int(ends, 16)) if ends and all(digit in "0123456789abcdef" for digit in ends) else ""
        file = world.files.opened(str(path["file"]), seconds, query.get("oh", ""))
        if file is None or world.files.get(file.id) is None or world.switches.media_fault in ("expired", "missing"):
            raise HTTPException(status_code=403, detail="URL signature expired")
        if "unauthorised" in (file.fault, world.switches.media_fault):
            raise HTTPException(status_code=401, detail="URL signature mismatch")
        return serve(request, file)

    @get("/files/{file:str}")
    async def own_file(request: AnyRequest) -> Response[Any]:
        file = world.files.shown(str(request.path_params["file"]))
        if file is None:
            raise HTTPException(status_code=404, detail="There is no such file, or it is gone.")
        return serving.shown(file.data, file.mime_type, file.name)

    @get("/samples/{name:str}")
    async def sample(request: AnyRequest) -> Response[Any]:
        name = str(request.path_params["name"])
        if name not in samples.TYPES:
            raise HTTPException(status_code=404, detail=f"There is no sample '{name}'.")
        return serving.shown(samples.data(name), samples.TYPES[name], name)

    @post("/control/customers/{customer:str}/files", status_code=200)
    async def upload(request: AnyRequest) -> dict[str, Any]:
        """Raw bytes; what they are is said by Content-Type, their name by `?name=`."""
        data = await request.body()
        if not data or len(data) > LARGEST:
            raise HTTPException(status_code=400, detail="file: between 1 byte and 30 MB.")
        kind = request.headers.get("content-type", "application/octet-stream")
        name = unquote(request.query_params.get("name", ""))[:200]
        file = world.files.keep(data, kind, name=name)
        return {"id": file.id, "mime_type": file.mime_type, "name": file.name, "size": len(data)}

    return [business_file, public_file, own_file, sample, upload]
