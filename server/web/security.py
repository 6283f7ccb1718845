"""What every answer and every request from a browser must satisfy: our own address, no foreign content, no framing."""

import ipaddress
import secrets
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.handlers.asgi_handlers import ASGIRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from server.domain.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# On a route: not for browsers (webhooks, health, sockets): no check of Host, Origin or CSRF token.
NO_BROWSER = "exclude_from_csrf"
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDED = (b"forwarded", b"x-forwarded-", b"x-real-ip", b"via")


class Site:
    """The address people use. Beside it only loopback is answered: anything else could be a rebound name."""

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        self.secure = parts.scheme == "https"
        # As browsers write it: lower case, without the scheme's own port.
        self.host = parts.netloc.lower().removesuffix(":443" if self.secure else ":80")
        self.origin = f"{parts.scheme}://{self.host}"

    def admits_host(self, host: str) -> bool:
        return host.lower() == self.host or _is_loopback(host)

    def admits_origin(self, origin: str, host: str) -> bool:
        """Exactly our own page: PUBLIC_URL, or on this machine the very address it was called by."""
        return origin == self.origin or (_is_loopback(host) and origin == f"http://{host.lower()}")

    def admits(self, headers: dict[bytes, bytes]) -> bool:
        """For a socket's handshake."""
        host = headers.get(b"host", b"").decode("latin-1")
        return self.admits_host(host) and self.admits_origin(headers.get(b"origin", b"").decode("latin-1"), host)


def admits(public_url: str) -> Callable[[dict[bytes, bytes]], bool]:
    """What the hub asks about a handshake's headers."""
    return Site(public_url).admits


def _is_raw_door(scope: Scope) -> bool:
    """Meta's webhooks and the socket: not for pages, and each with a check of its own."""
    return isinstance(scope.get("route_handler"), ASGIRouteHandler)


class BrowserGuard(ASGIMiddleware):
    """Refuses foreign hosts, and unsafe methods whose Origin is not exactly ours. The CSRF token: see `web.auth`.

    Pages find the nonce of their inline blocks in `request.state.csp_nonce`.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = NO_BROWSER
    should_bypass_for_scope = staticmethod(_is_raw_door)

    def __init__(self, site: Site) -> None:
        self._site = site

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not self._site.admits_host(host):
            raise Forbidden("This server is not known under this address. Set PUBLIC_URL to the address people use.")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if cast(HTTPScope, scope)["method"] not in SAFE_METHODS and not self._site.admits_origin(origin, host):
            raise Forbidden("This request does not come from our own page.")
        nonce(scope)
        await next_app(scope, receive, send)


def nonce(scope: Scope) -> str:
    """The nonce of this answer's few inline blocks; made once."""
    state = scope.setdefault("state", {})
    if "csp_nonce" not in state:
        state["csp_nonce"] = secrets.token_urlsafe(18)
    return str(state["csp_nonce"])


class SecureHeaders:
    """A `before_send` hook: also for answers that no route gave."""

    def __init__(self, site: Site) -> None:
        self._secure = site.secure

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start" or _is_raw_door(scope):
            return
        headers = MutableScopeHeaders.from_message(message)
        # A file's own is stricter.
        headers.setdefault("Content-Security-Policy", policy(nonce(scope)))
        headers["X-Content-Type-Options"] = "nosniff"
        # Not 'no-referrer': browsers would then send "Origin: null" with our own forms.
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
        headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if scope["path"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")


def client_address(scope: Scope) -> str:
    """The browser's address; the server has already resolved trusted proxies (TRUSTED_PROXIES)."""
    client = scope.get("client")
    return client[0] if client else ""


def is_local(scope: Scope) -> bool:
    """Called on this machine itself and by its own name, not through a proxy that runs on it."""
    headers = dict(scope["headers"])
    if any(name.startswith(_FORWARDED) for name in headers):
        return False
    if not _is_loopback(headers.get(b"host", b"").decode("latin-1")):
        return False
    try:
        return ipaddress.ip_address(client_address(scope)).is_loopback
    except ValueError:
        return False


def policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _is_loopback(host: str) -> bool:
    name, _, port = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
    return (name or port) in _LOOPBACK_NAMES
