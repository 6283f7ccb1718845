"""Two contacts that are one person become one.

All of both people's conversations are locked first. Of two unresolved conversations in one inbox the owned one goes
on, else the older; the other is resolved and says so. Who sees only one side of a merge hears only that the contact
changed.
"""

from collections.abc import Iterable, Sequence

import msgspec

from server.actions import ownership, queueing, sla
from server.actions.queueing import Place
from server.actions.unit import Unit
from server.domain import merging
from server.domain.conversation import Conversation
from server.domain.errors import Conflict
from server.domain.events import ContactChanged, ContactsMerged, ConversationResolved
from server.domain.model import ConversationState
from server.store import conversations, merges, windows
from server.store.merges import Ended

EVIDENCE, PERSON = "evidence", "person"


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
    ended: list[Ended] = []
    for one, other in _clashes(held.values(), kept_id, gone_id):
        ended.append(await _end(work, merge_id, one, other, by=by, actor=actor))
        told |= {one.id, other.id}
    for each in held.values():
        if each.id not in told and each.state is not ConversationState.RESOLVED:
            fact = ContactsMerged(merge_id=merge_id, by=by) if each.sector_id in both else ContactChanged()
            work.record(each, fact, actor=actor, user_id=each.owner_id)
    await conversations.save(connection, list(held.values()))
    moved = await merges.move(connection, kept_id, gone_id)
    for each in held.values():
        each.contact_id = kept_id
    moved = msgspec.structs.replace(moved, ended=tuple(ended))
    await merges.add(connection, merge_id, kept_id, gone_id, by=by, user_id=user_id, moved=moved)
    return merge_id


async def _end(work: Unit, merge_id: int, one: Conversation, other: Conversation, *, by: str, actor: str) -> Ended:
    """One of two unresolved conversations of an inbox goes on and takes up what the other leaves; returns that."""
    goes_on = merging.goes_on(one, other)
    ended = other if goes_on is one else one
    place = (await queueing.last_places(work, [ended]))[ended.id]
    waited, state = merging.waits_for_people(ended), goes_on.state
    left = _left(ended, goes_on, place)
    merging.take_up(goes_on, ended)
    await windows.take_up_comment(work.connection, goes_on.id, ended.id)
    await ownership.let_go(work, [ended], reason="merged", actor=actor)
    ended.state, ended.resolved_at = ConversationState.RESOLVED, work.now
    ended.flow_state = ended.waiting_since = ended.snoozed_until = None
    ended.unread = 0
    await sla.stop(work, ended)
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
    return left


def _left(ended: Conversation, goes_on: Conversation, place: Place) -> Ended:
    return Ended(
        conversation_id=ended.id, state=ended.state, owner_id=ended.owner_id, queue_id=place.queue_id,
        entered_at=place.entered_at, skills=place.skills, flow_state=ended.flow_state,
        waiting_since=ended.waiting_since, last_inbound_at=ended.last_inbound_at, unread=ended.unread,
        goes_on_id=goes_on.id, goes_on_state=goes_on.state, goes_on_flow_state=goes_on.flow_state,
        goes_on_waiting_since=goes_on.waiting_since, goes_on_last_inbound_at=goes_on.last_inbound_at,
        unread_together=goes_on.unread + ended.unread,
    )  # fmt: skip


def _clashes(held: Iterable[Conversation], kept_id: int, gone_id: int) -> list[tuple[Conversation, Conversation]]:
    """The pairs of unresolved conversations that stand in one inbox."""
    unresolved = [each for each in held if each.state is not ConversationState.RESOLVED]
    ours = {each.inbox_id: each for each in unresolved if each.contact_id == kept_id}
    return [(ours[each.inbox_id], each) for each in unresolved if each.contact_id == gone_id and each.inbox_id in ours]


def _sectors(held: Iterable[Conversation], contact_id: int) -> set[str]:
    return {each.sector_id for each in held if each.contact_id == contact_id}
