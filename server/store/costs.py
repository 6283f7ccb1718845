"""Prices of messages, written as statuses tell them and summed by month."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.costs import Line
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("costs")


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """`arrived`: told when the message was delivered or read, not when it was sent."""

    message_id: int
    category: str
    type: str | None
    billable: bool | None
    raw: dict[str, Any]
    arrived: bool


async def price(connection: Connection, prices: Sequence[Price]) -> None:
    chosen: dict[int, Price] = {}
    for each in prices:
        if each.arrived or each.message_id not in chosen:
            chosen[each.message_id] = each
    await connection.execute(_sql.price, *columns(list(chosen.values()), Price))


async def of_month(
    connection: Connection, months: Mapping[str, tuple[datetime, datetime]], sectors: Sequence[str]
) -> dict[str, list[Line]]:
    """What was delivered from each inbox within its month, in these sectors."""
    begins, ends = [each[0] for each in months.values()], [each[1] for each in months.values()]
    found: dict[str, list[Line]] = {inbox_id: [] for inbox_id in months}
    for row in await connection.fetch(_sql.of_month, list(months), begins, ends, list(sectors)):
        fields = dict(row)
        found[fields.pop("inbox_id")].append(Line(**fields))
    return found
