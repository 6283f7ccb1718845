"""The simulator as an ASGI application, for its own loopback port only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig

from server.simulator.assets import ASSETS
from server.simulator.config import SimulatorConfig
from server.simulator.control import bad_request, control_routes
from server.simulator.graph.file_routes import file_routes
from server.simulator.graph.media_routes import media_routes
from server.simulator.graph.node_routes import node_routes
from server.simulator.graph.refusals import Refusal
from server.simulator.graph.routes import graph_routes, refuse
from server.simulator.graph.template_routes import template_routes
from server.simulator.pages.routes import page_routes
from server.simulator.simulator import Simulator
from server.simulator.steering import steering_routes

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_simulator(config: SimulatorConfig) -> Litestar:
    """The application; `app.state.simulator` is the running `Simulator`."""
    simulator = Simulator(config)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with simulator:
            yield

    app = Litestar(
        [
            *page_routes(simulator),
            *control_routes(simulator.acts),
            *steering_routes(simulator.world, simulator.accounts),
            *file_routes(simulator.world, simulator.graph.tokens),
            *graph_routes(simulator.graph),
            *node_routes(simulator.graph),
            *media_routes(simulator.graph),
            *template_routes(simulator.graph, simulator.reviews),
            create_static_files_router("/assets", [ASSETS / "css", ASSETS / "js"], name="assets"),
        ],
        lifespan=[lifespan],
        before_request=refuse_strange_callers,
        after_request=harden,
        exception_handlers={
            Refusal: refuse,
            msgspec.DecodeError: bad_request,
            ValueError: bad_request,
            HTTPException: _plain_error,
        },
        template_config=TemplateConfig(directory=ASSETS / "templates", engine=JinjaTemplateEngine),
        openapi_config=None,
        logging_config=None,
        # A document may have 100 MB.
        request_max_body_size=110_000_000,
    )
    app.state.simulator = simulator
    return app


async def refuse_strange_callers(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Another web page must not reach a simulator on the visitor's machine, by name tricks or by forms."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    origin = request.headers.get("origin")
    strange = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if host not in LOOPBACK or (strange and request.method != "GET"):
        return Response({"error": "This simulator answers its own machine only."}, status_code=403)
    return None


async def harden(response: Response[Any]) -> Response[Any]:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _plain_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    return Response({"error": error.detail}, status_code=error.status_code)
