"""The journal of raw webhooks, the quarantine beside it, and the keys that make each item take effect once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.errors import LeaseLost
from server.store.contacts import Identity, Key, by_key
from server.store.leases import Lease
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("journal")
# Of what is old, in one statement.
_PORTION = 5000


class JournalRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    received_at: datetime
    app_id: str
    body: bytes
    apply_attempts: int = 0


class NewQuarantine(msgspec.Struct, frozen=True, kw_only=True):
    """`body` is the item's own JSON, or the whole body where it could not be read."""

    journal_id: int | None
    received_at: datetime
    app_id: str
    sector_id: str | None
    inbox_id: str | None
    path: str
    reason: str
    detail: str
    body: bytes


class Quarantined(NewQuarantine, frozen=True, kw_only=True):
    id: int


class Begun(msgspec.Struct, frozen=True):
    """`fresh`: the (inbox, key) pairs nobody had taken before. `known`: identities of people met before."""

    fresh: set[tuple[str, str]]
    known: dict[Key, Identity]
    message_ids: list[int]
    # Something was changed before it came.
    early: bool = False


class Lag(msgspec.Struct, frozen=True):
    """How much is acknowledged and not yet applied."""

    rows: int
    # How long the oldest of them has waited.
    seconds: float


async def append(connection: Connection, rows: Sequence[tuple[str, dict[str, Any], bytes]]) -> None:
    """Commits (app, headers, body) triples. They may be applied now, and count as stored once `flush` returned."""
    await connection.execute(_sql.append, *(list(column) for column in zip(*rows, strict=True)))


async def flush(connection: Connection) -> None:
    """What was committed before is on disk when this returns."""
    await connection.execute(_sql.flush)


async def take_next(connection: Connection, lease: Lease, seconds: float, limit: int) -> list[JournalRow]:
    """The next rows in order of arrival, named in the lease, which is extended. Raises `LeaseLost`."""
    found = await connection.fetch(_sql.take_next, lease.name, lease.holder, lease.epoch, seconds, limit)
    if not found:
        raise LeaseLost(lease.name)
    return [
        JournalRow(id=id, received_at=at, app_id=app_id, body=body, apply_attempts=attempts)
        for _, id, at, app_id, body, attempts in found
        if id is not None
    ]


async def suspect(connection: Connection, lease: Lease) -> None:
    """Marks what was in hand when a process died, so that a row that kills it stands alone and is counted; once."""
    await connection.execute(_sql.suspect, lease.in_flight, lease.name, lease.epoch)


async def mark_applied(connection: Connection, rows: Sequence[JournalRow]) -> None:
    await connection.execute(_sql.mark_applied, [row.id for row in rows], [row.received_at for row in rows])


async def lag(connection: Connection) -> Lag:
    [row] = await connection.fetch(_sql.lag)
    return Lag(row["rows"], row["seconds"])


async def quarantine(connection: Connection, items: Sequence[NewQuarantine]) -> None:
    await connection.execute(_sql.quarantine, *columns(items, NewQuarantine))


async def quarantined(connection: Connection, after: int, since: datetime | None) -> list[Quarantined]:
    """The next hundred items set aside and not yet replayed, after this id."""
    return [Quarantined(**dict(row)) for row in await connection.fetch(_sql.quarantined, after, since)]


async def mark_replayed(connection: Connection, id: int) -> bool:
    """False when somebody else replayed it meanwhile."""
    return str(await connection.execute(_sql.mark_replayed, id)) == "UPDATE 1"


async def begin(connection: Connection, keys: Sequence[tuple[str, str]], people: Sequence[Key], messages: int) -> Begun:
    """Takes (inbox, key) pairs, and looks up what is needed to go on."""
    taken = [key[0] for key in keys], [key[1] for key in keys]
    asked = ([key[n] for key in people] for n in range(3))
    [row] = await connection.fetch(_sql.begin, *taken, *asked, messages)
    return Begun({tuple(each) for each in row["taken"]}, by_key(row["known"]), row["message_ids"], row["early"])


async def forget_parked(connection: Connection) -> None:
    await connection.execute(_sql.forget_parked)


async def forget_keys(connection: Connection) -> None:
    while await connection.execute(_sql.forget_keys, _PORTION) == f"DELETE {_PORTION}":
        pass
