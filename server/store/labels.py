"""The labels of contacts. Each belongs to one sector: what one knows of a person, another does not."""

from server.domain.conversation import Conversation
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("labels")


async def of_contact(connection: Connection, contact_id: int, sector_id: str) -> list[str]:
    return [row["label"] for row in await connection.fetch(_sql.of_contact, contact_id, sector_id)]


async def add(connection: Connection, conversation: Conversation, label: str) -> bool:
    """False when the contact has it already."""
    return await connection.fetchval(_sql.add, conversation.contact_id, conversation.sector_id, label) is not None


async def remove(connection: Connection, conversation: Conversation, label: str) -> bool:
    """False when the contact does not have it."""
    return await connection.fetchval(_sql.remove, conversation.contact_id, conversation.sector_id, label) is not None


async def open_beside(connection: Connection, conversation_id: int) -> list[int]:
    """The open conversations of the same contact in the same sector, this one included if it is open. Not locked."""
    return [row["id"] for row in await connection.fetch(_sql.open_beside, conversation_id)]
