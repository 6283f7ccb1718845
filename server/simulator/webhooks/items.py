"""Items of a webhook delivery, and the bodies they travel in."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from server.simulator.config import SimulatedInbox

OBJECTS = {"whatsapp": "whatsapp_business_account", "messenger": "page", "instagram": "instagram"}


class Item(msgspec.Struct, kw_only=True, eq=False):
    """One thing to tell the business. `key` stays the same however often and in whatever batch it is sent.

    `content` is what goes into `messaging[]`, or for WhatsApp the `value` of a change without its metadata. Where
    `whole`, it is the value of a change as it stands.
    """

    key: str
    kind: str
    inbox: SimulatedInbox
    customer: str
    at: float
    content: dict[str, Any]
    field: str = "messages"
    whole: bool = False
    acknowledged: Callable[[], None] | None = None
    # Sent before: needs no order, and its end interests nobody.
    again: bool = False
    # Overtaken on purpose: later items of its thread need not wait for it.
    loose: bool = False

    @property
    def object(self) -> str:
        return OBJECTS[self.inbox.channel]

    @property
    def thread(self) -> tuple[str, str]:
        return (self.customer, self.inbox.id)


def envelope(items: Sequence[Item]) -> dict[str, Any]:
    """One body for items of one object, in their order; neighbours share an entry and, where they can, a change."""
    entries: list[dict[str, Any]] = []
    for item in items:
        if not entries or entries[-1]["id"] != item.inbox.entry_id or _alone(item) or "field" in entries[-1]:
            entries.append(_entry(item))
        entry = entries[-1]
        if item.whole:
            _add_whole(entry, item)
        elif item.inbox.channel == "whatsapp":
            _add_change(entry.setdefault("changes", []), item)
        else:
            entry.setdefault("standby" if item.field == "standby" else "messaging", []).append(item.content)
    return {"object": items[0].object, "entry": entries}


def serialise(body: object) -> bytes:
    """As Meta writes JSON: compact, and everything beyond ASCII as lowercase \\uXXXX."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _alone(item: Item) -> bool:
    """Account fields carry the time on their entry; Instagram Login says a comment on the entry itself."""
    return item.whole and (item.inbox.channel == "whatsapp" or item.inbox.api == "instagram")


def _entry(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": item.inbox.entry_id}
    if item.inbox.channel != "whatsapp":
        return entry | {"time": round(item.at * 1000)}
    return entry | {"time": int(item.at)} if item.whole else entry


def _add_whole(entry: dict[str, Any], item: Item) -> None:
    change = {"field": item.field, "value": item.content}
    if _alone(item) and item.inbox.channel != "whatsapp":
        entry |= change
    else:
        entry.setdefault("changes", []).append(change)


def _add_change(changes: list[dict[str, Any]], item: Item) -> None:
    number = item.inbox.external_id
    last = changes[-1] if changes else None
    mergeable = (
        last is not None
        and last["field"] == item.field == "messages"
        and last["value"]["metadata"]["phone_number_id"] == number
        and _holds(last["value"]) == _holds(item.content)
    )
    if last is not None and mergeable:
        for name, values in item.content.items():
            present = last["value"].setdefault(name, [])
            present.extend(value for value in values if value not in present)
        return
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": phone_digits(item.inbox.display), "phone_number_id": number},
        **{name: list(values) for name, values in item.content.items()},
    }
    changes.append({"field": item.field, "value": value})


def phone_digits(display: str) -> str:
    return "".join(letter for letter in display if letter.isdecimal())


def _holds(value: dict[str, Any]) -> str:
    return next((name for name in ("messages", "statuses", "user_actions") if name in value), "other")
