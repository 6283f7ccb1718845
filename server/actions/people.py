"""Finds or makes the contact behind each arrival, for a whole batch at once."""

from collections.abc import Iterable, Sequence

import msgspec

from server.actions.arrivals import Arrival, person_of, scope_of
from server.actions.unit import Unit
from server.domain import languages
from server.domain.inbound import MessageItem, Sender
from server.store import contacts
from server.store.contacts import Identity, Key, NewContact


class Person(msgspec.Struct, frozen=True):
    contact_id: int
    # The most stable identity: where replies go.
    identity_id: int


def keys_of(arrivals: Iterable[Arrival]) -> list[Key]:
    """Everybody named, under every address."""
    return sorted({key for each in arrivals if (sender := person_of(each.item)) for key in _keys(each, sender)})


async def resolve(work: Unit, arrivals: Sequence[Arrival], known: dict[Key, Identity]) -> dict[Arrival, Person]:
    """The person of each arrival that has one; people never met before are added. Profile names follow Meta's."""
    senders = [(each, sender) for each in arrivals if (sender := person_of(each.item)) and sender.addresses]
    await _add_missing(work, senders, known)
    await _follow_names(work, senders, known)
    found = {}
    for each, sender in senders:
        identity = known[_keys(each, sender)[0]]
        found[each] = Person(identity.contact_id, identity.id)
    return found


async def _add_missing(work: Unit, senders: Sequence[tuple[Arrival, Sender]], known: dict[Key, Identity]) -> None:
    strangers: list[tuple[Arrival, Sender]] = []
    claimed: set[Key] = set()
    for each, sender in senders:
        keys = _keys(each, sender)
        if not any(key in known or key in claimed for key in keys):
            strangers.append((each, sender))
        claimed.update(keys)
    missing = len(claimed - known.keys())
    if not missing:
        return
    contact_ids, identity_ids = await contacts.new_ids(work.connection, len(strangers), missing)
    added = [
        NewContact(id=id, name=sender.name, language=_language(each))
        for id, (each, sender) in zip(contact_ids, strangers, strict=True)
    ]
    fresh = iter(identity_ids)
    owner_of = {
        key: id for id, (each, sender) in zip(contact_ids, strangers, strict=True) for key in _keys(each, sender)
    }
    new: list[Identity] = []
    for each, sender in senders:
        keys = _keys(each, sender)
        # The most stable address that is known says who this is; the others become that person's too.
        contact_id = next((known[key].contact_id for key in keys if key in known), None)
        if contact_id is None:
            contact_id = next(owner_of[key] for key in keys if key in owner_of)
        for key in keys:
            if key not in known:
                known[key] = _identity(next(fresh), contact_id, key, sender)
                new.append(known[key])
    await contacts.add(work.connection, added)
    await contacts.add_identities(work.connection, new)


async def _follow_names(work: Unit, senders: Iterable[tuple[Arrival, Sender]], known: dict[Key, Identity]) -> None:
    changed = {}
    for each, sender in senders:
        if not isinstance(each.item, MessageItem):
            continue
        for key in _keys(each, sender):
            name, username = sender.name or known[key].name, sender.username or known[key].username
            if (name, username) != (known[key].name, known[key].username):
                known[key] = changed[key] = msgspec.structs.replace(known[key], name=name, username=username)
    if changed:
        await contacts.rename(work.connection, list(changed.values()))


def _keys(arrival: Arrival, sender: Sender) -> list[Key]:
    return [(each.kind, scope_of(arrival.inbox, each), each.value) for each in sender.addresses]


def _identity(id: int, contact_id: int, key: Key, sender: Sender) -> Identity:
    kind, scope, value = key
    return msgspec.convert(
        {"id": id, "contact_id": contact_id, "kind": kind, "scope": scope, "value": value,
         "name": sender.name, "username": sender.username}, Identity,
    )  # fmt: skip


def _language(arrival: Arrival) -> str | None:
    return languages.detect(arrival.item.text) if isinstance(arrival.item, MessageItem) else None
