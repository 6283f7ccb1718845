"""Meta's door: the handshake, and deliveries that are acknowledged only once their raw bytes are committed.

An `@asgi` route: Litestar's ordinary dispatch would cost more than the whole rest of the work (benchmarks/README.md).
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Self
from urllib.parse import parse_qs

import msgspec
import structlog
from litestar import asgi
from litestar.handlers.asgi_handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from server.actions.journal import Journal
from server.channels import signature
from server.domain.errors import Unavailable
from server.telemetry import WEBHOOKS

BODY_LIMIT = 4 * 1024 * 1024
BODY_SECONDS = 10.0
# What bodies still on their way may hold in memory together.
PARTIAL_BYTES = 64 * 1024 * 1024

_log = structlog.get_logger()
_STORED = WEBHOOKS.labels("stored")


class WebhookKeys(msgspec.Struct, frozen=True):
    """The values behind the organisation's references: secrets and verify tokens of each app."""

    secrets: Mapping[str, Sequence[str]]
    verify_tokens: Mapping[str, Sequence[str]]


class _TooLarge(Exception):
    pass


class _Gone(Exception):
    pass


class _Crowded(Exception):
    pass


class _Partial:
    """Counts what unfinished bodies hold in memory, all requests together: nobody has signed for them yet.

    A delivery that came in one piece, as Meta's do, is never refused for others' sake.
    """

    held = 0

    def __init__(self) -> None:
        self._mine = 0

    def take(self, size: int) -> None:
        if _Partial.held + size > PARTIAL_BYTES:
            raise _Crowded
        _Partial.held += size
        self._mine += size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _Partial.held -= self._mine


def webhook_route(journal: Journal, keys: Callable[[], WebhookKeys]) -> ASGIRouteHandler:
    @asgi("/webhooks/meta", opt={"exclude_from_auth": True}, copy_scope=False)
    async def meta(scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if method == "POST":
            await _deliver(scope, receive, send, journal, keys())
        elif method == "GET":
            await _answer(send, *_handshake(scope["query_string"], keys()))
        elif method is None:
            await send({"type": "websocket.close", "code": 1008, "reason": None})
        else:
            await _answer(send, 405, b"", [(b"allow", b"GET, POST")])

    return meta


def _handshake(query: bytes, keys: WebhookKeys) -> tuple[int, bytes]:
    try:
        fields = parse_qs(query.decode("ascii", "replace"), max_num_fields=20)
    except ValueError:
        return 403, b""
    given = fields.get("hub.verify_token", [""])[0].encode()
    tokens = (token.encode() for known in keys.verify_tokens.values() for token in known)
    # Every token is compared, so that the time says nothing about which one was close.
    matches = [hmac.compare_digest(given, token) for token in tokens]
    if fields.get("hub.mode") != ["subscribe"] or not any(matches):
        return 403, b""
    return 200, fields.get("hub.challenge", [""])[0].encode()


async def _deliver(scope: Scope, receive: Receive, send: Send, journal: Journal, keys: WebhookKeys) -> None:
    headers = dict(scope["headers"])
    try:
        with _Partial() as partial:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(headers, receive, partial)
    except _Crowded:
        await _refuse(send, 503, "too_many_unfinished", [(b"retry-after", b"5")])
    except _TooLarge:
        await _refuse(send, 413, "too_large")
    except TimeoutError:
        await _refuse(send, 408, "too_slow")
    except _Gone:
        return
    else:
        await _keep(send, headers, body, journal, keys)


async def _keep(send: Send, headers: dict[bytes, bytes], body: bytes, journal: Journal, keys: WebhookKeys) -> None:
    signed = headers.get(b"x-hub-signature-256")
    app_id = signature.verify(body, signed.decode("latin-1") if signed else None, keys.secrets)
    if app_id is None:
        await _refuse(send, 403, "bad_signature")
        return
    try:
        await journal.append(app_id, {"content_type": headers.get(b"content-type", b"").decode("latin-1")}, body)
    except Unavailable as error:
        _log.error("webhook_not_stored", cause=type(error.__cause__).__name__)
        WEBHOOKS.labels("unavailable").inc()
        await _answer(send, 503, b"", [(b"retry-after", str(error.extra["retry_after_seconds"]).encode())])
    else:
        _STORED.inc()
        # Shorter than `_answer`: this is the hottest line of the product.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _read(headers: dict[bytes, bytes], receive: Receive, partial: "_Partial") -> bytes:
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > BODY_LIMIT:
        raise _TooLarge
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_LIMIT:
            raise _TooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)
        partial.take(len(part))


async def _refuse(send: Send, status: int, reason: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    # The body is never logged: it is not known to be Meta's.
    WEBHOOKS.labels(reason).inc()
    _log.warning("webhook_refused", reason=reason)
    # What is left unread must not be taken for the next request.
    await _answer(send, status, b"", [(b"connection", b"close"), *headers])


async def _answer(send: Send, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    fixed = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, length, *headers]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
