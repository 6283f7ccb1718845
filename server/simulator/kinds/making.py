"""What goes into one thing a customer tells, and what comes out."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from server.simulator.asked import Send
from server.simulator.config import SimulatedInbox
from server.simulator.customers import Customer
from server.simulator.files import samples
from server.simulator.files.store import File, Files
from server.simulator.threads import Line, Media, Thread

URL_SECONDS = 300
CDN_SECONDS = 3600


class Made(msgspec.Struct, kw_only=True):
    """`content` is the message's own part on WhatsApp, the item's part on the other channels."""

    content: dict[str, Any]
    kind: str
    text: str = ""
    media: list[Media] = []
    detail: dict[str, Any] = {}
    # It changes another line, or the business alone hears of it: no line of its own.
    silent: bool = False
    # Counts as the customer's word: opens the window.
    speaks: bool = True
    field: str = "messages"
    # `content` is the members of a WhatsApp `value`, or the whole value of a change.
    value: bool = False
    whole: bool = False


class Making:
    """One wish with everything its kind may need."""

    def __init__(self, thread: Thread, wish: Send, files: Files, line_id: str, at: float) -> None:
        self.thread = thread
        self.wish = wish
        self.line_id = line_id
        self.at = at
        self._files = files

    @property
    def inbox(self) -> SimulatedInbox:
        return self.thread.inbox

    @property
    def customer(self) -> Customer:
        return self.thread.customer

    @property
    def language(self) -> str:
        return self.customer.language

    def words(self, english: str, arabic: str) -> str:
        """The text asked for, or one in the customer's language."""
        return self.wish.text or (arabic if self.language == "ar" else english)

    def files(self, kind: str) -> list[File]:
        wanted = self.wish.file if self.wish.file is not None else samples.OF_KIND[kind]
        names = (wanted,) if isinstance(wanted, str) else wanted
        return [self._file(name) for name in names]

    def file(self, kind: str) -> File:
        return self.files(kind)[0]

    def media(self, file: File, kind: str, *, voice: bool = False) -> Media:
        source = f"/samples/{file.sample}" if file.sample else f"/files/{file.id}"
        return Media(
            id=file.id,
            mime_type=file.mime_type,
            source=source,
            kind=kind,
            name=self.wish.name or file.name,
            size=len(file.data),
            voice=voice,
            animated=self.wish.animated or file.sample == "sticker-animated.webp",
        )

    def business_address(self, file: File) -> str:
        return self._files.business_address(file, URL_SECONDS)

    def public_address(self, file: File) -> str:
        return self._files.public_address(file, CDN_SECONDS)

    def about(self, lines: Iterable[Line] | None = None) -> str:
        """The message it is about: the one named, else the newest of those."""
        if self.wish.line is not None:
            return self.wish.line
        found = next(iter(reversed(list(self.thread.lines if lines is None else lines))), None)
        if found is None:
            raise HTTPException(status_code=400, detail="line: there is no message it could be about.")
        return found.id

    def own(self) -> list[Line]:
        marks = ("ad", "link", "note")
        return [each for each in self.thread.lines if each.author == "customer" and each.kind not in marks]

    def _file(self, name: str) -> File:
        if name in samples.TYPES:
            return self._files.sample(name, inbox=self.inbox.id, fault=self.wish.fault)
        uploaded = self._files.shown(name)
        if uploaded is None:
            raise HTTPException(status_code=400, detail=f"file: there is no sample or upload '{name}'.")
        return self._files.again(uploaded, inbox=self.inbox.id, fault=self.wish.fault)


def typed(kind: str, part: object) -> dict[str, Any]:
    return {"type": kind, kind: part}


def reshaped(item: Any, without: Iterable[str], replace: dict[str, Any]) -> Any:
    """The item with paths like `message.attachments.0.payload` taken away or replaced."""
    for path in without:
        parent, last = _parent(item, path)
        if isinstance(parent, dict):
            parent.pop(last, None)
        elif isinstance(parent, list) and last.isdecimal() and int(last) < len(parent):
            del parent[int(last)]
    for path, value in replace.items():
        parent, last = _parent(item, path)
        if isinstance(parent, dict):
            parent[last] = value
        elif isinstance(parent, list) and last.isdecimal() and int(last) < len(parent):
            parent[int(last)] = value
        else:
            raise HTTPException(status_code=400, detail=f"replace: there is no place '{path}'.")
    return item


def _parent(item: Any, path: str) -> tuple[Any, str]:
    *names, last = path.split(".")
    for name in names:
        if isinstance(item, dict):
            item = item.get(name)
        elif isinstance(item, list) and name.isdecimal() and int(name) < len(item):
            item = item[int(name)]
        else:
            return None, last
    return item, last
