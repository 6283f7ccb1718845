"""Work that one process at a time may do: a row with an epoch, taken over when it lapses."""

from datetime import datetime

import msgspec

from server.domain.errors import LeaseLost
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("leases")


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    holder: str
    epoch: int
    # What the holder before us had in its hands when it went.
    in_flight: tuple[int, ...] = ()


async def take(connection: Connection, name: str, holder: str, seconds: float) -> Lease | None:
    """The lease if it is free, lapsed or ours already; else None. `holder` is unique to the process."""
    row = await connection.fetchrow(_sql.take, name, holder, seconds)
    return (
        None if row is None else Lease(name=name, holder=holder, epoch=row["epoch"], in_flight=tuple(row["in_flight"]))
    )


async def fence(connection: Connection, lease: Lease) -> datetime:
    """The transaction's time, if the lease still holds; it cannot be taken over before this transaction ends.

    Raises `LeaseLost`.
    """
    now: datetime | None = await connection.fetchval(_sql.fence, lease.name, lease.epoch)
    if now is None:
        raise LeaseLost(lease.name)
    return now


async def release(connection: Connection, lease: Lease) -> None:
    await connection.execute(_sql.release, lease.name, lease.holder, lease.epoch)
