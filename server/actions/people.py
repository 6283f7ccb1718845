"""Finds or makes the contact behind each arrival, for a whole batch at once."""

from collections.abc import Iterable, Sequence

import msgspec

from server.actions import evidence
from server.actions.arrivals import Arrival, person_of, scope_of
from server.actions.evidence import Named
from server.actions.unit import Topic, Unit
from server.domain import languages
from server.domain.conversation import Conversation
from server.domain.events import IdentityChanged
from server.domain.inbound import IdentityChange, MessageItem, Sender
from server.domain.model import IdentityKind
from server.domain.organisation import Inbox
from server.store import contacts, conversations, merges, profiles
from server.store.contacts import Identity, Key, NewContact


class Person(msgspec.Struct, frozen=True):
    contact_id: int
    # The most stable identity: where replies go.
    identity_id: int


def keys_of(arrivals: Iterable[Arrival]) -> list[Key]:
    """Everybody named, under every address."""
    return sorted({key for each in arrivals if (sender := person_of(each.item)) for key in _keys(each, sender)})


async def resolve(work: Unit, arrivals: Sequence[Arrival], known: dict[Key, Identity]) -> dict[Arrival, Person]:
    """The person of each arrival that has one; people never met before are added. Profile names follow Meta's.

    Contacts that an item proves to be one person are merged, before their conversations are locked for anything else.
    """
    named = [
        Named(each, sender, tuple(_keys(each, sender)))
        for each in arrivals
        if (sender := person_of(each.item)) and sender.addresses
    ]
    freed = await evidence.weigh(work, named, known)
    await _add_missing(work, named, known, freed)
    await _follow_names(work, named, known)
    await _meet(work, named, known)
    found = {}
    for each in named:
        identity = known[each.keys[0]]
        found[each.arrival] = Person(identity.contact_id, identity.id)
    return found


async def follow_change(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person]) -> None:
    """WhatsApp says that somebody's number or id changed: their conversations go on under the new one.

    After `resolve`, which has added the new address to the person, and before their conversations are locked.
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


async def _add_missing(
    work: Unit, named: Sequence[Named], known: dict[Key, Identity], freed: dict[Key, Identity]
) -> None:
    strangers: list[Named] = []
    claimed: set[Key] = set()
    for each in named:
        if not any(key in known or key in claimed for key in each.keys):
            strangers.append(each)
        claimed.update(each.keys)
    if not claimed - known.keys():
        return
    missing = len(claimed - known.keys() - freed.keys())
    contact_ids, identity_ids = await contacts.new_ids(work.connection, len(strangers), missing)
    added = [
        NewContact(id=id, name=each.sender.name, language=_language(each.arrival))
        for id, each in zip(contact_ids, strangers, strict=True)
    ]
    fresh = iter(identity_ids)
    owner_of = {key: id for id, each in zip(contact_ids, strangers, strict=True) for key in each.keys}
    new: list[Identity] = []
    given: list[Identity] = []
    for each in named:
        # The most stable address that is known says who this is; the others become that person's too.
        contact_id = next((known[key].contact_id for key in each.keys if key in known), None)
        if contact_id is None:
            contact_id = next(owner_of[key] for key in each.keys if key in owner_of)
        for key in each.keys:
            if key in known:
                continue
            if key in freed:
                known[key] = msgspec.structs.replace(freed[key], contact_id=contact_id)
                given.append(known[key])
            else:
                known[key] = _identity(next(fresh), contact_id, key, each)
                new.append(known[key])
    await contacts.add(work.connection, added)
    await contacts.add_identities(work.connection, new)
    for each_given in given:
        await merges.move_identity(work.connection, each_given.id, each_given.contact_id)
    if asked := [each.id for each in new if each.kind in (IdentityKind.PAGE_USER, IdentityKind.INSTAGRAM_USER)]:
        # Meta tells their names when asked; a worker asks, for the intake waits for nobody.
        await profiles.expect(work.connection, asked)
        work.wake(Topic.PROFILES)


async def _follow_names(work: Unit, named: Iterable[Named], known: dict[Key, Identity]) -> None:
    changed = {}
    for each in named:
        if not isinstance(each.arrival.item, MessageItem):
            continue
        sender = each.sender
        for key in each.keys:
            name, username = sender.name or known[key].name, sender.username or known[key].username
            if (name, username) != (known[key].name, known[key].username):
                known[key] = changed[key] = msgspec.structs.replace(known[key], name=name, username=username)
    if changed:
        await contacts.rename(work.connection, list(changed.values()))


async def _meet(work: Unit, named: Iterable[Named], known: dict[Key, Identity]) -> None:
    """Each sector learns the addresses it was written from, and no others of the person."""
    met: dict[tuple[int, str], None] = {}
    for each in named:
        for key in each.keys:
            identity, sector_id = known[key], each.arrival.sector.id
            if sector_id not in identity.met:
                known[key] = msgspec.structs.replace(identity, met=(*identity.met, sector_id))
                met[identity.id, sector_id] = None
    # A statement writes a row once, so one met by two sectors in one batch takes two.
    while met:
        first = dict(reversed(met.keys()))
        await contacts.meet(work.connection, list(first.items()))
        met = {pair: None for pair in met if first[pair[0]] != pair[1]}


def _keys(arrival: Arrival, sender: Sender) -> list[Key]:
    return [(each.kind, scope_of(arrival.inbox, each), each.value) for each in sender.addresses]


def _identity(id: int, contact_id: int, key: Key, named: Named) -> Identity:
    kind, scope, value = key
    return Identity(
        id=id, contact_id=contact_id, kind=IdentityKind(kind), scope=scope, value=value, name=named.sender.name,
        username=named.sender.username, met=(named.arrival.sector.id,),
    )  # fmt: skip


def _change(arrival: Arrival) -> IdentityChange | None:
    return arrival.item.change if isinstance(arrival.item, MessageItem) else None


def _portfolio(inbox: Inbox) -> str:
    return inbox.portfolio_id or inbox.account_id or inbox.external_id


def _language(arrival: Arrival) -> str | None:
    return languages.detect(arrival.item.text) if isinstance(arrival.item, MessageItem) else None
