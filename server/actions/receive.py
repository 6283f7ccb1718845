"""Applies a batch of arrivals in one transaction, with one statement for each kind of row rather than each row.

identity → conversation → message → decide (bot, queue, owner) → outbox and waiting; statuses move what we sent.
"""

from collections.abc import Sequence

from server.actions import answering, messages_in, statuses
from server.actions.arrivals import Arrival
from server.actions.openings import Openings
from server.actions.people import keys_of, resolve
from server.actions.unit import Unit
from server.domain.inbound import EchoItem, MessageItem, StatusItem, WatermarkItem
from server.store import journal


async def receive(work: Unit, arrivals: Sequence[Arrival]) -> int:
    """Applies what has not been applied before, in each customer's order; returns how many items were new."""
    # The database-unique key comes before every effect: a repeat, a re-cut batch or a replay stops here.
    by_key = {_key(each): each for each in reversed(arrivals)}
    talking = sum(isinstance(each.item, MessageItem | EchoItem) for each in arrivals)
    begun = await journal.begin(work.connection, sorted(by_key), keys_of(arrivals), talking)
    fresh = [each for each in arrivals if _key(each) in begun.fresh and by_key[_key(each)] is each]
    if not fresh:
        return 0
    fresh.sort(key=lambda each: each.item.at)
    people = await resolve(work, fresh, begun.known)
    found = await statuses.find(work, fresh, people)
    openings = Openings(work)
    await openings.lock(fresh, people, found.conversation_ids)
    if any(isinstance(each.item, StatusItem | WatermarkItem | EchoItem) for each in fresh):
        # What was found before the lock may have moved: a send of ours may just have learnt its provider id.
        found = await statuses.find(work, fresh, people)
        await work.lock_many(sorted(found.conversation_ids))
    talk = await messages_in.store(work, fresh, people, openings, found, begun.message_ids)
    await statuses.apply(work, fresh, people, found)
    await answering.answer(work, talk, openings.opened)
    return len(fresh)


def _key(arrival: Arrival) -> tuple[str, str]:
    return (arrival.inbox.id, arrival.item.key)
