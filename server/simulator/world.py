"""Everything the simulator knows, in memory: people, inboxes, threads, switches."""

import time
from typing import Any

import msgspec

from server.simulator.config import SimulatedInbox, SimulatorConfig
from server.simulator.customers import Customer, Register
from server.simulator.files.store import Files
from server.simulator.health import Health
from server.simulator.log import Log
from server.simulator.message_templates import Templates
from server.simulator.orders import Orders
from server.simulator.switches import Dice, Switches
from server.simulator.tally import Tally
from server.simulator.threads import Feed, Line, Thread
from server.simulator.webhooks.audience import Audience
from server.simulator.webhooks.sender import Sender

WINDOW_SECONDS = 24 * 3600


class World:
    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.switches = Switches()
        self.dice = Dice(config.seed)
        self.log = Log(config.log)
        self.inboxes = {inbox.id: inbox for inbox in config.inboxes}
        self.customers = Register(config.inboxes)
        self.files = Files()
        self.health = Health(config.inboxes)
        self.orders = Orders()
        self.tally = Tally()
        self.templates = Templates(config.inboxes)
        self.feed = Feed()
        self.audience = Audience(lambda: self.switches)
        self.sender = Sender(config, lambda: self.switches, self.audience, self.dice, self.log)
        self._threads: dict[tuple[str, str], Thread] = {}
        self._owners: dict[str, Thread] = {}

    @staticmethod
    def now() -> float:
        return time.time()

    def thread(self, customer: Customer, inbox: SimulatedInbox) -> Thread:
        key = (customer.id, inbox.id)
        if key not in self._threads:
            self._threads[key] = Thread(customer, inbox)
        return self._threads[key]

    def threads(self) -> list[Thread]:
        return list(self._threads.values())

    def thread_of(self, message_id: str) -> Thread | None:
        """Where a message of that id was written."""
        return self._owners.get(message_id)

    def forget(self, thread: Thread) -> None:
        """Drops a scripted thread that is over; its customer too, when nothing else is left of them."""
        self._threads.pop(thread.key, None)
        for line in thread.lines:
            self._owners.pop(line.id, None)
        if not any(other.customer is thread.customer for other in self._threads.values()):
            self.customers.remove(thread.customer)

    def add_line(self, thread: Thread, line: Line) -> Line:
        if len(thread.lines) == thread.lines.maxlen:
            self._owners.pop(thread.lines[0].id, None)
        thread.lines.append(line)
        self._owners[line.id] = thread
        if line.author == "business":
            thread.typing_until = 0.0
        self.show(thread, line)
        return line

    def set_status(self, thread: Thread, line: Line, status: str) -> None:
        line.status = status
        self.show(thread, line)

    def show(self, thread: Thread, line: Line) -> None:
        self.announce(thread, {"line": msgspec.to_builtins(line)})

    def announce(self, thread: Thread, change: dict[str, Any]) -> None:
        thread.changes += 1
        thread.bell.set()
        self.feed.publish(thread.key, {"customer": thread.customer.id, "inbox": thread.inbox.id, **change})

    def log_wrote(self, thread: Thread, line: Line, kind: str) -> None:
        """A message of the customer, for a checker who looks from outside; `customer_did` for what changes one."""
        told = "customer_did" if thread.line(line.id) is None else "customer_wrote"
        customer = thread.customer
        self.log.write(
            told,
            key=line.id,
            kind=kind,
            customer=customer.id,
            inbox=thread.inbox.id,
            identifier=customer.identifier(thread.inbox),
            phone=None if self.hides_phone(customer) else customer.phone,
            text=line.text,
            sent_at=line.at,
        )

    def hides_phone(self, customer: Customer) -> bool:
        return self.switches.hide_phones or customer.hides_phone or not customer.phone

    def window_open(self, thread: Thread) -> bool:
        if thread.last_inbound_at is None:
            return not thread.never_wrote
        return time.time() - thread.last_inbound_at < WINDOW_SECONDS

    def token_expired(self, inbox: SimulatedInbox) -> bool:
        return bool({"*", inbox.id} & set(self.switches.expired_tokens))
