"""Finds or makes the contact behind each arrival, for a whole batch at once."""

from collections.abc import Iterable, Sequence

import msgspec

from server.actions import evidence
from server.actions.arrivals import Arrival, person_of, scope_of
from server.actions.evidence import Named
from server.actions.unit import Topic, Unit
from server.domain import languages
from server.domain.inbound import MessageItem, Sender
from server.domain.model import IdentityKind
from server.store import contacts, merges, profiles
from server.store.contacts import Identity, Key, NewContact


class Person(msgspec.Struct, frozen=True):
    contact_id: int
    # The most stable identity: where replies go.
    identity_id: int


def keys_of(arrivals: Iterable[Arrival]) -> list[Key]:
    """Everybody named, under every address."""
    return sorted({
        key
        for each in arrivals if (sender := person_of(each.item))
        for key in (*_keys(each, sender), *_shared(each, sender))
    })  # fmt: skip


async def resolve(work: Unit, arrivals: Sequence[Arrival], known: dict[Key, Identity]) -> dict[Arrival, Person]:
    """The person of each arrival that has one; people never met before are added. Profile names follow Meta's.

    Contacts that an item proves to be one person are merged, before their conversations are locked for anything else.
    """
    named = _believe([
        Named(each, sender, tuple(_keys(each, sender)))
        for each in arrivals
        if (sender := person_of(each.item)) and sender.addresses
    ], known)  # fmt: skip
    freed = await evidence.weigh(work, named, known)
    await _add_missing(work, named, known, freed)
    await _follow_names(work, named, known)
    await _meet(work, named, known)
    found = {}
    for each in named:
        identity = known[each.keys[0]]
        found[each.arrival] = Person(identity.contact_id, identity.id)
    return found


def _believe(named: Sequence[Named], known: dict[Key, Identity]) -> list[Named]:
    """With the numbers people gave for theirs. Somebody else's stays theirs: a card proves nothing about its owner."""
    taken = known.keys() | {key for each in named for key in each.keys}
    found = []
    for each in named:
        free = [key for key in _shared(each.arrival, each.sender) if key not in taken]
        taken |= set(free)
        found.append(msgspec.structs.replace(each, keys=(*each.keys, *free)))
    return found


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
    owner_of = {key: id for id, each in zip(contact_ids, strangers, strict=True) for key in each.keys}
    new, given = _share_out(named, known, freed, owner_of, identity_ids)
    await contacts.add(work.connection, added)
    await contacts.add_identities(work.connection, new)
    for each_given in given:
        await merges.move_identity(work.connection, each_given.id, each_given.contact_id)
    if asked := [each.id for each in new if each.kind in (IdentityKind.PAGE_USER, IdentityKind.INSTAGRAM_USER)]:
        # Meta tells their names when asked; a worker asks, for the intake waits for nobody.
        await profiles.expect(work.connection, asked)
        work.wake(Topic.PROFILES)


def _share_out(
    named: Sequence[Named], known: dict[Key, Identity], freed: dict[Key, Identity], owner_of: dict[Key, int],
    ids: Iterable[int],
) -> tuple[list[Identity], list[Identity]]:  # fmt: skip
    """Makes every address known: the new ones, and those that have a new owner."""
    fresh = iter(ids)
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
    return new, given


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


def _shared(arrival: Arrival, sender: Sender) -> list[Key]:
    given = sender.shared
    return [(given.kind, scope_of(arrival.inbox, given), given.value)] if given else []


def _identity(id: int, contact_id: int, key: Key, named: Named) -> Identity:
    kind, scope, value = key
    return Identity(
        id=id, contact_id=contact_id, kind=IdentityKind(kind), scope=scope, value=value, name=named.sender.name,
        username=named.sender.username, met=(named.arrival.sector.id,),
    )  # fmt: skip


def _language(arrival: Arrival) -> str | None:
    return languages.detect(arrival.item.text) if isinstance(arrival.item, MessageItem) else None
