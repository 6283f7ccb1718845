"""Whoever holds a conversation or its offer, and whether they still may."""

from collections.abc import Sequence

import msgspec

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("holders")


class Held(msgspec.Struct, frozen=True):
    conversation_id: int
    user_id: int


async def barred(connection: Connection, limit: int, among: Sequence[int] | None = None) -> list[Held]:
    """Conversations in the hands of people who lost the right to them. Not locked."""
    return [Held(*row) for row in await connection.fetch(_sql.barred, among, limit)]
