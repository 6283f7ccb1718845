"""Two contacts that are one person become one, and are parted again when that was wrong.

All of both people's conversations are locked first. Of two unresolved conversations in one inbox the owned one goes
on, else the older; the other is resolved and says so. Who sees only one side of a merge hears only that the contact
changed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from server.actions import ownership, queueing, sla
from server.actions.arrivals import scope_of
from server.actions.unit import Services, Unit, unit
from server.domain import merging
from server.domain.access import Viewer, merges_contacts
from server.domain.conversation import Conversation
from server.domain.errors import Conflict, Forbidden, Invalid, NotFound
from server.domain.events import ContactChanged, ContactsMerged, ContactsSeparated, ConversationResolved
from server.domain.inbound import Address
from server.domain.model import Channel, ConversationState, IdentityKind, TimerState
from server.domain.organisation import Inbox
from server.store import commands, contact_views, conversations, merges
from server.store import sla as timers
from server.store.contacts import Identity

EVIDENCE, PERSON = "evidence", "person"
_GONE = "This customer does not exist."
_KINDS = {
    Channel.WHATSAPP: (IdentityKind.PHONE, IdentityKind.WHATSAPP_USER),
    Channel.MESSENGER: (IdentityKind.PAGE_USER,),
    Channel.INSTAGRAM: (IdentityKind.INSTAGRAM_USER,),
}


async def merge(
    services: Services, viewer: Viewer, contact_id: int, *, other_id: int, command_id: str
) -> dict[str, Any]:
    """Returns `{merge_id, contact_id}`: the contact that stays.

    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    act = f"merge contacts {contact_id} {other_id}"
    async with unit(services) as work:
        connection = work.connection
        first = await commands.first_result(connection, viewer.user_id, command_id, act)
        if first is not None:
            await _expect_visible(work, viewer, first["contact_id"])
            return first
        await merges.take_turn(connection)
        for each in (contact_id, other_id):
            await _expect_visible(work, viewer, each)
        if not merges_contacts(viewer):
            raise Forbidden("Only a supervisor can do this.")
        if contact_id == other_id:
            raise Invalid("Choose another customer: this is the same one.", field="other_id")
        merge_id = await unite(work, [contact_id, other_id], by=PERSON, actor=viewer.actor, user_id=viewer.user_id)
        result = {"merge_id": merge_id, "contact_id": merging.kept([contact_id, other_id])}
        await commands.keep_result(connection, viewer.user_id, command_id, act, result)
    return result


async def undo(services: Services, viewer: Viewer, merge_id: int, *, command_id: str) -> dict[str, Any]:
    """Gives everything back. Returns `{merge_id, contact_id, other_id}`. Raises `NotFound`, `Forbidden`, `Conflict`."""
    act = f"undo merge {merge_id}"
    async with unit(services) as work:
        connection = work.connection
        first = await commands.first_result(connection, viewer.user_id, command_id, act)
        if first is not None:
            await _expect_visible(work, viewer, first["contact_id"])
            return first
        await merges.take_turn(connection)
        if not await contact_views.sees_merge(connection, viewer, merge_id):
            raise NotFound("This merge does not exist.")
        if not merges_contacts(viewer):
            raise Forbidden("Only a supervisor can do this.")
        kept_id, gone_id = await _separate(work, viewer, merge_id)
        result = {"merge_id": merge_id, "contact_id": kept_id, "other_id": gone_id}
        await commands.keep_result(connection, viewer.user_id, command_id, act, result)
    return result


async def unite(work: Unit, contact_ids: Sequence[int], *, by: str, actor: str, user_id: int | None = None) -> int:
    """Joins two contacts in the caller's transaction; returns the merge. Raises `Conflict` when one is gone already.

    The conversations are written at once: whoever locks them later in this transaction reads what became of them.
    """
    connection = work.connection
    held = await work.lock_many(await merges.conversations_of(connection, contact_ids))
    if await merges.lock_contacts(connection, contact_ids) != set(contact_ids):
        raise Conflict("These customers were merged already.")
    kept_id = merging.kept(contact_ids)
    gone_id = next(each for each in contact_ids if each != kept_id)
    merge_id = await merges.new_id(connection)
    both = _sectors(held.values(), kept_id) & _sectors(held.values(), gone_id)
    told: set[int] = set()
    for one, other in _clashes(held.values(), kept_id, gone_id):
        await _end(work, merge_id, one, other, by=by, actor=actor)
        told |= {one.id, other.id}
    for each in held.values():
        if each.id not in told and each.state is not ConversationState.RESOLVED:
            fact = ContactsMerged(merge_id=merge_id, by=by) if each.sector_id in both else ContactChanged()
            work.record(each, fact, actor=actor, user_id=each.owner_id)
    await conversations.save(connection, list(held.values()))
    moved = await merges.move(connection, kept_id, gone_id)
    for each in held.values():
        each.contact_id = kept_id
    await merges.add(connection, merge_id, kept_id, gone_id, by=by, user_id=user_id, moved=moved)
    return merge_id


