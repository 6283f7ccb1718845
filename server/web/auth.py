"""Who is asking: the session cookie, and for what changes something the session's CSRF token."""

import hmac
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from server.actions.sessions import COOKIE, Authenticated, Browser, authenticate
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import Forbidden, Unauthenticated
from server.web.security import SAFE_METHODS, client_address

CSRF_HEADER = "x-csrf-token"
# On a route whose form carries the token as a field; its handler calls `check_csrf`.
CSRF_IN_FORM = "csrf_in_form"

AnyConnection = ASGIConnection[Any, Any, Any, Any]
SignedIn = Request[Viewer, Authenticated, Any]


class SessionAuthentication(AbstractAuthenticationMiddleware):
    """Every route needs a session but those marked `exclude_from_auth`. Sockets bring theirs to the hub."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, scopes={ScopeType.HTTP})

    async def authenticate_request(self, connection: AnyConnection) -> AuthenticationResult:
        who = await signed_in(connection)
        if who is None:
            raise Unauthenticated("Sign in first.")
        method = connection.scope.get("method", "GET")
        if method not in SAFE_METHODS and not connection.route_handler.opt.get(CSRF_IN_FORM):
            check_csrf(who, connection.headers.get(CSRF_HEADER, ""))
        return AuthenticationResult(user=who.viewer, auth=who)


async def signed_in(connection: AnyConnection) -> Authenticated | None:
    """The session behind the cookie, for routes that work with and without one."""
    services: Services = connection.app.state.services
    token = connection.cookies.get(COOKIE)
    return await authenticate(services.pool, token) if token else None


def check_csrf(who: Authenticated, token: str) -> None:
    if not hmac.compare_digest(token.encode(), who.csrf_token.encode()):
        raise Forbidden("This page is out of date. Load it again.")


def browser(request: Request[Any, Any, Any]) -> Browser:
    return Browser(client_address(request.scope), request.headers.get("user-agent", ""), request.cookies.get(COOKIE))


def cookie(token: str, *, secure: bool) -> Cookie:
    """A session cookie in both senses: gone with the browser, and at the latest when the session ends."""
    return Cookie(key=COOKIE, value=token, httponly=True, samesite="lax", secure=secure, path="/")


def no_cookie(*, secure: bool) -> Cookie:
    return Cookie(key=COOKIE, value="", httponly=True, samesite="lax", secure=secure, path="/", max_age=0)
