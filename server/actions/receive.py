"""Applies a batch of arrivals in one transaction, with one statement for each kind of row rather than each row.

identity → conversation → message → decide (bot, queue, owner) → outbox and waiting; statuses move what we sent.
"""

from collections.abc import Sequence

from server.actions import (
    account_events,
    answering,
    identity_changes,
    messages_in,
    people,
    preferences,
    statuses,
    targets,
    templates,
    windows,
)
from server.actions.arrivals import Arrival
from server.actions.openings import Openings
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain.inbound import AccountItem, EchoItem, MessageItem, StatusItem, WatermarkItem
from server.store import journal
from server.store.journal import Begun


async def receive(work: Unit, arrivals: Sequence[Arrival]) -> int:
    """Applies what has not been applied before, in each customer's order; returns how many items were new."""
    # The database-unique key comes before every effect: a repeat, a re-cut batch or a replay stops here.
    by_key = {_key(each): each for each in reversed(arrivals)}
    talking = sum(isinstance(each.item, MessageItem | EchoItem) for each in arrivals)
    begun = await journal.begin(work.connection, sorted(by_key), people.keys_of(arrivals), talking)
    fresh = [each for each in arrivals if _key(each) in begun.fresh and by_key[_key(each)] is each]
    if not fresh:
        return 0
    fresh.sort(key=lambda each: each.item.at)
    named = await people.resolve(work, fresh, begun.known)
    await identity_changes.follow(work, fresh, named)
    await _talk(work, fresh, named, begun)
    if told := [each for each in fresh if isinstance(each.item, AccountItem)]:
        await account_events.record(work, told)
        await templates.follow(work, [each.item for each in told if isinstance(each.item, AccountItem)])
    return len(fresh)


async def _talk(work: Unit, fresh: Sequence[Arrival], named: dict[Arrival, Person], begun: Begun) -> None:
    found = await statuses.find(work, fresh, named)
    about = await targets.find(work, fresh, named, early=begun.early)
    openings = Openings(work)
    await openings.lock(fresh, named, found.conversation_ids | about.conversation_ids)
    if about.conversation_ids or any(isinstance(each.item, StatusItem | WatermarkItem | EchoItem) for each in fresh):
        # What was found before the lock may have moved: a send of ours may just have learnt its provider id.
        found = await statuses.find(work, fresh, named)
        about = await targets.find(work, fresh, named, early=begun.early)
        await work.lock_many(sorted(found.conversation_ids | about.conversation_ids))
    said = await messages_in.store(work, fresh, named, openings, found, about, begun.message_ids)
    windows.touch(work, fresh, named, openings)
    await statuses.apply(work, fresh, named, found)
    await preferences.apply(work, fresh, named)
    await answering.answer(work, said, openings.opened)


def _key(arrival: Arrival) -> tuple[str, str]:
    return (arrival.inbox.id, arrival.item.key)
