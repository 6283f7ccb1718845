"""What a bot said failed for good, or may have, and nothing followed it: its customer waits, and people take over."""

from collections.abc import Mapping

from server.actions import queueing
from server.actions.bots import pass_on
from server.actions.unit import Unit
from server.domain import routing
from server.domain.conversation import Conversation
from server.domain.model import ConversationState
from server.domain.routing import Enqueue
from server.store import contacts, unanswered

_NOT_SENT = "not_sent"


async def hand_off(work: Unit, failed: Mapping[int, Conversation]) -> None:
    """For messages of bots by id, whose failure is written; their conversations are locked."""
    held = {id: each for id, each in failed.items() if each.state is ConversationState.BOT}
    if not held:
        return
    waiting = await unanswered.unheard(work.connection, [(id, each.opening) for id, each in held.items()])
    found = [(work.held(each.conversation_id), each) for each in waiting]
    labels = await contacts.labels(work.connection, sorted({each.contact_id for each, _ in found})) if found else {}
    entries: list[tuple[Conversation, Enqueue]] = []
    for conversation, each in found:
        sector = work.organisation.sectors.get(conversation.sector_id)
        if sector is None:
            continue
        earlier = [at for at in (conversation.waiting_since, each.since) if at is not None]
        conversation.waiting_since = min(earlier, default=None)
        known = labels.get((conversation.contact_id, sector.id), frozenset())
        to = routing.enqueue(
            sector, text=each.text or "", contact_labels=known, language=conversation.language, reason=_NOT_SENT
        )
        pass_on(work, conversation, sector, _NOT_SENT)
        entries.append((conversation, to))
    await queueing.enqueue_many(work, entries)
