"""How the product speaks about itself: log lines and counters. Neither ever carries message text, tokens or secrets."""

import io
import logging
import sys
from typing import TextIO, cast

import structlog
from prometheus_client import Counter, Gauge, Histogram
from structlog.types import EventDict, Processor, WrappedLogger

WEBHOOKS = Counter("majlis_webhooks", "Deliveries at the webhook door, by answer.", ["answer"])
APPLIED = Counter("majlis_items_applied", "Webhook items applied, by kind.", ["kind"])
QUARANTINED = Counter("majlis_items_quarantined", "Webhook items put aside, by reason.", ["reason"])
SENDS = Counter("majlis_sends", "Calls to the Graph API, by channel and outcome.", ["channel", "outcome"])
OFFERS = Counter("majlis_offers", "Offers that ended, by state.", ["state"])
BREACHES = Counter("majlis_sla_breaches", "SLA timers that ran out, by target.", ["target"])
ACCOUNT_EVENTS = Counter("majlis_account_events", "What was said or found about accounts, by severity.", ["severity"])
FOUND = Gauge("majlis_detected", "What detectors last found: messages, seconds or inboxes.", ["detector", "inbox"])
SOCKETS = Gauge("majlis_sockets", "Consoles connected to this process.")
WAITING_ROWS = Gauge("majlis_journal_waiting", "Deliveries stored and not yet applied.")
WAITING_SECONDS = Gauge("majlis_journal_waiting_seconds", "How long the oldest of them has waited.")
JOURNAL_SECONDS = Histogram(
    "majlis_journal_seconds",
    "From a delivery that is read and verified to its commit.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)

# Whatever somebody passes under these names is not for a log.
_PRIVATE = frozenset(
    {"text", "body", "payload", "message", "token", "secret", "password", "cookie", "authorization", "headers", "dsn"}
)


def set_up_logging(*, readable: bool | None = None, quiet: bool = False) -> None:
    """Colourful lines on a terminal, JSON elsewhere; `readable` overrides the choice. Quiet: warnings only."""
    if readable is None:
        readable = sys.stderr.isatty()
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_private,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(cast(TextIO, _Stderr())),
        cache_logger_on_first_use=True,
    )
    # Libraries: warnings only. Their own access logs would repeat addresses with one-time tokens in them.
    logging.basicConfig(stream=_Stderr(), level="WARNING", format="%(levelname)s %(name)s %(message)s", force=True)
    # A stranger's malformed packet would be a whole traceback in theirs, handlers of their own included.
    for name in ("uvicorn.access", "engineio", "engineio.server", "socketio", "socketio.server", "aiohttp.access"):
        logging.getLogger(name).disabled = True
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class _Stderr(io.TextIOBase):
    """Whatever stderr is at the moment of writing: a kept logger outlives a stream that was put in its place."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def keep_private(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Replaces values whose names say that they are not for a log."""
    for name in line.keys() & _PRIVATE:
        line[name] = "(private)"
    return line
