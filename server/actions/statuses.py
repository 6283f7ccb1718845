"""What Meta says about messages of ours: statuses, watermarks, and echoes of our own sends.

Finding the messages comes first (their conversations must be locked), moving them after.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.status_moves import StatusMoves
from server.actions.unit import Unit
from server.domain.inbound import EchoItem, StatusItem, WatermarkItem
from server.domain.model import Channel, MessageStatus
from server.store import messages
from server.store.messages import KnownMessage, Seen

# An inbox and a contact in it.
Pair = tuple[str, int]


class Found(msgspec.Struct):
    """The messages a batch of arrivals may concern."""

    by_provider_id: dict[tuple[str, str], KnownMessage]
    by_local_id: dict[str, KnownMessage]
    by_person: dict[Pair, list[KnownMessage]]
    twins: dict[Pair, list[KnownMessage]]
    # What was read with the message under an (inbox, provider id): Instagram names only the last one.
    seen: dict[tuple[str, str], list[Seen]]

    @property
    def conversation_ids(self) -> set[int]:
        single = (*self.by_provider_id.values(), *self.by_local_id.values())
        several = (*self.by_person.values(), *self.twins.values())
        return (
            {each.conversation_id for each in single}
            | {each.conversation_id for group in several for each in group}
            | {each.conversation_id for group in self.seen.values() for each in group}
        )

    def of(self, inbox_id: str, provider_id: str | None, local_id: str | None) -> KnownMessage | None:
        known = self.by_provider_id.get((inbox_id, provider_id)) if provider_id else None
        if known is None and local_id:
            known = self.by_local_id.get(local_id)
        return known if known and known.inbox_id == inbox_id else None


async def find(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person]) -> Found:
    provider_ids, local_ids, reads = set(), set(), set()
    watermarks: set[Pair] = set()
    echoes: set[Pair] = set()
    for each in arrivals:
        item = each.item
        if isinstance(item, StatusItem | EchoItem):
            if item.provider_id:
                provider_ids.add((each.inbox.id, item.provider_id))
            if local_id := local_id_of(item):
                local_ids.add(local_id)
            if item.channel is Channel.INSTAGRAM and isinstance(item, StatusItem):
                reads.add((each.inbox.id, item.provider_id))
        if isinstance(item, WatermarkItem) and each in people:
            watermarks.add((each.inbox.id, people[each].contact_id))
        if isinstance(item, EchoItem) and each in people:
            echoes.add((each.inbox.id, people[each].contact_id))
    connection = work.connection
    named = await messages.by_provider_ids(connection, sorted(provider_ids)) if provider_ids else []
    ours = await messages.by_local_ids(connection, sorted(local_ids)) if local_ids else []
    unread = await messages.unread_of_contacts(connection, sorted(watermarks)) if watermarks else []
    # Beside an echo's own, those a watermark may be about although we do not know yet that Meta has them.
    twins = await messages.twins(connection, sorted(echoes | watermarks)) if echoes or watermarks else []
    seen: dict[tuple[str, str], list[Seen]] = {}
    for read in await messages.seen_with(connection, sorted(reads)) if reads else []:
        seen.setdefault((read.inbox_id, read.by), []).append(read)
    return Found(
        {(each.inbox_id, each.provider_id or ""): each for each in named},
        {each.local_id or "": each for each in ours},
        by_person(unread),
        by_person(twins),
        seen,
    )


async def apply(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], found: Found) -> None:
    """Moves messages forward, gives them their provider ids, and parks what is not known yet."""
    moving = StatusMoves(work)
    for each in arrivals:
        item = each.item
        if isinstance(item, StatusItem):
            moving.status(each, item, found.of(each.inbox.id, item.provider_id, local_id_of(item)))
            for before in found.seen.get((each.inbox.id, item.provider_id), ()):
                moving.move(before, item.status, item)
        elif isinstance(item, WatermarkItem) and each in people:
            for known in found.by_person.get((each.inbox.id, people[each].contact_id), ()):
                if known.provider_at <= item.watermark or known.provider_id in item.provider_ids:
                    moving.move(known, item.status, item)
            if found.twins.get((each.inbox.id, people[each].contact_id)):
                moving.park(each.inbox.id, messages.of_person(people[each].contact_id), item.status, item.watermark)
    await moving.write()


async def recognise(work: Unit, arrival: Arrival, item: EchoItem, known: KnownMessage) -> None:
    """An echo of our own send: it adds no message, but it tells that Meta accepted it."""
    moving = StatusMoves(work)
    if item.provider_id and known.provider_id is None:
        moving.attach(known, item.provider_id)
        moving.move(known, MessageStatus.ACCEPTED, item)
    await moving.write()


def local_id_of(item: StatusItem | EchoItem) -> str | None:
    """Our own id, if Meta carried one back that can be ours."""
    carried = item.local_id if isinstance(item, StatusItem) else item.metadata
    try:
        return str(UUID(carried)) if carried else None
    except ValueError:
        return None


def by_person(known: Sequence[KnownMessage]) -> dict[Pair, list[KnownMessage]]:
    found: dict[Pair, list[KnownMessage]] = {}
    for each in known:
        found.setdefault((each.inbox_id, each.contact_id or 0), []).append(each)
    return found
