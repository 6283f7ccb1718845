"""The web application: routes, who may call them, and what every answer carries."""

from collections.abc import Sequence
from typing import Any, Protocol

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.types import ControllerRouterHandler

from server.actions.media_links import Links
from server.actions.sessions import Authenticated
from server.actions.unit import Services
from server.domain.access import Viewer
from server.web import errors
from server.web.auth import SessionAuthentication
from server.web.health import Live
from server.web.routes import route_handlers
from server.web.security import BrowserGuard, SecureHeaders, Site

AnyRequest = Request[Any, Any, Any]

_LARGEST_BODY = 256 * 1024
_ABOUT = """The console's API. A session cookie signs requests; what changes something also needs our exact `Origin`
and the header `X-CSRF-Token` (from `GET /api/me`). Commands carry a `command_id` of the client's making: a repeat gets
the first result. Failures are `application/problem+json` (RFC 9457). Live events come over Socket.IO at `/socket.io`
and, for who missed some, from `GET /api/events`."""


class Address(Protocol):
    """The settings, as far as the web asks."""

    @property
    def public_url(self) -> str: ...


def web_application(
    services: Services,
    settings: Address,
    hub: Live,
    handlers: Sequence[ControllerRouterHandler] = (),
    links: Links | None = None,
    metrics_token: str | None = None,
) -> Litestar:
    """Everything at PUBLIC_URL. `handlers` are the doors that are not for browsers: webhooks and the socket.

    `links` signs the addresses by which Meta fetches files; `metrics_token` opens the figures to other machines.
    """
    site = Site(settings.public_url)
    return Litestar(
        route_handlers=[*route_handlers(), *handlers],
        middleware=[BrowserGuard(site), DefineMiddleware(SessionAuthentication)],
        before_send=[SecureHeaders(site)],
        exception_handlers={Exception: errors.answer},
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "links": Provide(lambda: links, sync_to_thread=False),
            "site": Provide(lambda: site, sync_to_thread=False),
            "viewer": Provide(_viewer, sync_to_thread=False),
            "who": Provide(_who, sync_to_thread=False),
        },
        state=State({"services": services, "hub": hub, "metrics_token": metrics_token}),
        openapi_config=_openapi(),
        request_max_body_size=_LARGEST_BODY,
        # Litestar's own logging would print cookies and bodies.
        logging_config=None,
        debug=False,
    )


def _viewer(request: AnyRequest) -> Viewer:
    viewer: Viewer = request.user
    return viewer


def _who(request: AnyRequest) -> Authenticated:
    who: Authenticated = request.auth
    return who


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Majlis", version="1", description=_ABOUT, use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        openapi_router=Router("/schema", route_handlers=[], include_in_schema=False),
    )  # fmt: skip
