"""What statuses say about the cost of our messages, collected for a batch and written once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.domain import costs
from server.domain.inbound import StatusItem
from server.domain.model import MessageStatus
from server.store import costs as stored
from server.store import windows
from server.store.costs import Price
from server.store.pool import Connection


class Prices:
    def __init__(self) -> None:
        self._prices: list[Price] = []
        self._entries: list[tuple[int, datetime]] = []

    def note(self, conversation_id: int, message_id: int, status: MessageStatus, told: Mapping[str, Any]) -> None:
        """`told`: as `told_by` gave it, perhaps parked meanwhile."""
        if (pricing := costs.read(told.get("pricing"))) is not None:
            self._prices.append(
                Price(
                    message_id=message_id, category=pricing.category, type=pricing.type, billable=pricing.billable,
                    raw=pricing.raw, arrived=status is not MessageStatus.SENT,
                )
            )  # fmt: skip
        if (until := costs.free_entry_until(told)) is not None:
            self._entries.append((conversation_id, until))

    async def write(self, connection: Connection) -> None:
        if self._prices:
            await stored.price(connection, self._prices)
        if self._entries:
            # Meta's own word about when it ends; ours was worked out.
            await windows.begin_free_entry(connection, self._entries)


def told_by(item: StatusItem) -> dict[str, Any]:
    """As much of a status as costs are told by."""
    told = {"pricing": item.pricing, "conversation": item.body.get("conversation")}
    return {name: value for name, value in told.items() if value}
