"""What a person typed and has not sent, kept through restarts."""

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("drafts")


async def keep(connection: Connection, user_id: int, conversation_id: int, text: str) -> None:
    """An empty text drops the draft."""
    if text:
        await connection.execute(_sql.keep, user_id, conversation_id, text)
    else:
        await connection.execute(_sql.drop, user_id, conversation_id)
