"""The template calls of a WhatsApp account or a Messenger page (facts §9)."""

import base64
import time
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.graph.calls import body_of, check_version, node_of, proof_of, token_of
from server.simulator.graph.routes import Graph, ordered
from server.simulator.graph.templates.reviews import Reviews
from server.simulator.graph.templates.writing import categories_of, check, written
from server.simulator.message_templates import DAY, Template

AnyRequest = Request[Any, Any, Any]
PAGE = 25
MOST = 250
WHATSAPP_ONLY = frozenset({"parameter_format", "quality_score", "rejected_reason"})
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")


def template_routes(graph: Graph, reviews: Reviews) -> list[HTTPRouteHandler]:
    world, store = graph.world, graph.world.templates

    async def account(
        request: AnyRequest, body: dict[str, Any] | None = None
    ) -> tuple[SimulatedInbox, Response[Any] | None]:
        check_version(request)
        node = node_of(request)
        inbox = next((each for each in world.inboxes.values() if each.entry_id == node), None)
        if inbox is None:
            raise refusals.no_such_node(node)
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        reviews.count_call(node)
        return inbox, await ordered(world, request, "templates", node)

    @get("/{version:str}/{node:str}/message_templates")
    async def several(request: AnyRequest) -> Response[Any]:
        inbox, stopped = await account(request)
        if stopped is not None:
            return stopped
        query = request.query_params
        wanted = [
            each
            for each in store.of(inbox.entry_id)
            if query.get("status") in (None, each.status) and query.get("name") in (None, each.name)
        ]
        _check_fields(inbox, query.get("fields"))
        limit = min(int(query.get("limit") or PAGE), 1000)
        first = _place(query.get("after"), len(wanted))
        page, fields = wanted[first : first + limit], query.get("fields")
        answer: dict[str, Any] = {"data": [_chosen(each, fields) for each in page]}
        last = first + len(page)
        if page:
            answer["paging"] = {"cursors": {"before": _cursor(first), "after": _cursor(last)}}
            if last < len(wanted):
                answer["paging"]["next"] = f"{request.url}"
        return Response(answer)

    @post("/{version:str}/{node:str}/message_templates", status_code=200)
    async def create(request: AnyRequest) -> Response[Any]:
        body = await body_of(request)
        inbox, stopped = await account(request, body)
        if stopped is not None:
            return stopped
        template = written(inbox, body)
        if store.find(inbox.entry_id, template.name, template.language) is not None:
            raise refusals.invalid(f"There is already {template.language} content for this template.")
        if store.locked(inbox.entry_id, template.name):
            raise refusals.invalid("A deleted template's name cannot be used for 30 days.")
        if len(store.of(inbox.entry_id)) >= MOST:
            raise refusals.of_code(2388019)
        reviews.begin(inbox, store.add(template))
        return Response({"id": template.id, "status": template.status, "category": template.category})

    @delete("/{version:str}/{node:str}/message_templates", status_code=200)
    async def remove(request: AnyRequest) -> Response[Any]:
        inbox, stopped = await account(request)
        if stopped is not None:
            return stopped
        name, number = request.query_params.get("name"), request.query_params.get("hsm_id")
        found = [each for each in store.of(inbox.entry_id) if each.name == name and number in (None, each.id)]
        if not name or not found:
            raise refusals.invalid("Param name: there is no such template.")
        for each in found:
            store.remove(each)
        return Response({"success": True})

    @post("/{version:str}/{node:str}", status_code=200)
    async def edit(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        body = await body_of(request)
        template, inbox = _known(request, body)
        if template.status not in EDITABLE:
            raise refusals.invalid(f"A template that is {template.status} cannot be edited.")
        now = time.time()
        recent = [at for at in template.edited_at if at > now - 30 * DAY]
        if template.status == "APPROVED" and (len(recent) >= 10 or any(at > now - DAY for at in recent)):
            raise refusals.invalid("An approved template may be edited once a day and ten times in 30 days.")
        category = str(body.get("category") or template.category).upper()
        if category not in categories_of(inbox) or (template.status == "APPROVED" and category != template.category):
            raise refusals.invalid("Param category cannot be changed.")
        components = body.get("components")
        if isinstance(components, list):
            check(components)
            template.components = components
        template.category, template.edited_at = category, [*recent, now]
        reviews.begin(inbox, template)
        return {"success": True}

    @post("/{version:str}/{node:str}/unpause", status_code=200)
    async def unpause(request: AnyRequest) -> dict[str, Any]:
        check_version(request)
        template, inbox = _known(request, await body_of(request))
        if template.status != "PAUSED":
            raise refusals.invalid("The template is not paused.")
        reviews.move(inbox, template, "APPROVED")
        return {"success": True}

    def _known(request: AnyRequest, body: dict[str, Any]) -> tuple[Template, SimulatedInbox]:
        template = store.get(node_of(request))
        if template is None:
            raise refusals.no_such_node(node_of(request))
        inbox = next(each for each in world.inboxes.values() if each.entry_id == template.account)
        graph.tokens.check(inbox, token_of(request, body), proof_of(request, body))
        return template, inbox

    return [several, create, remove, edit, unpause]


def _check_fields(inbox: SimulatedInbox, fields: str | None) -> None:
    """Raises `Refusal`: what a page's templates have is written down only in part."""
    asked = {name.strip() for name in (fields or "").split(",")}
    if inbox.channel != "whatsapp" and (unknown := sorted(asked & WHATSAPP_ONLY)):
        raise refusals.invalid_message(f"Tried accessing nonexisting field ({unknown[0]})")


def _chosen(template: Template, fields: str | None) -> dict[str, Any]:
    known = template.view()
    wanted = {name.strip() for name in fields.split(",")} if fields else set(known)
    return {name: value for name, value in known.items() if name in wanted or name == "id"}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"at:{place}".encode()).decode()


def _place(cursor: str | None, count: int) -> int:
    """Raises `Refusal` for a cursor that leads nowhere: the list has to be read again from its beginning."""
    if not cursor:
        return 0
    try:
        word, _, place = base64.urlsafe_b64decode(cursor).decode().partition(":")
        found = int(place)
    except ValueError:
        raise refusals.of_code(131059) from None
    if word != "at" or not 0 <= found <= count:
        raise refusals.of_code(131059)
    return found
