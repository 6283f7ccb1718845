"""Where in a delivery one item was, and the isolation that keeps a bad item from its neighbours."""

from collections.abc import Callable
from typing import Any

import msgspec

from server.channels import clean
from server.channels.fields import Json, Malformed
from server.domain.inbound import Inbound, Rejected
from server.domain.model import Channel
from server.domain.quarantine import Reason

# Meta's deepest shapes (history, templates) need about ten.
DEEPEST = 40


class Place(msgspec.Struct, frozen=True):
    """`raw` is a body of its own that holds this item alone: reading it again gives the item again."""

    channel: Channel
    account_id: str
    path: str
    raw: bytes

    def reject(self, reason: Reason, detail: str = "") -> Rejected:
        return Rejected(path=self.path, raw=self.raw, reason=reason, detail=detail,
                        channel=self.channel, account_id=self.account_id or None)  # fmt: skip


def read_alone(read: Callable[[Json, Place], Inbound | Rejected], item: Any, place: Place) -> Inbound | Rejected:
    """Reads one item; whatever is wrong with it becomes its own `Rejected`."""
    if not isinstance(item, dict):
        return place.reject(Reason.MALFORMED, "not an object")
    brackets = place.raw.count(b"{") + place.raw.count(b"[")
    if brackets > DEEPEST and clean.deeper_than(item, DEEPEST):
        return place.reject(Reason.UNPARSABLE, "nested too deeply")
    try:
        return read(item, place)
    except Malformed as error:
        return place.reject(Reason.MALFORMED, str(error))
    except Exception as error:  # A shape nobody foresaw is this item's trouble alone.
        return place.reject(Reason.MALFORMED, f"unforeseen shape: {type(error).__name__}")


def wrapped(head: bytes, item: Any, tail: bytes) -> bytes:
    return b"%b%b%b" % (head, clean.dump(item), tail)