async def _end(work: Unit, merge_id: int, one: Conversation, other: Conversation, *, by: str, actor: str) -> None:
    """One of two unresolved conversations of an inbox goes on and takes up what the other leaves."""
    goes_on = merging.goes_on(one, other)
    ended = other if goes_on is one else one
    place = (await queueing.last_places(work, [ended]))[ended.id]
    waited, state = merging.waits_for_people(ended), goes_on.state
    merging.take_up(goes_on, ended)
    await ownership.let_go(work, [ended], reason="merged", actor=actor)
    ended.state, ended.resolved_at = ConversationState.RESOLVED, work.now
    ended.flow_state = ended.waiting_since = ended.snoozed_until = None
    ended.unread = 0
    clocks = await timers.at_work(work.connection, [ended.id])
    for clock in clocks:
        clock.state = TimerState.CANCELLED
    if clocks:
        await timers.write(work.connection, clocks)
    fact = ContactsMerged(merge_id=merge_id, by=by, goes_on_id=goes_on.id)
    work.record(ended, fact, actor=actor)
    work.record(ended, ConversationResolved(), actor=actor)
    fact = ContactsMerged(merge_id=merge_id, by=by, took_up_id=ended.id)
    work.record(goes_on, fact, actor=actor, user_id=goes_on.owner_id)
    if waited and state is ConversationState.BOT:
        # People were asked for; that the bot was here first does not take them away again.
        await queueing.put_back(work, [(goes_on, place)], reason="merged", actor=actor)
    elif goes_on.waiting_since is not None:
        await sla.customer_wrote_many(work, [goes_on])


async def _separate(work: Unit, viewer: Viewer, merge_id: int) -> tuple[int, int]:
    connection = work.connection
    merge = await merges.lock(connection, merge_id)
    if merge is None:
        raise NotFound("This merge does not exist.")
    held = await work.lock_many(await merges.conversations_of(connection, [merge.kept_id]))
    if merge.undone_at is not None:
        raise Conflict("This merge was undone already.")
    if not await merges.still_whole(connection, merge):
        raise Conflict("These customers were merged with another one since. Undo that first.")
    identities = await merges.identities_of(connection, [merge.kept_id])
    theirs = {each.id: each for each in identities if each.id in merge.moved.identities}
    ours = {each.id: each for each in identities if each.id not in theirs}
    # What was theirs goes with them, and what began since through one of their addresses.
    back = [
        each for each in held.values()
        if each.id in merge.moved.conversations
        or (each.identity_id in theirs and (each.opened_at >= merge.at or own_address(work, each, ours) is None))
    ]  # fmt: skip
    stay = [each for each in held.values() if each not in back]
    for talks, own in ((back, theirs), (stay, ours)):
        for each in talks:
            # While they were one, it may have come to answer to an address that is the other's again.
            if each.identity_id not in own and (address := own_address(work, each, own)) is not None:
                each.identity_id = address
    both = _sectors_of(back) & _sectors_of(stay)
    for each in held.values():
        if each.state is not ConversationState.RESOLVED or each.id in merge.moved.conversations:
            fact = ContactsSeparated(merge_id=merge_id) if each.sector_id in both else ContactChanged()
            work.record(each, fact, actor=viewer.actor, user_id=each.owner_id)
    await conversations.save(connection, list(held.values()))
    await merges.give_back(connection, merge, [each.id for each in back], viewer.user_id)
    for each in back:
        each.contact_id = merge.gone_id
    await merges.redirect(connection, [(each.id, each.identity_id) for each in held.values()])
    return merge.kept_id, merge.gone_id


def own_address(work: Unit, conversation: Conversation, own: dict[int, Identity]) -> int | None:
    """The newest of these identities that can be written to through the conversation's inbox."""
    inbox = work.organisation.inboxes.get(conversation.inbox_id)
    return max((id for id, each in own.items() if inbox and _reaches(inbox, each)), default=None)


def _reaches(inbox: Inbox, identity: Identity) -> bool:
    kinds = _KINDS[inbox.channel]
    return identity.kind in kinds and identity.scope == scope_of(inbox, Address(identity.kind, identity.value))


def _clashes(held: Iterable[Conversation], kept_id: int, gone_id: int) -> list[tuple[Conversation, Conversation]]:
    """The pairs of unresolved conversations that stand in one inbox."""
    unresolved = [each for each in held if each.state is not ConversationState.RESOLVED]
    ours = {each.inbox_id: each for each in unresolved if each.contact_id == kept_id}
    return [(ours[each.inbox_id], each) for each in unresolved if each.contact_id == gone_id and each.inbox_id in ours]


def _sectors(held: Iterable[Conversation], contact_id: int) -> set[str]:
    return _sectors_of(each for each in held if each.contact_id == contact_id)


def _sectors_of(talks: Iterable[Conversation]) -> set[str]:
    return {each.sector_id for each in talks}


async def _expect_visible(work: Unit, viewer: Viewer, contact_id: int) -> None:
    if not await contact_views.sees(work.connection, viewer, contact_id):
        raise NotFound(_GONE)
