"""Offers waiting conversations to advisors and takes their decisions.

An offer is a lease: it ends by exactly one of accept, decline, expire and withdraw, each one conditional update under
the conversation's lock. Whatever ends it without an owner puts the conversation back in its old place.
"""

from collections.abc import Sequence

from server.actions import ownership, presence, queueing
from server.actions.matching import match
from server.actions.unit import Services, Unit, unit
from server.domain.access import Viewer
from server.domain.assignment import tells_of_absence
from server.domain.errors import NotFound, OfferGone
from server.domain.events import OfferAccepted, OfferDeclined, OfferExpired
from server.domain.model import OfferState, Presence
from server.store import advisors, assignments, conversations, offers
from server.store.offers import Offer

__all__ = ["accept", "decline", "expire", "match", "seconds_to_next_expiry"]

_BATCH = 200
_SYSTEM = "system"

_ENDED = {
    OfferState.ACCEPTED: "This conversation was accepted already.",
    OfferState.DECLINED: "You declined this offer.",
    OfferState.EXPIRED: "The time for this offer is over; the conversation went on to others.",
    OfferState.WITHDRAWN: "This offer was taken back.",
}


async def accept(services: Services, viewer: Viewer, offer_id: int) -> dict[str, int]:
    """The advisor takes the conversation. A repeat gets the same answer. Raises `OfferGone`, `NotFound`."""
    async with unit(services) as work:
        offer = await _own(work, viewer, offer_id)
        conversation = await work.lock(offer.conversation_id)
        accepted = await offers.accept(work.connection, offer_id)
        if accepted is not None:
            fact = OfferAccepted(offer_id=offer_id, advisor_id=viewer.user_id)
            work.record(conversation, fact, actor=viewer.actor, user_id=viewer.user_id)
            await ownership.give(
                work, conversation, viewer.user_id, reason="accepted", actor=viewer.actor, offer_id=offer_id
            )
        else:
            await _expect(work, offer_id, OfferState.ACCEPTED)
        return {"conversation_id": conversation.id, "version": conversation.version}


async def decline(services: Services, viewer: Viewer, offer_id: int, reason: str = "") -> dict[str, int]:
    """The advisor leaves it to others. A repeat gets the same answer. Raises `OfferGone`, `NotFound`."""
    async with unit(services) as work:
        offer = await _own(work, viewer, offer_id)
        conversation = await work.lock(offer.conversation_id)
        declined = await offers.decline(work.connection, offer_id, reason)
        if declined is not None:
            fact = OfferDeclined(offer_id=offer_id, advisor_id=viewer.user_id, reason=reason)
            work.record(conversation, fact, actor=viewer.actor, user_id=viewer.user_id)
            await queueing.put_back(
                work, [(conversation, queueing.place_of(declined))], reason="declined", actor=viewer.actor
            )
        else:
            await _expect(work, offer_id, OfferState.DECLINED)
        return {"conversation_id": conversation.id, "version": conversation.version}


async def expire(services: Services) -> int:
    """Ends offers whose time is over and sets away whoever missed one; returns how many it ended."""
    total = 0
    while True:
        async with unit(services) as work:
            expired = await _expire_some(work)
        total += len(expired)
        if not expired:
            break
    if total:
        # Their other offers wait for somebody who is not there.
        await presence.take_back_offers(services)
    return total


async def seconds_to_next_expiry(services: Services) -> float | None:
    """By the database's clock; None without any pending offer."""
    async with unit(services) as work:
        return await offers.seconds_to_next(work.connection)


async def _expire_some(work: Unit) -> list[Offer]:
    due = await offers.due(work.connection, _BATCH)
    held = await conversations.lock_free(work.connection, due) if due else {}
    if not held:
        return []
    for conversation in held.values():
        work.adopt(conversation)
    expired = await offers.expire(work.connection, list(held))
    for offer in expired:
        fact = OfferExpired(offer_id=offer.id, advisor_id=offer.advisor_id)
        work.record(held[offer.conversation_id], fact, actor=_SYSTEM, user_id=offer.advisor_id)
    places = [(held[offer.conversation_id], queueing.place_of(offer)) for offer in expired]
    await queueing.put_back(work, places, reason="offer_expired")
    missed = await _missed_by(work, expired)
    for who in (await advisors.lock(work.connection, missed)).values() if missed else ():
        if who.presence is Presence.ONLINE:
            await presence.change(work, who, Presence.AWAY, presence.MISSED_OFFER)
    return expired


async def _missed_by(work: Unit, expired: Sequence[Offer]) -> list[int]:
    if not expired:
        return []
    since = min(each.offered_at for each in expired)
    worked = await assignments.last_worked(work.connection, sorted({each.advisor_id for each in expired}), since)
    return sorted({
        each.advisor_id for each in expired
        if tells_of_absence(
            offered_at=each.offered_at, expires_at=each.expires_at, now=work.now, worked_at=worked.get(each.advisor_id)
        )
    })  # fmt: skip


async def _own(work: Unit, viewer: Viewer, offer_id: int) -> Offer:
    offer = await offers.find(work.connection, offer_id)
    if offer is None or offer.advisor_id != viewer.user_id or offer.sector_id not in viewer.sectors:
        raise NotFound("This offer does not exist.")
    return offer


async def _expect(work: Unit, offer_id: int, wanted: OfferState) -> None:
    """Passes when the offer ended before as it was to end now."""
    offer = await offers.find(work.connection, offer_id)
    state = offer.state if offer else OfferState.EXPIRED
    if state is not wanted:
        # Pending here means that its time is over and nobody noticed yet.
        raise OfferGone(_ENDED.get(state, _ENDED[OfferState.EXPIRED]), state=state)
