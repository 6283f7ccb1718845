"""Somebody got another number or another user id, and WhatsApp says so: their conversations follow them."""

from collections.abc import Sequence

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain.conversation import Conversation
from server.domain.events import IdentityChanged
from server.domain.inbound import IdentityChange, MessageItem
from server.domain.model import IdentityKind
from server.domain.organisation import Inbox
from server.store import conversations, merges
from server.store.contacts import Identity


async def follow(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person]) -> None:
    """WhatsApp says that somebody's number or id changed: their conversations go on under the new one.

    After `people.resolve`, which has added the new address to the person, and before their conversations are locked.
    """
    changed = [(each, change) for each in arrivals if each in people and (change := _change(each))]
    if not changed:
        return
    connection, contact_ids = work.connection, {people[each].contact_id for each, _ in changed}
    held = await work.lock_many(await merges.on_whatsapp(connection, contact_ids))
    identities = {each.id: each for each in await merges.identities_of(connection, contact_ids)}
    moved: dict[int, Conversation] = {}
    for each, change in changed:
        person = people[each]
        for conversation in held.values():
            if conversation.contact_id != person.contact_id:
                continue
            to = _goes_to(work, conversation, each, change, person, identities)
            if to is None:
                continue
            conversation.identity_id = to
            moved[conversation.id] = conversation
            fact = IdentityChanged(what=change.what)
            work.record(conversation, fact, actor="customer", user_id=conversation.owner_id)
    if moved:
        # At once: whoever locks them later in this transaction reads them again.
        await conversations.save(connection, list(moved.values()))
        await merges.redirect(connection, [(each.id, each.identity_id) for each in moved.values()])


def _goes_to(
    work: Unit, conversation: Conversation, arrival: Arrival, change: IdentityChange, person: Person,
    identities: dict[int, Identity],
) -> int | None:  # fmt: skip
    """The identity the conversation answers to from now on; None when the change does not concern it."""
    inbox = work.organisation.inboxes.get(conversation.inbox_id)
    if inbox is not None and _portfolio(inbox) == _portfolio(arrival.inbox):
        return person.identity_id if change.after else conversation.identity_id
    # Elsewhere their user ids are others; a number that is theirs no more may be somebody else's soon.
    present = identities.get(conversation.identity_id)
    before = {each.value for each in change.before if each.kind is IdentityKind.PHONE}
    after = {each.value for each in change.after if each.kind is IdentityKind.PHONE}
    if present is None or present.kind is not IdentityKind.PHONE or present.value not in before:
        return None
    phones = (id for id, each in identities.items() if each.kind is IdentityKind.PHONE and each.value in after)
    return next(phones, None)


def _change(arrival: Arrival) -> IdentityChange | None:
    return arrival.item.change if isinstance(arrival.item, MessageItem) else None


def _portfolio(inbox: Inbox) -> str:
    return inbox.portfolio_id or inbox.account_id or inbox.external_id
