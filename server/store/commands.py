"""A console command happens once: its repeat, even at the same moment, gets the first one's result."""

import hashlib
from typing import Any

import msgspec

from server.domain.errors import Conflict
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("commands")


async def first_result(
    connection: Connection, user_id: int, command_id: str, act: str, content: Any = None
) -> dict[str, Any] | None:
    """The result of an earlier run; None if this is the first, which is then to call `keep_result`.

    `act` says what is done to what, `content` what was given with it: an id that was used for something else raises
    `Conflict`.
    Call it before any lock: a repeat waits here until the first run has committed, or takes its place if it failed.
    """
    digest = _digest(content)
    if await connection.fetchval(_sql.claim, user_id, command_id, {"digest": digest}):
        return None
    kept: dict[str, Any] | None = await connection.fetchval(_sql.result, user_id, command_id)
    if kept is None or "result" not in kept:
        return None
    # Those of an earlier version were kept without one.
    if kept["act"] != act or kept.get("digest", digest) != digest:
        raise Conflict("This command was given before, for something else.")
    result: dict[str, Any] = kept["result"]
    return result


async def keep_result(connection: Connection, user_id: int, command_id: str, act: str, result: dict[str, Any]) -> None:
    """Keeps what a repeat will get; in the same transaction as the effects."""
    await connection.execute(_sql.keep, user_id, command_id, {"act": act, "result": result})


async def forget(connection: Connection) -> None:
    """Drops results older than any repeat."""
    await connection.execute(_sql.forget)


def _digest(content: Any) -> str:
    """The same in every process and version, whatever order a client writes the fields in."""
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
