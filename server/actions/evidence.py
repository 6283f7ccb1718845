"""What one item proves about people: two addresses in it are one person's, unless what we know speaks against it.

Numbers are given to new owners. A phone that comes with another user id than its contact's is a new person's phone:
joining them would show one customer's words to another. Only WhatsApp's own word that somebody changed joins such two.
"""

from collections.abc import Iterable, Sequence

import msgspec

from server.actions import parting, uniting
from server.actions.arrivals import Arrival
from server.actions.unit import Unit
from server.domain import merging
from server.domain.inbound import MessageItem, Sender
from server.domain.model import IdentityKind
from server.store import conversations, merges
from server.store.contacts import Identity, Key


class Named(msgspec.Struct, frozen=True):
    """Somebody in an item, under every address; the most stable first."""

    arrival: Arrival
    sender: Sender
    keys: tuple[Key, ...]


async def weigh(work: Unit, named: Iterable[Named], known: dict[Key, Identity]) -> dict[Key, Identity]:
    """Joins contacts that an item proves to be one person; `known` follows. Before anybody is added.

    Returns phones that have a new owner: no longer known, to be given to whoever is added under them.
    """
    freed: dict[Key, Identity] = {}
    for each in named:
        if len(each.keys) < 2:
            continue
        contacts = _contacts(each, known)
        if len(contacts) > 1:
            await _join_or_part(work, each, contacts, known)
        elif contacts and any(key not in known for key in each.keys):
            freed |= await _part_from_former_owner(work, each, known)
    return freed


async def _join_or_part(work: Unit, named: Named, contacts: Sequence[int], known: dict[Key, Identity]) -> None:
    identities = await merges.identities_of(work.connection, contacts)
    first, *others = contacts
    for other in others:
        mine = [each for each in identities if each.contact_id == first]
        theirs = [each for each in identities if each.contact_id == other]
        if not _says_change(named) and merging.contradict(mine, theirs):
            await _take_phones(work, named, first, other, theirs, known)
        elif not await merges.denied(work.connection, first, other):
            await uniting.unite(work, [first, other], by=uniting.EVIDENCE, actor="system")
            kept = merging.kept([first, other])
            _follow(known, {first, other}, kept)
            identities = [msgspec.structs.replace(each, contact_id=kept) for each in (*mine, *theirs)] + [
                each for each in identities if each.contact_id not in (first, other)
            ]
            first = kept


async def _part_from_former_owner(work: Unit, named: Named, known: dict[Key, Identity]) -> dict[Key, Identity]:
    """The user id is new and the phone is somebody's who has another user id: it was given to a new owner."""
    stranger = next((key for key in named.keys if key not in known and key[0] == IdentityKind.WHATSAPP_USER), None)
    phones = [key for key in named.keys if key in known and key[0] == IdentityKind.PHONE]
    if stranger is None or not phones or _says_change(named) or len(phones) < sum(key in known for key in named.keys):
        return {}
    owner = known[phones[0]].contact_id
    identities = await merges.identities_of(work.connection, [owner])
    if not any((each.kind, each.scope) == stranger[:2] for each in identities):
        return {}
    for key in phones:
        await _leave(work, known[key], identities)
    return {key: known.pop(key) for key in phones}


async def _take_phones(
    work: Unit, named: Named, taker: int, owner: int, identities: Sequence[Identity], known: dict[Key, Identity]
) -> None:
    for key in named.keys:
        if key[0] == IdentityKind.PHONE and key in known and known[key].contact_id == owner:
            await _leave(work, known[key], identities)
            await merges.move_identity(work.connection, known[key].id, taker)
            known[key] = msgspec.structs.replace(known[key], contact_id=taker)


async def _leave(work: Unit, phone: Identity, identities: Sequence[Identity]) -> None:
    """The former owner's conversations answer to their user id from now on: never to the number's new owner."""
    own = {each.id: each for each in identities if each.kind is IdentityKind.WHATSAPP_USER}
    held = await work.lock_many(await merges.conversations_of(work.connection, [phone.contact_id]))
    moved = [each for each in held.values() if each.identity_id == phone.id]
    for each in moved:
        # Where none fits, Meta refuses one of another portfolio: better than a stranger reading it.
        each.identity_id = parting.own_address(work, each, own) or max(own)
    await conversations.save(work.connection, moved)
    await merges.redirect(work.connection, [(each.id, each.identity_id) for each in moved])


def _contacts(named: Named, known: dict[Key, Identity]) -> list[int]:
    """The contacts the addresses belong to, that of the most stable one first."""
    return list(dict.fromkeys(known[key].contact_id for key in named.keys if key in known))


def _says_change(named: Named) -> bool:
    item = named.arrival.item
    return isinstance(item, MessageItem) and item.change is not None


def _follow(known: dict[Key, Identity], joined: set[int], kept: int) -> None:
    for key, each in known.items():
        if each.contact_id in joined:
            known[key] = msgspec.structs.replace(each, contact_id=kept)
