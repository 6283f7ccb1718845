"""Error scripts: what goes wrong with the next calls, for a contact, for an inbox."""

import itertools
from typing import Annotated, Literal, get_args

import msgspec

How = Literal["response", "status", "timeout", "hang", "drop", "drop_after", "5xx", "5xx_after"]
HOWS: tuple[str, ...] = get_args(How)
Call = Literal["messages", "signals", "upload", "media", "templates", "profile", "node", "subscribed_apps", "any"]


class Order(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What goes wrong, by `how`.

    `response`: refused with the code. `status`: accepted, then a failed status with it. `timeout`: accepted, no answer
    for `seconds`; `hang`: the same without accepting. `drop_after`, `drop`: the connection is cut, after accepting or
    without. `5xx_after`, `5xx`: 500 without an error body, after accepting or without.
    """

    code: int | None = None
    subcode: int | None = None
    how: How = "response"
    # How many calls; None: until it is cleared. `after` fitting calls pass first.
    times: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    inbox: str | None = None
    # Their id in the simulator.
    customer: str | None = None
    # The kind of the message sent: text, template, image, …
    kind: str | None = None
    call: Call = "messages"
    seconds: Annotated[float, msgspec.Meta(ge=0, le=600)] = 30.0
    details: str | None = None

    id: int = 0
    played: int = 0


class Orders:
    def __init__(self) -> None:
        self._orders: dict[int, Order] = {}
        self._numbers = itertools.count(1)

    def add(self, order: Order) -> Order:
        """Raises `ValueError` when nothing says what goes wrong."""
        if order.how in ("response", "status") and order.code is None:
            raise ValueError("code: which error is it?")
        order.id, order.played = next(self._numbers), 0
        self._orders[order.id] = order
        return order

    def all(self) -> list[Order]:
        return list(self._orders.values())

    def clear(self) -> None:
        self._orders.clear()

    def next(self, call: Call, *, inbox: str, customer: str | None = None, kind: str | None = None) -> Order | None:
        """The oldest order that fits this call; it counts as played."""
        for order in list(self._orders.values()):
            if not _fits(order, call, inbox, customer, kind):
                continue
            if order.after:
                order.after -= 1
                continue
            order.played += 1
            if order.times is not None:
                order.times -= 1
                if order.times == 0:
                    del self._orders[order.id]
            return order
        return None


def _fits(order: Order, call: Call, inbox: str, customer: str | None, kind: str | None) -> bool:
    return (
        order.call in (call, "any")
        and order.inbox in (None, inbox)
        and order.customer in (None, customer)
        and order.kind in (None, kind)
    )
