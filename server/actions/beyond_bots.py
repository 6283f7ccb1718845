"""What the bot may not answer: older than Meta's window, out of order, replayed, or said in public. People see to it.

Nothing is sent to the customer by it, and nobody waits unseen.
"""

from collections.abc import Mapping, Sequence

from server.actions.bots import pass_on
from server.actions.messages_in import Said
from server.actions.unit import Unit
from server.domain import routing, window
from server.domain.conversation import Conversation
from server.domain.organisation import Sector
from server.domain.routing import Enqueue
from server.store import unanswered

_LATE = "late"

Labels = Mapping[tuple[int, str], frozenset[str]]


async def hand_off(work: Unit, talks: Sequence[Sequence[Said]], labels: Labels) -> list[tuple[Conversation, Enqueue]]:
    """Where these talks of the bot go; nowhere, if somebody answered after them."""
    if not talks:
        return []
    answered = await unanswered.answered_at(work.connection, [talk[0].conversation.id for talk in talks])
    entries: list[tuple[Conversation, Enqueue]] = []
    for talk in talks:
        conversation, sector = talk[0].conversation, talk[0].arrival.sector
        at, since = answered.get(conversation.id), conversation.waiting_since
        if at is not None and at >= talk[-1].item.at:
            if since is not None and since <= at:
                conversation.waiting_since = None
        elif since is not None:
            # Without it an echo of this very batch answered them.
            known = labels.get((conversation.contact_id, sector.id), frozenset())
            entries.append((conversation, _to_people(work, talk, sector, known)))
    return entries


def _to_people(work: Unit, talk: Sequence[Said], sector: Sector, labels: frozenset[str]) -> Enqueue:
    """Every message is judged, for one of them may be the urgent one."""
    conversation, public = talk[0].conversation, talk[-1].item.kind == window.COMMENT
    if not public:
        pass_on(work, conversation, sector, _LATE)
    found = (
        routing.enqueue(
            sector, text=each.item.text, referral=each.item.referral, contact_labels=labels,
            language=conversation.language, reason=window.COMMENT if public else _LATE,
        )
        for each in talk
    )  # fmt: skip
    return min(found, key=lambda each: routing.urgency(each.priority))
