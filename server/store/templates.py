"""Message templates as Meta last told of them, and when each account's list is read again."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.templates import Listed, News, Stored
from server.store.pool import Connection
from server.store.queries import Queries, columns

_sql = Queries("templates")


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """An account whose list is ours to read now."""

    account: str
    begun_at: datetime


async def expect(connection: Connection, accounts: Sequence[str]) -> None:
    await connection.execute(_sql.expect, accounts)


async def claim(connection: Connection, accounts: Sequence[str], seconds: float) -> Turn | None:
    row = await connection.fetchrow(_sql.claim, accounts, seconds)
    return Turn(**dict(row)) if row else None


async def seconds_to_next(connection: Connection, accounts: Sequence[str]) -> float | None:
    found: float | None = await connection.fetchval(_sql.next_due, accounts)
    return found


async def replace(connection: Connection, turn: Turn, listed: Sequence[Listed]) -> None:
    """The whole list of the account; what is no longer in it is gone."""
    names, languages = [each.name for each in listed], [each.language for each in listed]
    # Components are lists, which an array of jsonb would take for another dimension of its own.
    await connection.execute(_sql.put, turn.account, turn.begun_at, list(listed))
    await connection.execute(_sql.drop_missing, turn.account, turn.begun_at, names, languages)


async def synced(connection: Connection, account: str, again_seconds: float) -> None:
    await connection.execute(_sql.synced, account, again_seconds)


async def troubled(connection: Connection, account: str, trouble: str, again_seconds: float) -> None:
    await connection.execute(_sql.troubled, account, trouble, again_seconds)


async def ask(connection: Connection, accounts: Sequence[str]) -> bool:
    """Makes the accounts' lists due; False when they just were."""
    return bool(await connection.fetch(_sql.ask, accounts))


async def synced_at(connection: Connection, account: str) -> datetime | None:
    found: datetime | None = await connection.fetchval(_sql.synced_at, account)
    return found


async def approved(connection: Connection, account: str, search: str = "") -> list[Stored]:
    rows = await connection.fetch(_sql.approved, account, search)
    return [msgspec.convert(dict(row), Stored) for row in rows]


async def one(connection: Connection, account: str, name: str, language: str) -> Stored | None:
    row = await connection.fetchrow(_sql.one, account, name, language)
    return msgspec.convert(dict(row), Stored) if row else None


async def follow(connection: Connection, news: Sequence[News]) -> None:
    await connection.execute(_sql.follow, *columns(news, News))
