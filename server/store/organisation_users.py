"""The people of the organisation folder as user, sector, skill and advisor rows."""

from collections.abc import Collection, Sequence

from server.domain.model import Role
from server.domain.organisation import User
from server.store.pool import Connection
from server.store.queries import Queries

_sql = Queries("organisation_users")


async def save(connection: Connection, users: Sequence[User], *, activate: Collection[str]) -> None:
    """Adds or changes the people. `activate` (emails) may sign in again; the others stay as active as they were."""
    await connection.execute(_sql.lock_advisors, [each.email for each in users])
    fields = zip(*((each.email, each.name, each.role, _reads(each), each.language) for each in users), strict=True)
    ids = {row["email"]: row["id"] for row in await connection.fetch(_sql.save, *map(list, fields))}
    await connection.execute(_sql.activate, [ids[email] for email in activate])
    owners = [ids[each.email] for each in users]
    for held, kept in (("sectors", [each.sectors for each in users]), ("skills", [each.skills for each in users])):
        await connection.execute(getattr(_sql, f"remove_{held}"), owners, kept)
        await connection.execute(getattr(_sql, f"add_{held}"), owners, kept)
    advisors = [(ids[each.email], each.capacity) for each in users if each.role in (Role.ADVISOR, Role.SUPERVISOR)]
    await connection.execute(_sql.save_advisors, [each for each, _ in advisors], [each for _, each in advisors])


async def deactivate(connection: Connection, emails: Sequence[str]) -> list[int]:
    """Ends the people's right to sign in and every session of theirs; returns the ids of those it ended for."""
    ids = [row["id"] for row in await connection.fetch(_sql.deactivate, emails)]
    await connection.execute(_sql.end_sessions, ids)
    return ids


def _reads(user: User) -> bool:
    return user.role is not Role.OWNER if user.reads_messages is None else user.reads_messages
