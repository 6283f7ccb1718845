"""Which earlier messages a batch may change, and which changes have waited for what it brings."""

from collections.abc import Sequence

import msgspec

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain.inbound import EchoItem, MessageItem
from server.store import changes
from server.store.changes import Target, WaitingChange


class Targets(msgspec.Struct):
    """What the batch may change, and what waits for what it brings or is about, by (inbox, provider id)."""

    stored: dict[tuple[str, str], Target] = {}
    early: dict[tuple[str, str], list[WaitingChange]] = {}
    # Something of the batch is about another message, or waits for one.
    active: bool = False

    @property
    def conversation_ids(self) -> set[int]:
        waiting = {each.conversation_id for every in self.early.values() for each in every}
        return waiting | {each.conversation_id for each in self.stored.values()}


async def find(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], *, early: bool) -> Targets:
    """The stored messages that something among the arrivals is about, each of the same inbox and contact.

    `early`: changes wait for messages; perhaps for one of these.
    """
    asked: dict[tuple[str, str], int] = {}
    brought: set[tuple[str, str]] = set()
    for each in arrivals:
        item = each.item
        if isinstance(item, MessageItem | EchoItem) and each in people:
            if item.about:
                asked[each.inbox.id, item.about] = people[each].contact_id
            elif early and item.provider_id:
                brought.add((each.inbox.id, item.provider_id))
    if not asked and not brought:
        return Targets()
    targets = Targets()
    for target in await changes.targets(work.connection, sorted(asked)) if asked else []:
        if asked[target.inbox_id, target.provider_id] == target.contact_id:
            targets.stored[target.inbox_id, target.provider_id] = target
    # What is about a message that has not come may take back, or be taken back by, what waits for it too.
    for waiting in await changes.early(work.connection, sorted(brought | asked.keys())) if early else []:
        targets.early.setdefault((waiting.inbox_id, waiting.about), []).append(waiting)
    targets.active = bool(asked or targets.early)
    return targets
