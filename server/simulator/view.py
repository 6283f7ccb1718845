"""A thread as JSON: for the phone page and for who reads it by the control API."""

import time
from typing import Any

import msgspec

from server.simulator.threads import Thread


def thread_view(thread: Thread, *, window_open: bool) -> dict[str, Any]:
    return {
        "customer": thread.customer.id,
        "inbox": thread.inbox.id,
        "lines": msgspec.to_builtins(list(thread.lines)),
        "typing": max(0.0, round(thread.typing_until - time.time(), 1)),
        "window_open": window_open,
        "blocked": thread.blocked,
    }
