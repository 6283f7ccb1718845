"""A merge of two contacts is undone: each gets back what was theirs, and what began since through their addresses.

Whoever waited in a conversation that the merge ended waits there again (`restoring`).
"""

from collections.abc import Iterable

from server.actions import restoring
from server.actions.arrivals import scope_of
from server.actions.unit import Unit
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Conflict, NotFound
from server.domain.events import ContactChanged, ContactsSeparated
from server.domain.inbound import Address
from server.domain.model import Channel, ConversationState, IdentityKind
from server.domain.organisation import Inbox
from server.store import conversations, merges
from server.store.contacts import Identity

_KINDS = {
    Channel.WHATSAPP: (IdentityKind.PHONE, IdentityKind.WHATSAPP_USER),
    Channel.MESSENGER: (IdentityKind.PAGE_USER,),
    Channel.INSTAGRAM: (IdentityKind.INSTAGRAM_USER,),
}


async def part(work: Unit, viewer: Viewer, merge_id: int) -> tuple[int, int]:
    """Undoes a merge; returns the contact that stayed and the one that is back. Raises `NotFound`, `Conflict`."""
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
    waiting = await restoring.unanswered(work, merge, back, stay, theirs=theirs, ours=ours)
    both = _sectors(back) & _sectors(stay)
    for each in held.values():
        if each.state is not ConversationState.RESOLVED or each.id in merge.moved.conversations:
            fact = ContactsSeparated(merge_id=merge_id) if each.sector_id in both else ContactChanged()
            work.record(each, fact, actor=viewer.actor, user_id=each.owner_id)
    await conversations.save(connection, list(held.values()))
    await merges.give_back(connection, merge, [each.id for each in back], viewer.user_id)
    for each in back:
        each.contact_id = merge.gone_id
    await merges.redirect(connection, [(each.id, each.identity_id) for each in held.values()])
    await restoring.restore(work, merge, waiting, actor=viewer.actor)
    return merge.kept_id, merge.gone_id


def own_address(work: Unit, conversation: Conversation, own: dict[int, Identity]) -> int | None:
    """The newest of these identities that can be written to through the conversation's inbox."""
    inbox = work.organisation.inboxes.get(conversation.inbox_id)
    return max((id for id, each in own.items() if inbox and _reaches(inbox, each)), default=None)


def _reaches(inbox: Inbox, identity: Identity) -> bool:
    kinds = _KINDS[inbox.channel]
    return identity.kind in kinds and identity.scope == scope_of(inbox, Address(identity.kind, identity.value))


def _sectors(talks: Iterable[Conversation]) -> set[str]:
    return {each.sector_id for each in talks}
