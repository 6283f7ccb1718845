"""What phones still hold after a restart: people and threads, in one file written now and then and at the end."""

import asyncio
from collections import deque
from pathlib import Path

import msgspec

from server.simulator.customers import Customer
from server.simulator.threads import KEPT_LINES, Comment, Line
from server.simulator.world import World

EVERY_SECONDS = 5.0
KEPT_THREADS = 500


class KeptThread(msgspec.Struct, kw_only=True):
    customer: str
    inbox: str
    lines: list[Line]
    last_inbound_at: float | None = None
    never_wrote: bool = False
    comments: dict[str, Comment] = {}
    free_entry_until: float | None = None
    came_by_ad: bool = False
    blocked: bool = False
    stopped: bool = False


class Kept(msgspec.Struct):
    customers: list[Customer] = []
    threads: list[KeptThread] = []


class Memory:
    def __init__(self, world: World, path: Path | None) -> None:
        self._world = world
        self._path = path
        self._written = -1

    def recall(self) -> None:
        """Puts back what an earlier run kept; an unreadable file is as good as none."""
        if self._path is None or not self._path.exists():
            return
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return
        for customer in kept.customers:
            self._world.customers.add(customer)
        for each in kept.threads:
            person, inbox = self._world.customers.get(each.customer), self._world.inboxes.get(each.inbox)
            if person is None or inbox is None:
                continue
            thread = self._world.thread(person, inbox)
            for line in each.lines:
                self._world.add_line(thread, line)
            thread.last_inbound_at, thread.never_wrote = each.last_inbound_at, each.never_wrote
            thread.comments = each.comments
            thread.free_entry_until = each.free_entry_until
            thread.came_by_ad, thread.blocked, thread.stopped = each.came_by_ad, each.blocked, each.stopped

    async def keep(self) -> None:
        """Writes every few seconds what has changed; never ends."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            self.write()

    def write(self) -> None:
        changes = sum(thread.changes for thread in self._world.threads())
        if self._path is None or changes == self._written:
            return
        recent = deque((each for each in self._world.threads() if each.lines), maxlen=KEPT_THREADS)
        threads = [
            KeptThread(
                customer=thread.customer.id,
                inbox=thread.inbox.id,
                lines=list(thread.lines)[-KEPT_LINES // 4 :],
                last_inbound_at=thread.last_inbound_at,
                never_wrote=thread.never_wrote,
                comments=thread.comments,
                free_entry_until=thread.free_entry_until,
                came_by_ad=thread.came_by_ad,
                blocked=thread.blocked,
                stopped=thread.stopped,
            )
            for thread in recent
        ]
        made = [person for person in self._world.customers.all() if not person.scripted]
        guests = [thread.customer for thread in recent if thread.customer.scripted]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        # What people wrote is nobody else's to read on this machine.
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(Kept(customers=[*made, *guests], threads=threads)))
        draft.replace(self._path)
        self._written = changes
