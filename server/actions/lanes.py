"""Two lanes for a large batch of the journal: one is decided here while the database writes the other."""

from collections.abc import Hashable, Mapping, Sequence

import msgspec

from server.actions import people
from server.actions.arrivals import Arrival
from server.actions.unit import Services
from server.domain.lanes import divide
from server.store import contacts
from server.store.contacts import Identity, Key
from server.store.journal import JournalRow, NewQuarantine

LANES = 2
# Fewer are not worth a second transaction.
LEAST = 40


class Entry(msgspec.Struct, frozen=True, eq=False):
    """One item of a journal row: to be applied, or already known to be one to set aside."""

    row: JournalRow
    content: Arrival | NewQuarantine


Lane = tuple[Sequence[JournalRow], Sequence[Entry]]


async def lanes_of(services: Services, rows: Sequence[JournalRow], entries: Sequence[Entry]) -> list[Lane]:
    """One person's items stay in one lane, in order, under whatever address; so do the items of one row."""
    if len(entries) < LEAST:
        return [(rows, entries)]
    arrivals = [each.content for each in entries if isinstance(each.content, Arrival)]
    async with services.pool.acquire() as connection:
        known = await contacts.find(connection, people.keys_of(arrivals))
    divided = [[entries[place] for place in lane] for lane in divide([_marks(each, known) for each in entries], LANES)]
    lane_of = {entry.row.id: place for place, lane in enumerate(divided) for entry in lane}
    # A row without any item goes with the first.
    return [([row for row in rows if lane_of.get(row.id, 0) == place], lane) for place, lane in enumerate(divided)]


def _marks(entry: Entry, known: Mapping[Key, Identity]) -> list[Hashable]:
    marks: list[Hashable] = [entry.row.id]
    if isinstance(entry.content, Arrival):
        # One person may write under two addresses, each in a delivery of its own.
        marks += (known[key].contact_id if key in known else key for key in people.keys_of([entry.content]))
        item = entry.content.item
        marks.append(getattr(item, "provider_id", None) or item.key)
        if about := getattr(item, "about", None):
            marks.append(about)
    return marks
