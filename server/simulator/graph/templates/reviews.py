"""Meta looks at templates: soon after they are written, and again when people complain."""

import asyncio
import time
from collections import deque
from typing import Any

from server.simulator.accounts.fields import put
from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.message_templates import Template, names
from server.simulator.world import World

REVIEW_SECONDS = 4.0
CALLS_PER_HOUR = 200
# Templates with this word in their name are not approved.
REFUSED = "reject"


class Reviews:
    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: dict[str, deque[float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, inbox: SimulatedInbox, template: Template) -> None:
        """The outcome comes by webhook, a little later."""
        template.status = "PENDING"
        task = asyncio.get_running_loop().create_task(self._review(inbox, template))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def move(self, inbox: SimulatedInbox, template: Template, status: str, *, reason: str = "NONE") -> None:
        template.status, template.rejected_reason = status, reason
        told: dict[str, Any] = {"event": status, "reason": reason} | names(template)
        put(self._world, inbox, _field(inbox), told)

    def count_call(self, account: str) -> None:
        """200 management calls an hour. Raises `Refusal`."""
        if not self._world.switches.management_limit:
            return
        now, calls = time.monotonic(), self._calls.setdefault(account, deque())
        while calls and now - calls[0] > 3600:
            calls.popleft()
        if len(calls) >= CALLS_PER_HOUR:
            raise refusals.of_code(80007)
        calls.append(now)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _review(self, inbox: SimulatedInbox, template: Template) -> None:
        await asyncio.sleep(REVIEW_SECONDS * self._world.config.pace)
        if REFUSED in template.name:
            self.move(inbox, template, "REJECTED", reason="INVALID_FORMAT")
        else:
            template.quality = "UNKNOWN"
            self.move(inbox, template, "APPROVED")


def _field(inbox: SimulatedInbox) -> str:
    return "message_template_status_update" if inbox.channel == "whatsapp" else "messenger_template_status_update"
