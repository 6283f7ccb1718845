"""The organisation's tables: each entity's definition as JSON beside the columns other tables need."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.domain.organisation import Organisation
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("organisation")

# In the order rows may refer to each other.
ENTITIES = ("apps", "calendars", "sla_policies", "skills", "flows", "sectors", "queues", "inboxes")


async def load(connection: Connection) -> Organisation:
    """What is active now; version 0 and empty before the first apply.

    Its users are as the folder last gave them; who may sign in is the user table's to say.
    """
    tables: dict[str, dict[str, Any]] = {name: {} for name in ENTITIES}
    version, own = 0, {}
    for row in await connection.fetch(_sql.load):
        if row["entity"] == "organisation":
            version, own = int(row["id"]), row["definition"]
        else:
            tables[row["entity"]][row["id"]] = row["definition"]
    return msgspec.convert({"version": version, **own, **tables}, Organisation)


async def moved_lately(connection: Connection, known: int, seconds: float) -> bool:
    """Whether somebody applied another version than the known one within the last seconds."""
    return bool(await connection.fetchval(_sql.moved_lately, known, seconds))


async def version(connection: Connection) -> int:
    """Moves with every applied change."""
    found: int = await connection.fetchval(_sql.version)
    return found


async def lock(connection: Connection) -> Organisation:
    """As `load`, and nobody else applies until this transaction ends."""
    await connection.execute(_sql.lock)
    return await load(connection)


async def save(
    connection: Connection,
    organisation: Organisation,
    *,
    changed: Mapping[str, Iterable[str]],
    removed: Mapping[str, Iterable[str]],
) -> None:
    """Writes the changed and retires the removed (ids by entity), and moves the version. User rows are apart."""
    for name in ENTITIES:
        ids = sorted(changed.get(name, ()))
        if ids:
            definitions = msgspec.to_builtins(getattr(organisation, name))
            await connection.execute(getattr(_sql, f"save_{name}"), ids, [definitions[each] for each in ids])
    for name in reversed(ENTITIES):
        ids = sorted(removed.get(name, ()))
        if ids:
            await connection.execute(getattr(_sql, f"retire_{name}"), ids)
    own = {"names": organisation.names, "users": msgspec.to_builtins(organisation.users)}
    await connection.execute(_sql.move_version, own)


async def queues_in_use(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """How many conversations wait in each of the queues or are offered from them; queues without any are left out."""
    rows = await connection.fetch(_sql.queues_in_use, list(ids))
    return {row["queue_id"]: row["conversations"] for row in rows}


async def rerank(connection: Connection, queue_ids: Iterable[str]) -> None:
    """Moves the waiting conversations to where the queues' stored head starts put them."""
    await connection.execute(_sql.rerank, list(queue_ids))
