"""For machines: is it up, is it ready, what are its figures."""

import hmac
import math
from typing import Any, Protocol

from litestar import Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from server import paths
from server.actions.unit import Services
from server.domain.access import administers
from server.domain.errors import Forbidden
from server.store import inboxes, journal, migrate
from server.store.pool import AWAY
from server.telemetry import WAITING_ROWS, WAITING_SECONDS
from server.web.auth import signed_in
from server.web.parameters import Ours
from server.web.security import NO_BROWSER, is_local

_MACHINES = {"exclude_from_auth": True, NO_BROWSER: True}


class Live(Protocol):
    """The hub, as far as readiness asks."""

    @property
    def live(self) -> bool: ...


@get("/healthz", opt=_MACHINES)
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@get("/readyz", opt=_MACHINES)
async def readyz(request: Request[Any, Any, Any], services: Ours) -> Response[dict[str, str]]:
    """Whether traffic may come: 503 while the database is away or older than the program.

    A relay that is away is told and costs a second of delay, nothing more.
    """
    hub: Live = request.app.state.hub
    found = {"database": await _database(services), "relay": "ok" if hub.live else "away"}
    if found["database"] == "ok":
        # Traffic may come all the same: what comes in is kept, and what waits leaves once the inbox is connected again.
        found["sending"] = await _sending(services)
    ready = found["database"] == "ok"
    return Response(
        {"status": "ready" if ready else "not ready", **found}, status_code=200 if ready else 503,
        headers={} if ready else {"Retry-After": "2"},
    )  # fmt: skip


@get("/metrics", opt=_MACHINES, include_in_schema=False)
async def metrics(request: Request[Any, Any, Any], services: Ours) -> Response[bytes]:
    """Prometheus figures: for this machine itself, who brings the METRICS_TOKEN, and administrators."""
    if not is_local(request.scope) and not _brings_token(request):
        who = await signed_in(request)
        if who is None or not administers(who.viewer):
            raise Forbidden("Figures are read on the machine itself, with the METRICS_TOKEN, or by an administrator.")
    await _measure_journal(services)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _brings_token(request: Request[Any, Any, Any]) -> bool:
    expected: str | None = request.app.state.metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if expected is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode("latin-1"), expected.encode())


async def _measure_journal(services: Services) -> None:
    try:
        async with services.pool.acquire(timeout=2) as connection:
            lag = await journal.lag(connection)
    except AWAY:
        # Unknown; the other figures are wanted now more than ever.
        WAITING_ROWS.set(math.nan)
        WAITING_SECONDS.set(math.nan)
    else:
        WAITING_ROWS.set(lag.rows)
        WAITING_SECONDS.set(lag.seconds)


async def _sending(services: Services) -> str:
    """How many inboxes are paused: which ones is for those who sign in."""
    try:
        async with services.pool.acquire(timeout=2) as connection:
            paused = len(await inboxes.paused(connection))
    except AWAY:
        return "away"
    return f"paused for {paused} inbox{'es' if paused > 1 else ''}" if paused else "ok"


async def _database(services: Services) -> str:
    try:
        async with services.pool.acquire(timeout=2) as connection:
            missing = await migrate.pending(connection, paths.MIGRATIONS)
    except AWAY:
        return "away"
    return "migrations missing" if missing else "ok"
