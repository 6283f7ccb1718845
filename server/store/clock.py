"""The database's clock: the one all processes share."""

from datetime import datetime

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("clock")


async def now(connection: Connection) -> datetime:
    found: datetime = await connection.fetchval(_sql.now)
    return found
