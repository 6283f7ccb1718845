"""The control API: JSON in, JSON out, for tests, checkers and the switches page.

GET  /control                          state: switches, rate, counts, inboxes
POST /control                          {switch: value, …} and/or {"rate": n}; names in `switches.Switches`
POST /control/drain                    {"timeout"?: s} → {"drained": bool, "outstanding": n}
POST /control/handshake                Meta's GET challenge to the callback → {"ok": bool, "status": n}
POST /control/raw                      {"body": any JSON, "app"?} sends it signed, as it is
POST /control/script                   {} sends one scripted customer in → {customer, inbox}
GET  /control/customers                everybody but scripted guests
POST /control/customers                {"name", "id"?, "language"?, "country"?, "phone"?, "username"?, "hides_phone"?};
                                       an id that exists is returned as it is
POST /control/customers/ID/say         {"inbox", "text", "reply_to"?} → Line
POST /control/customers/ID/send        {"inbox", "kind", …} anything a customer can tell, see `asked.Send` → Line
POST /control/customers/ID/press       {"inbox", "option": id or title, "line"?} → Line
POST /control/customers/ID/start       {"inbox", "entrance": "ad"|"link", "ref"?, "ad_id"?, "click_id"?}
POST /control/customers/ID/look        {"inbox", "open": bool} the thread is on the screen (messages are read) or not
POST /control/customers/ID/play        {"inbox", "line"} plays a voice message
POST /control/customers/ID/status      {"inbox", "status", "line"?, "code"?, "pricing"?} any status, true or not
POST /control/customers/ID/set         {"inbox", "blocked"?, "last_wrote_hours_ago"?, "profile"?, "preference"?,
                                       "holder"?} quietly: nothing is told
POST /control/customers/ID/business    {"inbox", "text", "kind"?, "file"?, "line"?} somebody of the business answers
                                       outside the console, edits or takes back
POST /control/customers/ID/files       raw bytes, ?name= → {"id", …} to send as `file`
GET  /control/customers/ID/thread      ?inbox=ID[&business=n&wait=s] → {customer, inbox, lines, typing, window_open};
                                       waits up to `wait` seconds until `business` messages of the business are there

GET  /control/kinds                    {channel: [kind, …]} of `send`
GET  /control/account-fields           {channel: {field: its default value}}
POST /control/inboxes/ID/account       {"field", "value"?} an account event; the nodes agree with it afterwards
GET  /control/errors                   the error scripts that are not over
POST /control/errors                   `orders.Order`: what goes wrong with the next calls → the order
DELETE /control/errors                 none from here on
GET  /control/stats                    calls, refusals and peaks by inbox; local ids accepted more than once

Errors: 400 or 404 {"error": text that names the field}.
"""

import asyncio
import time
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from server.simulator import asked
from server.simulator.acts import Acts
from server.simulator.threads import Thread
from server.simulator.view import thread_view

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")


class Drain(msgspec.Struct):
    timeout: float = 30.0


class Raw(msgspec.Struct):
    body: Any
    app: str = "default"


def control_routes(all_acts: Acts) -> list[HTTPRouteHandler]:
    @get("/control")
    async def state() -> dict[str, Any]:
        return all_acts.state()

    @post("/control", status_code=200)
    async def turn(request: AnyRequest) -> dict[str, Any]:
        all_acts.turn(await request.body())
        return all_acts.state()

    @post("/control/drain", status_code=200)
    async def drain(request: AnyRequest) -> dict[str, Any]:
        wanted = _decode(await request.body(), Drain)
        drained = await all_acts.world.sender.drained(wanted.timeout)
        return {"drained": drained, "outstanding": all_acts.world.sender.outstanding}

    @post("/control/handshake", status_code=200)
    async def handshake() -> dict[str, Any]:
        status, ok = await all_acts.world.sender.handshake()
        return {"ok": ok, "status": status}

    @post("/control/raw", status_code=200)
    async def raw(request: AnyRequest) -> dict[str, Any]:
        wanted = _decode(await request.body(), Raw)
        all_acts.world.sender.put_raw(wanted.body, wanted.app)
        return {"queued": True}

    @post("/control/script", status_code=200)
    async def script() -> dict[str, Any]:
        thread = all_acts.director.send_in()
        if thread is None:
            raise HTTPException(status_code=400, detail="No inbox belongs to a sector with scripts.")
        return {"customer": thread.customer.id, "inbox": thread.inbox.id}

    @get("/control/customers")
    async def customers() -> list[dict[str, Any]]:
        everybody = all_acts.world.customers.all()
        return [all_acts.described(customer) for customer in everybody if not customer.scripted]

    @post("/control/customers", status_code=200)
    async def create(request: AnyRequest) -> dict[str, Any]:
        return all_acts.described(all_acts.create(_decode(await request.body(), dict[str, Any])))

    @post("/control/customers/{customer:str}/{act:str}", status_code=200)
    async def perform(request: AnyRequest) -> Any:
        name = str(request.path_params["act"])
        if (wanted := asked.ACTS.get(name)) is None:
            raise HTTPException(status_code=404, detail=f"There is no act '{name}'.")
        act = _decode(await request.body(), wanted)
        return all_acts.perform(str(request.path_params["customer"]), act)

    @get("/control/customers/{customer:str}/thread")
    async def thread(request: AnyRequest) -> dict[str, Any]:
        query = request.query_params
        found = all_acts.thread(str(request.path_params["customer"]), str(query.get("inbox", "")))
        await _heard(found, int(query.get("business", 0)), float(query.get("wait", 0)))
        return thread_view(found, window_open=all_acts.world.window_open(found))

    return [state, turn, drain, handshake, raw, script, customers, create, perform, thread]


def bad_request(_: AnyRequest, error: Exception) -> Response[Any]:
    return Response({"error": str(error)}, status_code=400)


def _decode(body: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(body or b"{}", type=kind)


async def _heard(thread: Thread, business: int, wait: float) -> None:
    until = time.monotonic() + min(wait, 120.0)
    while len(thread.from_business()) < business and (left := until - time.monotonic()) > 0:
        thread.bell.clear()
        try:
            await asyncio.wait_for(thread.bell.wait(), left)
        except TimeoutError:
            return
