"""Work of people who may not have it any more: they lost its sector, the role that answers, or their place here.

They would get 404 for it while it counts as theirs, and its customer would wait for nobody. It goes back to its queue
at once, with its age; a snoozed one when it wakes.
"""

from server.actions import ownership, queueing
from server.actions.unit import Services, unit
from server.domain.model import ConversationState
from server.store import advisors, holders

_REASON = "no_longer_allowed"
_SYSTEM = "system"
_BATCH = 200
_HELD = (ConversationState.ASSIGNED, ConversationState.OFFERED)


async def take_back(services: Services) -> int:
    """Returns how many conversations went back to their queues."""
    async with unit(services) as work:
        found = await holders.barred(work.connection, _BATCH)
        held = await ownership.lock_free(work, [each.conversation_id for each in found], *_HELD)
        if not held:
            return 0
        # Asked again under the locks: the work may have moved on, and rights may have come back.
        await advisors.lock(work.connection, sorted({each.user_id for each in found}))
        still = await holders.barred(work.connection, _BATCH, [each.id for each in held])
        lost = [work.held(id) for id in sorted({each.conversation_id for each in still})]
        places = await queueing.last_places(work, lost)
        await ownership.let_go(work, lost, reason=_REASON, actor=_SYSTEM)
        await queueing.put_back(work, [(each, places[each.id]) for each in lost], reason=_REASON)
    return len(lost)
