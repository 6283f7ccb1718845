"""What happens to a message the business sent: sent, delivered, read – and how each channel reports it."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from server.simulator.threads import Line, Thread
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item
from server.simulator.world import World

FREE_MESSAGES = 1000
FREE_ENTRY_SECONDS = 72 * 3600

Errors = list[dict[str, Any]]


class Receipts:
    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()
        self._delivered: dict[str, int] = {}

    def follow(self, thread: Thread, line: Line, *, app_id: str, metadata: str | None) -> None:
        """The accepted message travels to the phone by itself from here."""
        if thread.inbox.channel != "whatsapp":
            told = app_id if thread.inbox.channel == "messenger" else None
            content = messaging.echo(thread.customer, thread.inbox, line, app_id=told, metadata=metadata)
            self._put(thread, f"{line.id}:echo", "echo", content)
        self._run(self._travel(thread, line))

    def fail(self, thread: Thread, line: Line, errors: Errors) -> None:
        """WhatsApp accepted it and says later that it will never arrive."""
        self._run(self._bounce(thread, line, errors))

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
        customer, inbox = thread.customer, thread.inbox
        if inbox.channel == "messenger":
            content = messaging.read_watermark(customer, inbox, now, now)
            self._put(thread, f"read:{customer.id}:{messaging.milliseconds(now)}", "read", content)
        elif inbox.channel == "instagram":
            last = unread[-1].id
            self._put(thread, f"{last}:read", "read", messaging.read_message(customer, inbox, now, last))

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
        self, thread: Thread, line: Line, name: str, at: float, *, first: bool = False, errors: Errors | None = None
    ) -> None:
        priced = name in ("sent", "delivered")
        content = whatsapp.status(
            thread.customer,
            thread.inbox,
            line,
            name,
            at,
            hides_phone=self._world.hides_phone(thread.customer),
            pricing=self._pricing(thread, line, count=name == "delivered") if priced else None,
            conversation=self._conversation(thread, line, with_end=first) if priced else None,
            errors=errors,
        )
        self._put(thread, f"{line.id}:{name}", "status", content)

    def _pricing(self, thread: Thread, line: Line, *, count: bool) -> dict[str, Any]:
        """Service messages cost since October 2026, but for the first thousand of a number."""
        if self._in_free_entry(thread):
            kind, category = "free_entry_point", "referral_conversion"
        else:
            category = "utility" if line.kind == "template" else "service"
            free = self._delivered.get(thread.inbox.id, 0) < FREE_MESSAGES and category == "service"
            kind = "free_customer_service" if free else "regular"
        if count:
            self._delivered[thread.inbox.id] = self._delivered.get(thread.inbox.id, 0) + 1
        return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}

    def _conversation(self, thread: Thread, line: Line, *, with_end: bool) -> dict[str, Any] | None:
        if not self._in_free_entry(thread) or thread.free_entry_until is None:
            return None
        known: dict[str, Any] = {"id": f"free-{thread.customer.id}", "origin": {"type": "referral_conversion"}}
        return known | {"expiration_timestamp": str(int(thread.free_entry_until))} if with_end else known

    def _in_free_entry(self, thread: Thread) -> bool:
        """72 hours that begin when the business first answers somebody who came by an ad."""
        if thread.came_by_ad and thread.free_entry_until is None:
            thread.free_entry_until = time.time() + FREE_ENTRY_SECONDS
        return thread.free_entry_until is not None and time.time() < thread.free_entry_until

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
