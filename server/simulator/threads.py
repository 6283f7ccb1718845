"""What a customer's phone holds: one thread per customer and inbox, and who is looking at it."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import msgspec

from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer

KEPT_LINES = 400

Style = Literal["buttons", "list", "quick_replies", "link", "form", "ask_location", "ask_contact"]

# Who controls a thread: our app, Meta's own inbox, Meta's business agent.
Holder = Literal["us", "page_inbox", "business_agent"]


class Option(msgspec.Struct, omit_defaults=True):
    id: str
    title: str
    description: str = ""
    section: str = ""
    url: str = ""


class Media(msgspec.Struct, omit_defaults=True):
    """A file on the screen; `source` is its address on the phone page."""

    id: str
    mime_type: str
    source: str
    kind: str
    name: str = ""
    size: int = 0
    voice: bool = False
    animated: bool = False


class Card(msgspec.Struct, omit_defaults=True):
    title: str
    subtitle: str = ""
    image: str = ""
    options: list[Option] = []


class Line(msgspec.Struct, kw_only=True):
    """One thing on the phone's screen. `id` is Meta's message id; `local_id` what the business attached to its send.

    The status of a customer's line says how far it came towards the business: sent, delivered (acknowledged by the
    webhook's receiver), read (marked by the business). That of a business's line: accepted, sent, delivered, read.
    """

    id: str
    author: Literal["customer", "business"]
    kind: str
    at: float
    text: str = ""
    status: str = "sent"
    style: Style | None = None
    options: list[Option] = []
    # The label that opens a list.
    button: str = ""
    header: str = ""
    footer: str = ""
    pressed: str | None = None
    reply_to: str | None = None
    local_id: str | None = None
    media: list[Media] = []
    cards: list[Card] = []
    # By 'customer' and 'business'.
    reactions: dict[str, str] = {}
    edits: int = 0
    # Taken back by who wrote it.
    revoked: bool = False
    # Heard to its end, or begun at least.
    played: bool = False
    # Place or people: whatever the kind needs to be shown.
    detail: dict[str, Any] = {}


class Comment(msgspec.Struct):
    """Public; answered in private once, within seven days."""

    at: float
    answered: bool = False


class Thread:
    def __init__(self, customer: Customer, inbox: SimulatedInbox) -> None:
        self.customer = customer
        self.inbox = inbox
        self.lines: deque[Line] = deque(maxlen=KEPT_LINES)
        # None: not in this run; the window then counts as open (we cannot know).
        self.last_inbound_at: float | None = None
        self.free_entry_until: float | None = None
        self.came_by_ad = False
        self.blocked = False
        # Marketing is not welcome any more.
        self.stopped = False
        self.holder: Holder = "us"
        # Has only commented or opened the chat, so far as we know: neither opens the window.
        self.never_wrote = False
        self.comments: dict[str, Comment] = {}
        self.typing_until = 0.0
        # An ad or link that the next message will carry.
        self.referral: dict[str, Any] | None = None
        # How many pages or scripts have it on their screen.
        self.viewers = 0
        self.changes = 0
        # Set at every change; who waits clears it first.
        self.bell = asyncio.Event()

    @property
    def key(self) -> tuple[str, str]:
        return self.customer.id, self.inbox.id

    def line(self, line_id: str) -> Line | None:
        return next((line for line in reversed(self.lines) if line.id == line_id), None)

    def from_business(self) -> list[Line]:
        return [line for line in self.lines if line.author == "business"]


class Feed:
    """Tells listeners, in memory, what changed on the threads they follow."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[str, str], set[asyncio.Queue[dict[str, Any] | None]]] = {}
        self._closed = False

    @contextmanager
    def follow(self, keys: set[tuple[str, str]]) -> Iterator[asyncio.Queue[dict[str, Any] | None]]:
        """A queue of changes; None ends it."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        for key in keys:
            self._listeners.setdefault(key, set()).add(queue)
        try:
            yield queue
        finally:
            for key in keys:
                self._listeners[key].discard(queue)
                if not self._listeners[key]:
                    del self._listeners[key]

    def publish(self, key: tuple[str, str], change: dict[str, Any]) -> None:
        for queue in self._listeners.get(key, ()):
            queue.put_nowait(change)

    def close(self) -> None:
        self._closed = True
        for queues in self._listeners.values():
            for queue in queues:
                queue.put_nowait(None)
