"""Notes of colleagues on a conversation."""

from server.domain.conversation import Conversation
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("notes")


async def add(connection: Connection, conversation: Conversation, author_id: int, text: str) -> int:
    note_id: int = await connection.fetchval(_sql.add, conversation.id, conversation.sector_id, author_id, text)
    return note_id
