"""Sessions, one-time links and sign-in attempts. Tokens are stored only as SHA-256."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.access import Viewer
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("sessions")


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    session_id: int
    csrf_token: str
    # Its `seen_at` is old enough to be written again.
    due_for_touch: bool
    viewer: Viewer


class SessionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


class Failures(msgspec.Struct, frozen=True):
    email: int
    address: int


async def authenticate(connection: Connection, token_hash: bytes) -> SessionRow | None:
    row = await connection.fetchrow(_sql.authenticate, token_hash)
    return None if row is None else _session(dict(row))


async def viewers(connection: Connection, session_ids: Sequence[int]) -> dict[int, Viewer]:
    """Who stands behind these sessions now; a session that ended is missing."""
    rows = await connection.fetch(_sql.viewers, session_ids)
    return {row["session_id"]: _session(dict(row)).viewer for row in rows}


async def touch(connection: Connection, session_id: int) -> None:
    await connection.execute(_sql.touch, session_id)


async def add(
    connection: Connection, *, token_hash: bytes, user_id: int, csrf_token: str, user_agent: str, address: str
) -> int:
    session_id: int = await connection.fetchval(_sql.add, token_hash, user_id, csrf_token, user_agent, address)
    await connection.execute(_sql.remove_expired)
    return session_id


async def remove(connection: Connection, token_hash: bytes) -> bool:
    return await connection.fetchval(_sql.remove, token_hash) is not None


async def revoke(connection: Connection, session_id: int, user_id: int) -> bool:
    return await connection.fetchval(_sql.revoke, session_id, user_id) is not None


async def remove_of_user(connection: Connection, user_id: int, *, keep: int | None = None) -> None:
    await connection.execute(_sql.remove_of_user, user_id, keep)


async def of_user(connection: Connection, user_id: int) -> list[SessionInfo]:
    return [msgspec.convert(dict(row), SessionInfo) for row in await connection.fetch(_sql.of_user, user_id)]


async def add_link(connection: Connection, token_hash: bytes, user_id: int) -> None:
    await connection.execute(_sql.add_link, token_hash, user_id)


async def use_link(connection: Connection, token_hash: bytes) -> int | None:
    """The person it lets in, once."""
    user_id: int | None = await connection.fetchval(_sql.use_link, token_hash)
    return user_id


async def forget_links(connection: Connection) -> None:
    await connection.execute(_sql.forget_links)


async def recent_failures(connection: Connection, email: str, address: str) -> Failures:
    """Of the last 15 minutes. Until the transaction ends, other attempts for this email wait."""
    await connection.execute(_sql.hold_email, email)
    [row] = await connection.fetch(_sql.recent_failures, email, address)
    return Failures(row["email"], row["address"])


async def begin_attempt(connection: Connection, email: str, address: str) -> int:
    """Writes the attempt as failed; `mark_succeeded` follows when it was not."""
    await connection.execute(_sql.forget_attempts)
    attempt_id: int = await connection.fetchval(_sql.add_attempt, email, address)
    return attempt_id


async def mark_succeeded(connection: Connection, attempt_id: int) -> None:
    await connection.execute(_sql.mark_succeeded, attempt_id)


def _session(row: dict[str, object]) -> SessionRow:
    fields = {name: row.pop(name) for name in ("session_id", "csrf_token", "due_for_touch")}
    return msgspec.convert({**fields, "viewer": row}, SessionRow)
