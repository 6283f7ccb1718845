"""Customers as people: found, read, merged and parted. Only through conversations the reader may read."""

from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.params import JSONBody

from server.actions import merges
from server.actions.unit import Services
from server.domain.access import Viewer, merges_contacts
from server.domain.errors import Invalid, NotFound
from server.store import contact_views, profiles
from server.store.contact_views import MergeRow
from server.store.rows import IdentityRow
from server.web.commands import Command
from server.web.parameters import Asker, Id, Ours, PathId, QueryWord
from server.web.present import identity_label
from server.web.serving import Content, serve
from server.web.snapshots import presenter
from server.web.wire import contacts as wire

_MOST_FOUND = 20
# So few letters would name everybody.
_FEWEST_LETTERS = 2
_FEWEST_DIGITS = 3


class MergeContacts(Command, frozen=True, kw_only=True):
    other_id: Id


@get("/api/contacts")
async def search_contacts(services: Ours, viewer: Asker, search: QueryWord = None) -> wire.ContactsFound:
    """At most 20 people whose name, handle or number holds what is searched for, who wrote last first."""
    words = (search or "").strip()
    digits = "".join(str(int(each)) for each in words if each.isdecimal())
    digits = digits if len(digits) >= _FEWEST_DIGITS and not any(each.isalpha() for each in words) else ""
    if len(words) < _FEWEST_LETTERS:
        raise Invalid("Search for two letters or more.", field="search")
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        rows = await contact_views.search(connection, viewer, words, digits or None, _MOST_FOUND)
    found = [speak.summary(row) for row in rows]
    return wire.ContactsFound(contacts=[wire.Found(contact=each.contact, conversation=each) for each in found])


@get("/api/contacts/{contact_id:int}")
async def contact(contact_id: PathId, services: Ours, viewer: Asker) -> wire.Person:
    """Their addresses, conversations and merges, as far as the reader may know of them."""
    speak = presenter(services, viewer)
    async with services.pool.acquire() as connection:
        id = await contact_views.follow(connection, contact_id)
        if id is None or not await contact_views.sees(connection, viewer, id):
            raise NotFound("This customer does not exist.")
        talks = [speak.summary(each) for each in await contact_views.conversations(connection, viewer, id)]
        identities = await contact_views.identities(connection, viewer, id)
        joined = await contact_views.merges(connection, viewer, id)
    newest = max(talks, key=lambda each: (each.last_message_at, each.id)).contact
    known = [_identity(each) for each in identities]
    return wire.Person(
        id=id, name=newest.name, username=newest.username,
        picture=next((each.picture for each in known if each.picture), None), identities=known, conversations=talks,
        merges=[_merge(each, viewer) for each in joined], may_merge=merges_contacts(viewer),
    )  # fmt: skip


@post("/api/contacts/{contact_id:int}/merge", status_code=200)
async def merge_contacts(
    contact_id: PathId, data: JSONBody[MergeContacts], services: Ours, viewer: Asker
) -> wire.Merged:
    """Says that two customers are one. For supervisors; it can be undone."""
    result = await merges.merge(services, viewer, contact_id, other_id=data.other_id, command_id=data.command_id)
    return msgspec.convert(result, wire.Merged)


@post("/api/merges/{merge_id:int}/undo", status_code=200)
async def undo_merge(merge_id: PathId, data: JSONBody[Command], services: Ours, viewer: Asker) -> wire.Unmerged:
    """Two customers again, each with what was theirs.

    A conversation that the merge ended goes on where it was, as old as it was, unless somebody has answered its
    customer since. One that was resolved before stays so.
    """
    return msgspec.convert(await merges.undo(services, viewer, merge_id, command_id=data.command_id), wire.Unmerged)


@get("/api/identities/{identity_id:int}/picture")
async def picture(identity_id: PathId, request: Request[Any, Any, Any], services: Ours, viewer: Asker) -> Response[Any]:
    """A small WebP of the picture Meta tells of somebody."""
    found = await _picture(services, viewer, identity_id)
    size = await services.files.size(found.key) if found else None
    if found is None or size is None:
        raise NotFound("There is no picture.")
    tag = found.key.rpartition("/")[2]
    content = Content(
        key=found.key, size=size, etag=f'"{tag}"', mime_type=found.mime_type, name=f"picture-{identity_id}.webp",
        inline=True,
    )  # fmt: skip
    return await serve(request, services.files, content)


async def _picture(services: Services, viewer: Viewer, identity_id: int) -> profiles.Picture | None:
    async with services.pool.acquire() as connection:
        found = await profiles.picture(connection, identity_id)
        if found is None or not await contact_views.sees(connection, viewer, found.contact_id):
            return None
        known = await contact_views.identities(connection, viewer, found.contact_id)
    return found if any(each.id == identity_id for each in known) else None


def _identity(row: IdentityRow) -> wire.KnownIdentity:
    return wire.KnownIdentity(
        id=row.id, kind=row.kind, label=identity_label(row.kind, row.value, row.username, row.name), name=row.name,
        picture=f"/api/identities/{row.id}/picture" if row.pictured else None,
    )  # fmt: skip


def _merge(row: MergeRow, viewer: Viewer) -> wire.Merge:
    return wire.Merge(
        id=row.id, by=cast(Any, row.by), by_name=row.by_name, at=row.at, identities=list(row.identity_ids),
        undone_at=row.undone_at, undone_by_name=row.undone_by_name,
        may_undo=row.undone_at is None and merges_contacts(viewer),
    )  # fmt: skip
