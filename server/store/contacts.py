"""People and the identifiers we know them by."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from server.domain.model import IdentityKind
from server.store import bulk
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("contacts")

Key = tuple[str, str, str]


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """`scope` is '' for a phone, else the portfolio, page or account within which the value means anything."""

    id: int
    contact_id: int
    kind: IdentityKind
    scope: str
    value: str
    name: str = ""
    username: str | None = None
    # The sectors that met the person under this address.
    met: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return (self.kind, self.scope, self.value)


class NewContact(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    language: str | None


def by_key(records: Iterable[Sequence[Any]]) -> dict[Key, Identity]:
    """Records of all columns but the last, as a statement of another subject may bring them."""
    known = (
        Identity(
            id=id,
            contact_id=contact_id,
            kind=IdentityKind(kind),
            scope=scope,
            value=value,
            name=name,
            username=username,
            met=tuple(met),
        )
        for id, contact_id, kind, scope, value, name, username, met in records
    )
    return {each.key: each for each in known}


async def new_ids(connection: Connection, contacts: int, identities: int) -> tuple[list[int], list[int]]:
    [row] = await connection.fetch(_sql.new_ids, contacts, identities)
    return row["contacts"], row["identities"]


async def find(connection: Connection, keys: Sequence[Key]) -> dict[Key, Identity]:
    found = await connection.fetch(_sql.find, *([key[n] for key in keys] for n in range(3)))
    return by_key(tuple(row) for row in found)


async def add(connection: Connection, contacts: Sequence[NewContact]) -> None:
    await bulk.add(connection, "contact", NewContact, contacts, _sql.add)


async def add_identities(connection: Connection, identities: Sequence[Identity]) -> None:
    if len(identities) < bulk.MANY:
        values = columns(identities, Identity)
        # Lists in a list would be one array of two dimensions.
        values[-1] = [msgspec.json.encode(each).decode() for each in values[-1]]
        await connection.execute(_sql.add_identities, *values)
    else:
        await bulk.add(connection, "identity", Identity, identities, _sql.add_identities)


async def meet(connection: Connection, met: Sequence[tuple[int, str]]) -> None:
    """(identity, sector) pairs: the sector knows the person under this address from now on. Each identity once."""
    await connection.execute(_sql.meet, [each[0] for each in met], [each[1] for each in met])


async def rename(connection: Connection, identities: Sequence[Identity]) -> None:
    """Keeps the newest profile names; the contact is called by the newest of its identities."""
    await connection.execute(
        _sql.rename, [each.id for each in identities], [each.name for each in identities],
        [each.username for each in identities],
    )  # fmt: skip
    named = {each.contact_id: each.name for each in identities if each.name}
    await connection.execute(_sql.rename_contacts, list(named), list(named.values()))


async def labels(connection: Connection, contacts: Sequence[int]) -> dict[tuple[int, str], frozenset[str]]:
    """The labels of each (contact, sector) that has any."""
    found: dict[tuple[int, str], set[str]] = {}
    for row in await connection.fetch(_sql.labels, contacts):
        found.setdefault((row["contact_id"], row["sector_id"]), set()).add(row["label"])
    return {key: frozenset(each) for key, each in found.items()}
