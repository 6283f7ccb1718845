"""Who is here. A person is here while any of their sockets holds its lease; after a grace their work goes back."""

from collections.abc import Sequence

from server.actions import lost_rights, ownership, queueing
from server.actions.unit import Services, Topic, Unit, unit
from server.domain.access import Viewer
from server.domain.errors import Forbidden
from server.domain.events import PresenceChanged
from server.domain.model import ConversationState, Presence
from server.store import advisors, assignments, offers
from server.store.advisors import Whereabouts

LEASE_SECONDS = 30.0
# Realtime renews this often, on the transport's pings.
RENEW_SECONDS = 10.0
# From the moment a person is found gone until their conversations return to the queue.
GRACE_SECONDS = 60.0
# What is left to a socket that closed in order: a page that loads anew is back by then.
RELOAD_SECONDS = 5.0

CHOSEN = "chosen"
MISSED_OFFER = "missed_offer"
CONNECTION_LOST = "connection_lost"
CONNECTION_LOST_WHILE_AWAY = "connection_lost_while_away"

_LOST = (CONNECTION_LOST, CONNECTION_LOST_WHILE_AWAY)
_SYSTEM = "system"
_BATCH = 200


async def set_presence(services: Services, viewer: Viewer, presence: Presence) -> None:
    """The person's own choice. Whoever is not online gets no offers, and those not accepted yet go to others."""
    reason = CHOSEN if presence is Presence.OFFLINE else None
    async with unit(services) as work:
        here = await advisors.lock(work.connection, [viewer.user_id])
        if viewer.user_id not in here:
            raise Forbidden("Only people who take conversations have a presence.")
        await change(work, here[viewer.user_id], presence, reason, actor=viewer.actor)
    await take_back_offers(services)


async def open_lease(services: Services, user_id: int, socket_id: str, process: str) -> None:
    """A socket connected. Whoever was lost is back as they were; whoever never went online stays offline."""
    async with unit(services) as work:
        await advisors.open_lease(work.connection, socket_id, user_id, process, LEASE_SECONDS)
        # Locked even when nothing will change: the reaper, under the same lock, then sees this lease.
        await _welcome(work, [user_id])


async def renew_leases(services: Services, process: str, socket_ids: Sequence[str]) -> list[str]:
    """Keeps the sockets' people here. Returns the sockets that hold no lease any more: open theirs again."""
    async with unit(services) as work:
        known = await advisors.renew_leases(work.connection, socket_ids, process, LEASE_SECONDS)
        await _welcome(work, await advisors.returned(work.connection, sorted(set(known.values()))))
    return [each for each in socket_ids if each not in known]


async def close_lease(services: Services, socket_id: str) -> None:
    async with unit(services) as work:
        await advisors.close_lease(work.connection, socket_id, RELOAD_SECONDS)


async def reap(services: Services) -> int:
    """Marks who is gone as offline, takes their offers back at once and their conversations after the grace.

    Whoever lost the right to what they hold loses it at once.

    The grace counts from when the absence was noticed: after an outage of ours everybody has it in full.
    Returns how many conversations went back to their queues.
    """
    async with unit(services) as work:
        await _mark_lost(work)
        await advisors.forget_leases(work.connection)
    barred = await lost_rights.take_back(services)
    return await take_back_offers(services) + await _take_back_work(services) + barred


async def change(work: Unit, who: Whereabouts, presence: Presence, reason: str | None, *, actor: str = _SYSTEM) -> None:
    """Writes a presence under the person's lock. Pending offers are then the caller's to take back."""
    if (who.presence, who.presence_reason) == (presence, reason):
        return
    await advisors.set_presence(work.connection, who.user_id, presence, reason)
    await advisors.lock_stream(work.connection, who.user_id)
    await work.record_of_user(who.user_id, PresenceChanged(presence=presence, reason=reason or ""), actor=actor)
    if presence is Presence.ONLINE:
        work.wake(Topic.WAITING)


async def take_back_offers(services: Services) -> int:
    """Pending offers of people who are not online go back to their places in the queues.

    A transaction of its own, after the one that changed the presence: conversations are locked before advisors.
    """
    async with unit(services) as work:
        taken = await ownership.lock_free(
            work, await offers.untakeable(work.connection, _BATCH), ConversationState.OFFERED
        )
        withdrawn = await ownership.withdraw(work, taken, reason="not_here", actor=_SYSTEM) if taken else []
        places = [(work.held(each.conversation_id), queueing.place_of(each)) for each in withdrawn]
        await queueing.put_back(work, places, reason="not_here")
    return len(places)


async def _take_back_work(services: Services) -> int:
    async with unit(services) as work:
        found = await assignments.abandoned(work.connection, GRACE_SECONDS, _BATCH)
        left = await ownership.lock_free(work, found, ConversationState.ASSIGNED)
        owners = await advisors.lock(work.connection, sorted({each.owner_id for each in left if each.owner_id}))
        # Somebody who came back just now keeps their work.
        left = [each for each in left if each.owner_id in owners and _is_gone(owners[each.owner_id])]
        if left:
            places = await queueing.last_places(work, left)
            await ownership.let_go(work, left, reason="not_here", actor=_SYSTEM)
            await queueing.put_back(work, [(each, places[each.id]) for each in left], reason="not_here")
    return len(left)


async def _mark_lost(work: Unit) -> None:
    lost = await advisors.lost(work.connection, _BATCH)
    if not lost:
        return
    found = await advisors.lock(work.connection, lost)
    live = await advisors.live(work.connection, lost)
    for who in found.values():
        if who.user_id in live or who.presence is Presence.OFFLINE:
            continue
        reason = CONNECTION_LOST if who.presence is Presence.ONLINE else CONNECTION_LOST_WHILE_AWAY
        await change(work, who, Presence.OFFLINE, reason)


async def _welcome(work: Unit, user_ids: Sequence[int]) -> None:
    found = await advisors.lock(work.connection, user_ids) if user_ids else {}
    for who in found.values():
        if who.presence is Presence.OFFLINE and who.presence_reason in _LOST:
            was_away = who.presence_reason == CONNECTION_LOST_WHILE_AWAY
            await change(work, who, Presence.AWAY if was_away else Presence.ONLINE, None)


def _is_gone(who: Whereabouts) -> bool:
    return who.presence is Presence.OFFLINE
