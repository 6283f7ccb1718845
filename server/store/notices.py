"""Hints between processes; what was not heard is found by each loop's own sweep."""

from collections.abc import Sequence

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("notices")


async def notify(connection: Connection, topics: Sequence[str], sender: str) -> None:
    await connection.execute(_sql.notify, topics, sender)


async def check(connection: Connection) -> None:
    """Raises when the other side is gone."""
    await connection.execute(_sql.check)
