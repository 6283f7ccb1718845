"""The desk's list of conversations: by what is due first, or the newest first."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from litestar import get

from server.actions.unit import Services
from server.domain.access import Viewer, reads_every_conversation
from server.domain.errors import Forbidden, Invalid
from server.domain.model import ConversationState
from server.store import due
from server.store.due import NEVER, Place
from server.web import snapshots, wire
from server.web.parameters import Asker, Ours, QueryId, QueryWord
from server.web.snapshots import PAGE, VIEWS, presenter

Order = Literal["due", "newest"]
# Beside those of `snapshots.VIEWS`: what is late, whatever its state.
OVERDUE = "overdue"
# What has no clock that could be due comes as it always did.
_TIMELESS = {ConversationState.BOT, ConversationState.RESOLVED}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@get("/api/desk/conversations")
async def desk_conversations(
    services: Ours, viewer: Asker, view: QueryWord = None, sector: QueryWord = None, queue: QueryWord = None,
    owner: QueryId = None, order: QueryWord = None, before: QueryWord = None,
) -> wire.ConversationPage:  # fmt: skip
    """What is due first leads, 50 a page, then what has no clock; or, with `order=newest`, the newest.

    Views: all (unresolved), overdue, queued, assigned, bot, resolved. For those who read every conversation of their
    sectors. `next` goes into `before`.
    """
    if not reads_every_conversation(viewer):
        raise Forbidden("Your role does not read every conversation.")
    return await read(services, viewer, view=view or "all", sector=sector, queue=queue, owner=owner,
                      order=order or "due", before=before)  # fmt: skip


async def read(
    services: Services, viewer: Viewer, *, view: str = "all", sector: str | None = None, queue: str | None = None,
    owner: int | None = None, order: str = "due", before: str | None = None,
) -> wire.ConversationPage:  # fmt: skip
    """Raises `Invalid` for an unknown view or order, or a cursor that is none of ours."""
    if view != OVERDUE and view not in VIEWS:
        raise Invalid(f"A view is one of {', '.join([*VIEWS, OVERDUE])}.", field="view")
    if order not in ("due", "newest"):
        raise Invalid("The order is due or newest.", field="order")
    if view != OVERDUE and (order == "newest" or _TIMELESS.issuperset(VIEWS[view])):
        return await snapshots.conversations(
            services, viewer, view=view, sector=sector, queue=queue, owner=owner, before=before
        )
    chosen = due.Chosen(
        sectors=(sector,) if sector else tuple(viewer.sectors), states=VIEWS["all" if view == OVERDUE else view],
        overdue=view == OVERDUE, queue_id=queue, owner_id=viewer.user_id if view == "mine" else owner,
        after=_read_cursor(before) if before else None,
    )  # fmt: skip
    async with services.pool.acquire() as connection:
        rows = await due.page(connection, viewer, chosen, PAGE + 1)
    speak = presenter(services, viewer)
    return wire.ConversationPage(
        conversations=[speak.summary(row) for _, row in rows[:PAGE]],
        next=_cursor(rows[PAGE - 1][0]) if len(rows) > PAGE else None,
    )


def _cursor(place: Place) -> str:
    return f"{_micros(place.due_at)}-{_micros(place.last_message_at)}-{place.id}"


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _read_cursor(text: str) -> Place:
    try:
        due_at, last_message_at, conversation_id = (int(part) for part in text.split("-"))
        if not 0 <= conversation_id < 2**63:
            raise ValueError
        times = [_EPOCH + timedelta(microseconds=each) for each in (due_at, last_message_at)]
        return Place(min(times[0], NEVER), times[1], conversation_id)
    except (ValueError, OverflowError):
        raise Invalid("Ask for the next page with the cursor the last one gave.", field="before") from None
