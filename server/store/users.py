"""The people of the console."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import Presence, Role
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("users")


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    name: str
    role: Role
    active: bool
    password_hash: str | None


class ListedUser(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    has_password: bool
    sectors: tuple[str, ...]
    seen_at: datetime | None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What only the person's own screen shows. Without capacity the person takes no conversations."""

    preferences: dict[str, Any]
    presence: Presence
    presence_reason: str | None
    capacity: int | None
    load: int


async def add(
    connection: Connection, *, email: str, name: str, role: Role, sectors: Sequence[str], reads_messages: bool,
    language: str, capacity: int | None,
) -> int | None:  # fmt: skip
    """The new person's id; None when the email is taken. `capacity` is given to those who take conversations."""
    user_id: int | None = await connection.fetchval(_sql.add, email, name, role, reads_messages, language)
    if user_id is not None:
        await connection.execute(_sql.add_sectors, user_id, sectors)
        if capacity is not None:
            await connection.execute(_sql.add_advisor, user_id, capacity)
    return user_id


async def by_email(connection: Connection, email: str) -> UserRow | None:
    return _user(await connection.fetchrow(_sql.by_email, email))


async def lock(connection: Connection, user_id: int) -> UserRow | None:
    return _user(await connection.fetchrow(_sql.lock, user_id))


async def every(connection: Connection) -> list[ListedUser]:
    return [msgspec.convert(dict(row), ListedUser) for row in await connection.fetch(_sql.all)]


async def deactivate(connection: Connection, user_id: int) -> None:
    await connection.execute(_sql.deactivate, user_id)


async def password_of(connection: Connection, user_id: int) -> str | None:
    found: str | None = await connection.fetchval(_sql.password_of, user_id)
    return found


async def set_password(connection: Connection, user_id: int, password_hash: str | None) -> None:
    await connection.execute(_sql.set_password, user_id, password_hash)


async def remove_links(connection: Connection, user_id: int) -> None:
    await connection.execute(_sql.remove_links, user_id)


async def profile(connection: Connection, user_id: int) -> Profile:
    [row] = await connection.fetch(_sql.profile, user_id)
    return msgspec.convert(dict(row), Profile)


async def set_preferences(
    connection: Connection, user_id: int, *, language: str | None, preferences: dict[str, Any]
) -> None:
    await connection.execute(_sql.set_preferences, user_id, language, preferences)


async def names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    return {row["id"]: row["name"] for row in await connection.fetch(_sql.names, ids)}


def _user(row: Any) -> UserRow | None:
    return None if row is None else msgspec.convert(dict(row), UserRow)
