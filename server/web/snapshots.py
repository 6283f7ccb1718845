"""What a page starts from, for the API and for pages alike. Each begins with the cursor, so that nothing falls between
a snapshot and the events after it.
"""

from datetime import UTC, datetime, timedelta

from server.actions.sessions import Authenticated
from server.actions.unit import Services
from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound
from server.domain.model import ConversationState
from server.store import contact_views, labels, suppressions, timers, users, views
from server.store.pool import Connection
from server.store.views import Filter
from server.web import limits, present, window, wire, words
from server.web.may import may
from server.web.present import Presenter

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = ConversationState
# 'all' is all there is to do; 'mine' is what the person holds.
VIEWS: dict[str, tuple[ConversationState, ...]] = {
    "all": (_STATES.BOT, _STATES.QUEUED, _STATES.OFFERED, _STATES.ASSIGNED, _STATES.SNOOZED),
    "queued": (_STATES.QUEUED, _STATES.OFFERED),
    "assigned": (_STATES.ASSIGNED, _STATES.SNOOZED),
    "bot": (_STATES.BOT,),
    "resolved": (_STATES.RESOLVED,),
    "mine": (_STATES.ASSIGNED, _STATES.SNOOZED),
}


async def me(services: Services, who: Authenticated) -> wire.Me:
    async with services.pool.acquire() as connection:
        return await _me(connection, services, who)


async def inbox(services: Services, who: Authenticated) -> wire.Inbox:
    speak = presenter(services, who.viewer)
    async with services.pool.acquire() as connection:
        start = await views.cursor(connection)
        return wire.Inbox(
            cursor=start.cursor, now=start.now, me=await _me(connection, services, who),
            conversations=[speak.summary(row) for row in await views.held(connection, who.viewer)],
            offers=[speak.offer(row) for row in await views.offers(connection, who.viewer)],
        )  # fmt: skip


async def conversations(
    services: Services, viewer: Viewer, *, view: str = "all", sector: str | None = None, queue: str | None = None,
    owner: int | None = None, before: str | None = None,
) -> wire.ConversationPage:  # fmt: skip
    """Raises `Invalid` for an unknown view or a cursor that is none of ours."""
    if view not in VIEWS:
        raise Invalid(f"A view is one of {', '.join(VIEWS)}.", field="view")
    chosen = Filter(
        sectors=(sector,) if sector else tuple(viewer.sectors), states=VIEWS[view], queue_id=queue,
        owner_id=viewer.user_id if view == "mine" else owner, before=_read_cursor(before) if before else None,
    )  # fmt: skip
    async with services.pool.acquire() as connection:
        rows = await views.page(connection, viewer, chosen, PAGE + 1)
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    speak = presenter(services, viewer)
    return wire.ConversationPage(
        conversations=[speak.summary(row) for row in rows[:PAGE]],
        next=_cursor(more.last_message_at, more.id) if more else None,
    )


async def thread(services: Services, viewer: Viewer, conversation_id: int) -> wire.Thread:
    """Raises `NotFound`, also for what lies behind a wall."""
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        await expect_readable(connection, viewer, conversation_id)
        start = await views.cursor(connection)
        # Before the messages: they may then be newer than the version says, never older.
        row = (await views.summaries(connection, [conversation_id]))[conversation_id]
        messages, more = await views.thread(connection, conversation_id, limit=PAGE)
        referred = await views.last_referral(connection, conversation_id)
        return wire.Thread(
            cursor=start.cursor, conversation=speak.summary(row), more=more,
            timers=[present.timer(each) for each in await timers.at_work(connection, conversation_id)],
            messages=[speak.message(each) for each in messages],
            notes=[present.note(each) for each in await views.notes(connection, conversation_id)],
            facts=[speak.fact(each) for each in await views.facts(connection, conversation_id, words.SHOWN)],
            context=wire.Context(
                identities=present.identities(await contact_views.identities(connection, viewer, row.contact_id)),
                earlier=[speak.summary(each) for each in await views.earlier(connection, viewer, conversation_id)],
                labels=speak.labels(
                    row.sector_id, await labels.of_contact(connection, row.contact_id, row.sector_id)
                ),
                referral=speak.message(referred).referral if referred else None,
            ),
            draft=await views.draft(connection, viewer, conversation_id),
            may=may(viewer, row), limits=limits.told(row.channel),
            window=window.told(
                row, await suppressions.of_contact(connection, row.contact_id, row.inbox_id), start.now, speak
            ),
        )  # fmt: skip


async def older_messages(services: Services, viewer: Viewer, conversation_id: int, before: int) -> wire.MessagePage:
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        await expect_readable(connection, viewer, conversation_id)
        messages, more = await views.thread(connection, conversation_id, before=before, limit=PAGE)
    return wire.MessagePage(messages=[speak.message(each) for each in messages], more=more)


async def expect_readable(connection: Connection, viewer: Viewer, conversation_id: int) -> None:
    if not await views.readable(connection, viewer, conversation_id):
        raise NotFound("This conversation does not exist.")


def presenter(services: Services, viewer: Viewer) -> Presenter:
    return Presenter(services.organisation(), viewer.language)


async def _me(connection: Connection, services: Services, who: Authenticated) -> wire.Me:
    profile = await users.profile(connection, who.viewer.user_id)
    return presenter(services, who.viewer).me(who.viewer, profile, who.csrf_token)


def _cursor(at: datetime, conversation_id: int) -> str:
    # Whole microseconds: a float would lose the last one, and with it a row.
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{conversation_id}"


def _read_cursor(text: str) -> tuple[datetime, int]:
    try:
        moment, conversation_id = (int(part) for part in text.split("-"))
        if not 0 <= conversation_id < 2**63:
            raise ValueError
        return _EPOCH + timedelta(microseconds=moment), conversation_id
    except (ValueError, OverflowError):
        raise Invalid("Ask for the next page with the cursor the last one gave.", field="before") from None
