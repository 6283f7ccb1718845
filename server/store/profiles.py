"""What Meta's look-up told of people on Messenger and Instagram, and when to ask again."""

from collections.abc import Sequence

import msgspec

from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("profiles")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to look up, through an inbox they write to. `value` is Meta's id of them there."""

    identity_id: int
    contact_id: int
    inbox_id: str
    value: str
    attempts: int
    picture_source: str | None
    picture_key: str | None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    mime_type: str
    contact_id: int


async def expect(connection: Connection, identity_ids: Sequence[int]) -> None:
    """New people, to be asked about at once."""
    await connection.execute(_sql.expect, identity_ids)


async def claim(connection: Connection, most: int, seconds: float) -> list[Asked]:
    """Nobody else gets these for so many seconds."""
    return [msgspec.convert(dict(row), Asked) for row in await connection.fetch(_sql.claim, most, seconds)]


async def seconds_to_next(connection: Connection) -> float | None:
    seconds: float | None = await connection.fetchval(_sql.next_due)
    return seconds


async def learn(connection: Connection, identity_id: int, name: str, username: str | None) -> bool:
    """False when it was known already; an empty name changes nothing."""
    return await connection.fetchval(_sql.learn, identity_id, name, username) is not None


async def known(connection: Connection, identity_id: int, seconds: float, trouble: str | None = None) -> None:
    """Asked; to be asked again after so many seconds if they still write."""
    await connection.execute(_sql.known, identity_id, seconds, trouble)


async def ask_again(connection: Connection, identity_id: int, seconds: float, trouble: str) -> None:
    await connection.execute(_sql.again, identity_id, seconds, trouble)


async def keep_picture(
    connection: Connection, identity_id: int, key: str | None, mime_type: str | None, source: str | None
) -> None:
    await connection.execute(_sql.keep_picture, identity_id, key, mime_type, source)


async def picture(connection: Connection, identity_id: int) -> Picture | None:
    row = await connection.fetchrow(_sql.picture, identity_id)
    return msgspec.convert(dict(row), Picture) if row else None


async def answering_to(connection: Connection, identity_id: int) -> list[int]:
    """The unresolved conversations that are named by this identity. Not locked."""
    return [row["id"] for row in await connection.fetch(_sql.answering_to, identity_id)]
