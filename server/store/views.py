"""What the console reads: conversations, their messages, notes and facts, bounded by who reads."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.domain.access import Viewer, reads_every_conversation
from server.domain.model import ConversationState
from server.store.pool import Connection
from server.store.queries import Queries
from server.store.rows import FactRow, MessageRow, NoteRow, OfferRow, SummaryRow

_sql = Queries("views")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations a list shows, within what the person may read."""

    sectors: tuple[str, ...]
    states: tuple[ConversationState, ...]
    queue_id: str | None = None
    owner_id: int | None = None
    before: tuple[datetime, int] | None = None


class Cursor(msgspec.Struct, frozen=True):
    cursor: int
    now: datetime


async def cursor(connection: Connection) -> Cursor:
    """Where catch-up must begin for whoever reads a snapshot after this call."""
    [row] = await connection.fetch(_sql.cursor)
    return Cursor(row["cursor"], row["now"])


async def summaries(connection: Connection, ids: Sequence[int]) -> dict[int, SummaryRow]:
    rows = await connection.fetch(_sql.summaries, ids)
    return {row["id"]: msgspec.convert(dict(row), SummaryRow) for row in rows}


async def held(connection: Connection, viewer: Viewer) -> list[SummaryRow]:
    rows = await connection.fetch(_sql.held, viewer.user_id, sorted(_readable_sectors(viewer)))
    return [msgspec.convert(dict(row), SummaryRow) for row in rows]


async def page(connection: Connection, viewer: Viewer, chosen: Filter, limit: int) -> list[SummaryRow]:
    """The newest first; sectors the person does not have count for nothing."""
    before_at, before_id = chosen.before or (None, None)
    values = [
        sorted(_readable_sectors(viewer) & set(chosen.sectors)), chosen.states, chosen.queue_id, chosen.owner_id,
        before_at, before_id, limit,
    ]  # fmt: skip
    if reads_every_conversation(viewer):
        rows = await connection.fetch(_sql.page, *values)
    else:
        rows = await connection.fetch(_sql.page_of_advisor, *values, viewer.user_id)
    return [msgspec.convert(dict(row), SummaryRow) for row in rows]


async def readable(connection: Connection, viewer: Viewer, conversation_id: int) -> bool:
    """Whether this person may read the conversation: theirs, once theirs, or of a sector they oversee."""
    found = await connection.fetchval(
        _sql.readable,
        conversation_id,
        sorted(_readable_sectors(viewer)),
        viewer.user_id,
        reads_every_conversation(viewer),
    )
    return found is not None


async def thread(
    connection: Connection, conversation_id: int, *, before: int | None = None, limit: int = 50
) -> tuple[list[MessageRow], bool]:
    """Messages in ascending order, and whether older ones exist."""
    rows = await connection.fetch(_sql.thread, conversation_id, before, limit + 1)
    messages = [msgspec.convert(dict(row), MessageRow) for row in rows[:limit]]
    return messages[::-1], len(rows) > limit


async def last_referral(connection: Connection, conversation_id: int) -> MessageRow | None:
    """The message by which the customer last came from an advertisement or a link."""
    row = await connection.fetchrow(_sql.last_referral, conversation_id)
    return msgspec.convert(dict(row), MessageRow) if row else None


async def message(connection: Connection, message_id: int) -> MessageRow:
    [row] = await connection.fetch(_sql.message, message_id)
    return msgspec.convert(dict(row), MessageRow)


async def notes(connection: Connection, conversation_id: int) -> list[NoteRow]:
    rows = await connection.fetch(_sql.notes, conversation_id)
    return [msgspec.convert(dict(row), NoteRow) for row in reversed(rows)]


async def note(connection: Connection, note_id: int) -> NoteRow:
    [row] = await connection.fetch(_sql.note, note_id)
    return msgspec.convert(dict(row), NoteRow)


async def facts(connection: Connection, conversation_id: int, kinds: Sequence[str]) -> list[FactRow]:
    rows = await connection.fetch(_sql.facts, conversation_id, kinds)
    return [msgspec.convert(dict(row), FactRow) for row in reversed(rows)]


async def earlier(connection: Connection, viewer: Viewer, conversation_id: int) -> list[SummaryRow]:
    rows = await connection.fetch(
        _sql.earlier,
        conversation_id,
        sorted(_readable_sectors(viewer)),
        viewer.user_id,
        reads_every_conversation(viewer),
    )
    return [msgspec.convert(dict(row), SummaryRow) for row in rows]


async def draft(connection: Connection, viewer: Viewer, conversation_id: int) -> str:
    return await connection.fetchval(_sql.draft, viewer.user_id, conversation_id) or ""


async def offers(connection: Connection, viewer: Viewer) -> list[OfferRow]:
    rows = await connection.fetch(_sql.offers, viewer.user_id, sorted(_readable_sectors(viewer)))
    return [msgspec.convert({**row, "summary": dict(row["summary"])}, OfferRow) for row in rows]


def _readable_sectors(viewer: Viewer) -> frozenset[str]:
    """An owner who was not granted it reads no conversation anywhere."""
    return viewer.sectors if viewer.reads_messages else frozenset()
