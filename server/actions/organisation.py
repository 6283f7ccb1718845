"""`majlis apply`: makes the database say what the organisation folder says."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from server.actions.organisation_folder import read
from server.actions.unit import Topic, Waker
from server.domain.errors import OrganisationError, Unavailable
from server.domain.events import UserDeactivated
from server.domain.organisation import Organisation
from server.domain.organisation_diff import Difference, compare
from server.store import events, organisation_users
from server.store import organisation as store
from server.store.events import NewEvent
from server.store.pool import AWAY, Connection, Pool

ACTOR = "system"


async def apply(pool: Pool, folder: Path, *, waker: Waker | None = None) -> list[str]:
    """Applies the folder in one transaction and returns the difference, one line each; none when nothing differs.

    What left the folder becomes inactive; nothing is deleted but the sessions of people who left.
    Raises `OrganisationError` before or instead of any change.
    """
    return await apply_organisation(pool, read(folder), waker=waker)


async def apply_organisation(pool: Pool, wanted: Organisation, *, waker: Waker | None = None) -> list[str]:
    try:
        async with pool.acquire() as connection, connection.transaction():
            difference = compare(await store.lock(connection), wanted)
            if difference:
                await _write(connection, wanted, difference)
    except AWAY as error:
        raise Unavailable("The database is out of reach; nothing was applied.", retry_after_seconds=2) from error
    except asyncpg.UniqueViolationError as error:
        raise OrganisationError(
            "Two inboxes would hold one account. An inbox that left the folder keeps its account: use its id again."
        ) from error
    except asyncpg.CheckViolationError as error:
        raise OrganisationError(
            "A sector whose bots have talked keeps bots = true: its history says so. Use a new sector instead."
        ) from error
    if difference and waker is not None:
        for topic in (Topic.ORGANISATION, Topic.WAITING, Topic.SESSIONS):
            waker.wake(topic)
    return difference.lines


async def _write(connection: Connection, wanted: Organisation, difference: Difference) -> None:
    used = await store.queues_in_use(connection, difference.removed.get("queues", []))
    if used:
        words = ", ".join(f"{name} ({count} waiting)" for name, count in used.items())
        raise OrganisationError(f"Queues that left the folder are in use: {words}. Transfer the conversations first.")
    changed = {
        entity: [*difference.added.get(entity, ()), *difference.changed.get(entity, ())]
        for entity in difference.added.keys() | difference.changed.keys()
    }
    await store.save(connection, wanted, changed=changed, removed=difference.removed)
    await store.rerank(connection, difference.changed.get("queues", []))
    people = [wanted.users[email] for email in changed.get("users", ())]
    if people:
        await organisation_users.save(connection, people, activate=difference.added.get("users", []))
    await _see_off(connection, difference.removed.get("users", []))


async def _see_off(connection: Connection, emails: Sequence[str]) -> None:
    ids = await organisation_users.deactivate(connection, emails) if emails else []
    if not ids:
        return
    streams = {each: f"user:{each}" for each in ids}
    known = await events.last_versions(connection, list(streams.values()))
    await events.append(
        connection,
        [
            NewEvent(stream=stream, version=known.get(stream, 0) + 1, kind=UserDeactivated.__name__, actor=ACTOR,
                     sector_id=None, conversation_id=None, user_id=each, data={})
            for each, stream in streams.items()
        ],
    )  # fmt: skip
