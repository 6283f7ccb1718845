"""A console command happens once: its repeat, even at the same moment, gets the first one's result."""

from typing import Any

from server.domain.errors import Conflict
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("commands")


async def first_result(connection: Connection, user_id: int, command_id: str, act: str) -> dict[str, Any] | None:
    """The result of an earlier run; None if this is the first, which is then to call `keep_result`.

    `act` says what is done to what: an id that was used for something else raises `Conflict`.
    Call it before any lock: a repeat waits here until the first run has committed, or takes its place if it failed.
    """
    if await connection.fetchval(_sql.claim, user_id, command_id):
        return None
    kept: dict[str, Any] | None = await connection.fetchval(_sql.result, user_id, command_id)
    if kept is None:
        return None
    if kept["act"] != act:
        raise Conflict("This command was given before, for something else.")
    result: dict[str, Any] = kept["result"]
    return result


async def keep_result(connection: Connection, user_id: int, command_id: str, act: str, result: dict[str, Any]) -> None:
    """Keeps what a repeat will get; in the same transaction as the effects."""
    await connection.execute(_sql.keep, user_id, command_id, {"act": act, "result": result})


async def forget(connection: Connection) -> None:
    """Drops results older than any repeat."""
    await connection.execute(_sql.forget)
