"""For administrators: who there is, and what could not be applied."""

from litestar import get

from server.actions import users
from server.domain.access import Viewer, administers
from server.domain.errors import Forbidden
from server.store import quarantine
from server.web import wire
from server.web.parameters import Asker, Ours, QueryId

_PAGE = 50


@get("/api/users")
async def list_users(services: Ours, viewer: Asker) -> wire.Users:
    """The people of the administrator's sectors. They are added and deactivated with `majlis user`."""
    _expect_administrator(viewer)
    return wire.Users(users=[
        wire.User(
            id=each.id, email=each.email, name=each.name, role=each.role, active=each.active,
            sectors=sorted(viewer.sectors.intersection(each.sectors)), has_password=each.has_password,
            seen_at=each.seen_at,
        )
        for each in await users.list_users(services)
        if viewer.sectors.intersection(each.sectors)
    ])  # fmt: skip


@get("/api/quarantine")
async def list_quarantine(services: Ours, viewer: Asker, before: QueryId = None) -> wire.QuarantinePage:
    """Webhook items set aside, the newest first, with the reason and the beginning of their bytes."""
    _expect_administrator(viewer)
    async with services.pool.acquire() as connection:
        rows = await quarantine.page(connection, viewer, before=before, limit=_PAGE + 1)
    items = [
        wire.QuarantineItem(
            id=row.id, received_at=row.received_at, created_at=row.created_at, replayed_at=row.replayed_at,
            sector=row.sector_id, inbox=row.inbox_id, path=row.path, reason=row.reason, detail=row.detail,
            # A customer's words stay with those who may read them; the reason is there for everybody who mends.
            body=row.body if viewer.reads_messages else "",
        )
        for row in rows[:_PAGE]
    ]  # fmt: skip
    return wire.QuarantinePage(items=items, next=items[-1].id if len(rows) > _PAGE else None)


def _expect_administrator(viewer: Viewer) -> None:
    if not administers(viewer):
        raise Forbidden("This is for administrators.")
