"""What happens to a message the business sent: sent, delivered, read – and how each channel reports it."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from server.simulator.codes import error_of
from server.simulator.pricing import Prices
from server.simulator.threads import Line, Thread
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item
from server.simulator.world import World

Errors = list[dict[str, Any]]


class Receipts:
    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()
        self._prices = Prices()

    def follow(
        self,
        thread: Thread,
        line: Line,
        *,
        app_id: str,
        metadata: str | None,
        attachments: list[dict[str, Any]] | None = None,
    ) -> None:
        """The accepted message travels to the phone by itself from here."""
        if thread.inbox.channel != "whatsapp":
            told = app_id if thread.inbox.channel == "messenger" else None
            content = messaging.echo(
                thread.customer, thread.inbox, line, app_id=told, metadata=metadata, attachments=attachments
            )
            self._put(thread, f"{line.id}:echo", "echo", content)
        self._run(self._travel(thread, line))

    def fail(self, thread: Thread, line: Line, errors: Errors) -> None:
        """WhatsApp accepted it and says later that it will never arrive."""
        self._run(self._bounce(thread, line, errors))

    def tell(self, thread: Thread, line: Line, name: str, *, code: int, pricing: dict[str, Any] | None) -> None:
        """A status on request, true or not; the other channels tell what they have of it."""
        now = time.time()
        channel = thread.inbox.channel
        if channel == "whatsapp":
            errors = [error_of(code)] if name == "failed" else None
            self._status(thread, line, name, now, errors=errors, pricing=pricing)
        elif name == "delivered" and channel == "messenger":
            content = messaging.delivery(thread.customer, thread.inbox, now, [line.id], now)
            self._put(thread, f"{line.id}:delivery", "delivery", content)
        elif name == "read":
            self._read_elsewhere(thread, line, now)
        if name != "failed":
            self._world.set_status(thread, line, "read" if name == "played" else name)

    def play(self, thread: Thread, line: Line) -> None:
        """The first play of a voice message is told by WhatsApp, once."""
        if line.played:
            return
        line.played = True
        self._world.show(thread, line)
        if thread.inbox.channel == "whatsapp" and any(media.voice for media in line.media):
            self._status(thread, line, "played", time.time())

    def read(self, thread: Thread) -> None:
        """Everything that arrived on the phone is read now."""
        unread = [line for line in thread.from_business() if line.status == "delivered"]
        if not unread:
            return
        now = time.time()
        for line in unread:
            self._world.set_status(thread, line, "read")
            if thread.inbox.channel == "whatsapp":
                self._status(thread, line, "read", now)
        if thread.inbox.channel != "whatsapp":
            self._read_elsewhere(thread, unread[-1], now)

    def _read_elsewhere(self, thread: Thread, last: Line, now: float) -> None:
        customer, inbox = thread.customer, thread.inbox
        if inbox.channel == "messenger":
            content = messaging.read_watermark(customer, inbox, now, now)
            self._put(thread, f"read:{customer.id}:{messaging.milliseconds(now)}", "read", content)
        else:
            self._put(thread, f"{last.id}:read", "read", messaging.read_message(customer, inbox, now, last.id))

    @property
    def travelling(self) -> int:
        return len(self._tasks)

    async def arrived(self) -> None:
        """Everything under way now has come to its end."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _travel(self, thread: Thread, line: Line) -> None:
        await self._pause(0.05, 0.15)
        whatsapp_number = thread.inbox.channel == "whatsapp"
        if line.status == "accepted":
            self._world.set_status(thread, line, "sent")
        if whatsapp_number:
            self._status(thread, line, "sent", time.time(), first=True)
        await self._pause(0.15, 0.45)
        now = time.time()
        self._world.set_status(thread, line, "delivered")
        if whatsapp_number:
            self._status(thread, line, "delivered", now)
        elif thread.inbox.channel == "messenger":
            content = messaging.delivery(thread.customer, thread.inbox, now, [line.id], now)
            self._put(thread, f"{line.id}:delivery", "delivery", content)
        if thread.viewers:
            await self._pause(0.2, 0.6)
            if thread.viewers:
                self.read(thread)

    async def _bounce(self, thread: Thread, line: Line, errors: Errors) -> None:
        await self._pause(0.1, 0.3)
        self._status(thread, line, "failed", time.time(), errors=errors)

    def _status(
        self,
        thread: Thread,
        line: Line,
        name: str,
        at: float,
        *,
        first: bool = False,
        errors: Errors | None = None,
        pricing: dict[str, Any] | None = None,
    ) -> None:
        priced = name in ("sent", "delivered")
        if priced and pricing is None:
            pricing = self._prices.of(thread, line, count=name == "delivered")
        content = whatsapp.status(
            thread.customer,
            thread.inbox,
            line,
            name,
            at,
            hides_phone=self._world.hides_phone(thread.customer),
            pricing=pricing,
            conversation=self._prices.conversation(thread, with_end=first) if priced else None,
            errors=errors,
        )
        self._put(thread, f"{line.id}:{name}", "status", content)

    def _put(self, thread: Thread, key: str, kind: str, content: dict[str, Any]) -> None:
        if self._world.switches.silent_statuses:
            return
        now = time.time()
        item = Item(key=key, kind=kind, inbox=thread.inbox, customer=thread.customer.id, at=now, content=content)
        self._world.sender.put(item)

    async def _pause(self, least: float, most: float) -> None:
        await asyncio.sleep(self._world.dice.random.uniform(least, most) * self._world.config.pace)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
