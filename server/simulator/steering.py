"""The control API's part about Meta itself: account events, error scripts, figures."""

from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.accounts import fields
from server.simulator.accounts.telling import Accounts
from server.simulator.kinds.catalogue import names
from server.simulator.orders import Order
from server.simulator.world import World

AnyRequest = Request[Any, Any, Any]


class AccountEvent(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    value: dict[str, Any] = {}


def steering_routes(world: World, accounts: Accounts) -> list[HTTPRouteHandler]:
    @get("/control/kinds")
    async def kinds() -> dict[str, list[str]]:
        return names()

    @get("/control/account-fields")
    async def account_fields() -> dict[str, Any]:
        return {channel: fields.defaults(channel) for channel in ("whatsapp", "messenger", "instagram")}

    @post("/control/inboxes/{inbox:str}/account", status_code=200)
    async def account(request: AnyRequest) -> dict[str, Any]:
        wanted = msgspec.json.decode(await request.body(), type=AccountEvent)
        told = accounts.tell(str(request.path_params["inbox"]), wanted.field, wanted.value)
        return {"field": wanted.field, "value": told}

    @get("/control/errors")
    async def errors() -> list[dict[str, Any]]:
        return [msgspec.to_builtins(order) for order in world.orders.all()]

    @post("/control/errors", status_code=200)
    async def order(request: AnyRequest) -> Any:
        return msgspec.to_builtins(world.orders.add(msgspec.json.decode(await request.body(), type=Order)))

    @delete("/control/errors", status_code=200)
    async def clear() -> list[dict[str, Any]]:
        world.orders.clear()
        return []

    @get("/control/stats")
    async def stats() -> dict[str, Any]:
        return world.tally.view()

    return [kinds, account_fields, account, errors, order, clear, stats]
