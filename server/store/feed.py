"""The live feed: committed events with what they show, missed ones by cursor, and the sweep that misses nothing.

A cursor is a transaction id: every transaction older than it had ended, and was visible, when the cursor was read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from server.domain.access import Viewer, reads_every_conversation
from server.store.pool import Connection
from server.store.queries import Queries
from server.store.rows import MessageRow, NoteRow, OfferRow, SummaryRow

# More than this is read faster as a snapshot.
MOST_MISSED = 500

_sql = Queries("feed")


class Committed(NamedTuple):
    """As much of an event as processes tell each other."""

    id: int
    stream: str
    version: int


class Gap(NamedTuple):
    """Versions of a stream, strictly between, that were perhaps not shown yet."""

    stream: str
    after: int
    before: int


class PushRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event and what it shows now. `offer` only while pending, for its own advisor."""

    id: int
    stream: str
    version: int
    kind: str
    at: datetime
    actor: str
    actor_name: str | None
    subject_name: str | None
    sector_id: str | None
    conversation_id: int | None
    user_id: int | None
    data: dict[str, Any]
    summary: SummaryRow | None
    message: MessageRow | None
    note: NoteRow | None
    offer: OfferRow | None
    offer_advisor_id: int | None
    # Of the person whose own stream this is.
    user_sectors: tuple[str, ...]


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """`events` with whether the person may read their conversation; none, and `resync`, when there were too many.

    `heads`: the newest event of each sector the person reads as a whole, as beats carry them.
    """

    cursor: int
    heads: dict[str, int]
    resync: bool = False
    events: list[tuple[PushRow, bool]] = []


class Swept(msgspec.Struct, frozen=True):
    """`cursor` is where the next sweep begins; `recent` are the events at or after it."""

    cursor: int
    now: datetime
    heads: dict[str, int]
    events: list[Committed]
    recent: frozenset[int]


async def pushes(
    connection: Connection, ids: Sequence[int], gaps: Sequence[Gap] = (), cursor: int = 0
) -> list[PushRow]:
    """In the order they happened; with them whatever was committed inside the gaps since the cursor."""
    rows = await connection.fetch(
        _sql.pushes, ids, [gap.stream for gap in gaps], [gap.after for gap in gaps], [gap.before for gap in gaps],
        str(cursor),
    )  # fmt: skip
    return [_push(row) for row in rows]


async def missed(connection: Connection, viewer: Viewer, cursor: int, most: int = MOST_MISSED) -> Missed:
    """What happened since the cursor that this person may see now, in order."""
    whole = reads_every_conversation(viewer)
    sectors = sorted(viewer.sectors) if viewer.reads_messages else []
    [row] = await connection.fetch(_sql.since, cursor, viewer.user_id, sectors, whole, most + 1)
    heads = row["heads"] if whole else {}
    # A cursor from the future belongs to a database that was since restored from a backup.
    if len(row["ids"]) > most or row["from_the_future"]:
        return Missed(cursor=row["cursor"], heads=heads, resync=True)
    rows = await pushes(connection, row["ids"]) if row["ids"] else []
    conversations = {each.conversation_id for each in rows if each.conversation_id is not None}
    if not whole and conversations:
        kept = await connection.fetch(_sql.readable_among, list(conversations), viewer.user_id, sectors)
        conversations = {each["id"] for each in kept}
    events = [(each, each.sector_id in sectors and each.conversation_id in conversations) for each in rows]
    return Missed(cursor=row["cursor"], heads=heads, events=events)


async def sweep(connection: Connection, cursor: int, limit: int) -> Swept:
    """The events since the cursor, at most `limit`; with 0 only where the feed stands."""
    [row] = await connection.fetch(_sql.sweep, cursor, limit)
    events = row["events"]
    reached: int = row["cursor"]
    if limit and len(events) == limit:
        # There is more: go on from the last one seen.
        reached = min(reached, events[-1][3])
    return Swept(
        cursor=reached, now=row["now"], heads=row["heads"], events=[Committed(*event[:3]) for event in events],
        recent=frozenset(event[0] for event in events if event[3] >= reached),
    )  # fmt: skip


async def begin_anew(connection: Connection) -> None:
    """After a restore: the stored transactions are another cluster's, perhaps still to come in this one."""
    await connection.execute(_sql.begin_anew)


async def place(connection: Connection) -> str:
    found: str = await connection.fetchval(_sql.place)
    return found


async def fix_plans(connection: Connection) -> None:
    await connection.execute(_sql.fix_plans)


def _push(row: Any) -> PushRow:
    fields = dict(row)
    for name in ("summary", "message"):
        fields[name] = dict(fields[name]) if fields[name] is not None else None
    fields["user_sectors"] = fields["user_sectors"] or ()
    fields["note"] = _note(fields) if fields["note_id"] is not None else None
    fields["offer"] = _offer(fields) if fields["offer_id"] is not None and fields["summary"] else None
    return msgspec.convert(fields, PushRow)


def _note(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[f"note_{name}"] for name in ("id", "author_id", "author_name", "text", "at")}


def _offer(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "offer_id": fields["offer_id"], "offered_at": fields["offered_at"], "expires_at": fields["expires_at"],
        "skills": fields["offer_skills"], "wants": fields["wants"], "summary": fields["summary"],
    }  # fmt: skip
