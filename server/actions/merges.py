"""People join two customers that are one person, and part them again when that was wrong."""

from typing import Any

from server.actions import parting, uniting
from server.actions.unit import Services, Unit, unit
from server.domain import merging
from server.domain.access import Viewer, merges_contacts
from server.domain.errors import Forbidden, Invalid, NotFound
from server.store import commands, contact_views, merges


async def merge(
    services: Services, viewer: Viewer, contact_id: int, *, other_id: int, command_id: str
) -> dict[str, Any]:
    """Returns `{merge_id, contact_id}`: the contact that stays.

    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    act = f"merge contacts {contact_id} {other_id}"
    async with unit(services) as work:
        if (first := await _first_result(work, viewer, command_id, act)) is not None:
            return first
        for each in (contact_id, other_id):
            await _expect_visible(work, viewer, each)
        if not merges_contacts(viewer):
            raise Forbidden("Only a supervisor can do this.")
        if contact_id == other_id:
            raise Invalid("Choose another customer: this is the same one.", field="other_id")
        merge_id = await uniting.unite(
            work, [contact_id, other_id], by=uniting.PERSON, actor=viewer.actor, user_id=viewer.user_id
        )
        result = {"merge_id": merge_id, "contact_id": merging.kept([contact_id, other_id])}
        await commands.keep_result(work.connection, viewer.user_id, command_id, act, result)
    return result


async def undo(services: Services, viewer: Viewer, merge_id: int, *, command_id: str) -> dict[str, Any]:
    """Gives everything back. Returns `{merge_id, contact_id, other_id}`. Raises `NotFound`, `Forbidden`, `Conflict`."""
    act = f"undo merge {merge_id}"
    async with unit(services) as work:
        if (first := await _first_result(work, viewer, command_id, act)) is not None:
            return first
        if not await contact_views.sees_merge(work.connection, viewer, merge_id):
            raise NotFound("This merge does not exist.")
        if not merges_contacts(viewer):
            raise Forbidden("Only a supervisor can do this.")
        kept_id, gone_id = await parting.part(work, viewer, merge_id)
        result = {"merge_id": merge_id, "contact_id": kept_id, "other_id": gone_id}
        await commands.keep_result(work.connection, viewer.user_id, command_id, act, result)
    return result


async def _first_result(work: Unit, viewer: Viewer, command_id: str, act: str) -> dict[str, Any] | None:
    """What the same command led to before, as far as the person may still see it; else the turn to merge is ours."""
    first = await commands.first_result(work.connection, viewer.user_id, command_id, act)
    if first is None:
        await merges.take_turn(work.connection)
    else:
        await _expect_visible(work, viewer, first["contact_id"])
    return first


async def _expect_visible(work: Unit, viewer: Viewer, contact_id: int) -> None:
    if not await contact_views.sees(work.connection, viewer, contact_id):
        raise NotFound("This customer does not exist.")
