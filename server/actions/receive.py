"""Applies a batch of arrivals in one transaction, with one statement for each kind of row rather than each row.

identity → conversation → message → decide (bot, queue, owner) → outbox and waiting; statuses move what we sent.
"""

from collections.abc import Sequence

from server.actions import answering, messages_in, statuses
from server.actions.arrivals import Arrival
from server.actions.openings import Openings
from server.actions.people import resolve
from server.actions.unit import Unit
from server.domain.inbound import EchoItem, StatusItem, WatermarkItem
from server.store import journal


async def receive(work: Unit, arrivals: Sequence[Arrival]) -> int:
    """Applies what has not been applied before, in each customer's order; returns how many items were new."""
    fresh = await _first_time(work, arrivals)
    if not fresh:
        return 0
    fresh.sort(key=lambda each: each.item.at)
    people = await resolve(work, fresh)
    found = await statuses.find(work, fresh, people)
    openings = Openings(work)
    await openings.lock(fresh, people, found.conversation_ids)
    if any(isinstance(each.item, StatusItem | WatermarkItem | EchoItem) for each in fresh):
        # What was found before the lock may have moved: a send of ours may just have learnt its provider id.
        found = await statuses.find(work, fresh, people)
        await work.lock_many(sorted(found.conversation_ids))
    talk = await messages_in.store(work, fresh, people, openings, found)
    await statuses.apply(work, fresh, people, found)
    await answering.answer(work, talk, openings.opened)
    return len(fresh)


async def _first_time(work: Unit, arrivals: Sequence[Arrival]) -> list[Arrival]:
    # The database-unique key comes before every effect: a repeat, a re-cut batch or a replay stops here.
    by_key = {_key(each): each for each in reversed(arrivals)}
    taken = await journal.add_keys(work.connection, sorted(by_key))
    return [each for each in arrivals if _key(each) in taken and by_key[_key(each)] is each]


def _key(arrival: Arrival) -> tuple[str, str]:
    return (arrival.inbox.id, arrival.item.key)
