"""An undone merge: what it ended goes on where it waited, unless somebody has answered that customer meanwhile."""

from collections.abc import Collection, Sequence

from server.actions import ownership, queueing, sla
from server.actions.queueing import Place
from server.actions.unit import Unit
from server.domain import kinds, merging, window
from server.domain.conversation import Conversation
from server.domain.events import ConversationReopened
from server.domain.model import ConversationState, Presence
from server.store import advisors, merges, windows
from server.store.merges import Ended, Merge

_REASON = "separated"


async def unanswered(
    work: Unit, merge: Merge, back: Sequence[Conversation], stay: Sequence[Conversation], *,
    theirs: Collection[int], ours: Collection[int],
) -> list[Ended]:  # fmt: skip
    """What the merge ended and is to go on. Before anything is given back.

    Not what was resolved anew since, nor where a person wrote to that customer; and whoever has another conversation
    in the inbox by now is served there.
    """
    found = []
    for ended in merge.moved.ended:
        conversation = work.held(ended.conversation_id)
        side, own = (back, theirs) if conversation in back else (stay, ours)
        here = [each for each in side if each.inbox_id == conversation.inbox_id]
        if conversation.resolved_at != merge.at or any(each.state is not ConversationState.RESOLVED for each in here):
            continue
        if not await merges.answered(work.connection, merge, conversation.inbox_id, own):
            found.append(ended)
    return found


async def restore(work: Unit, merge: Merge, waiting: Collection[Ended], *, actor: str) -> None:
    """After everything was given back: only then may both have an unresolved conversation in one inbox."""
    for ended in merge.moved.ended:
        since = await merges.heard_since(work.connection, ended.goes_on_id, merge.at)
        heard = [at for kind, at in since if kinds.speaks(kind)]
        went_on = work.held(ended.goes_on_id)
        channel = work.organisation.inboxes[went_on.inbox_id].channel
        await windows.own_comment(work.connection, went_on.id)
        if went_on.last_inbound_at == ended.last_inbound_at:
            # Meta's window is each customer's own.
            own = [at for kind, at in since if window.opens(channel, kind, speaks=kinds.speaks(kind))]
            own += [ended.goes_on_last_inbound_at] if ended.goes_on_last_inbound_at else []
            went_on.last_inbound_at = max(own, default=None)
        if ended in waiting:
            if went_on.unread >= ended.unread_together:
                went_on.unread -= ended.unread
            if ended.waiting_since is not None and went_on.waiting_since == ended.waiting_since:
                went_on.waiting_since = ended.goes_on_waiting_since or min(heard, default=None)
                await _wait_less(work, ended, went_on, actor=actor)
            await _reopen(work, ended, actor=actor)


async def _wait_less(work: Unit, ended: Ended, went_on: Conversation, *, actor: str) -> None:
    with_bot = ended.goes_on_state is ConversationState.BOT and went_on.bots
    if with_bot and merging.waits_for_people(went_on) and went_on.waiting_since is None:
        # It was the other one who had asked for people.
        await ownership.let_go(work, [went_on], reason=_REASON, actor=actor)
        went_on.state, went_on.flow_state = ConversationState.BOT, ended.goes_on_flow_state
        await sla.stop(work, went_on)
    else:
        await sla.waits_less(work, went_on)


async def _reopen(work: Unit, ended: Ended, *, actor: str) -> None:
    conversation = work.held(ended.conversation_id)
    resolved_at, conversation.resolved_at = conversation.resolved_at or work.now, None
    conversation.waiting_since, conversation.unread = ended.waiting_since, ended.unread
    work.record(conversation, ConversationReopened(resolved_at=resolved_at), actor=actor)
    if ended.state is ConversationState.BOT and conversation.bots:
        conversation.state, conversation.flow_state = ConversationState.BOT, ended.flow_state
    elif ended.owner_id is not None and await _is_here(work, ended.owner_id, conversation):
        await ownership.give(work, conversation, ended.owner_id, reason=_REASON, actor=actor)
        await sla.customer_wrote_many(work, [conversation])
    else:
        place = Place(queue_id=ended.queue_id, entered_at=ended.entered_at, skills=ended.skills)
        await queueing.put_back(work, [(conversation, place)], reason=_REASON, actor=actor)


async def _is_here(work: Unit, user_id: int, conversation: Conversation) -> bool:
    """Locks the person's row, so that offers made meanwhile count this one."""
    await advisors.lock(work.connection, [user_id])
    colleague = await advisors.colleague(work.connection, user_id, conversation.sector_id)
    return colleague is not None and colleague.presence is not Presence.OFFLINE
