"""What people call a customer. The sector's rules may ask for a label; only that sector ever sees it."""

from typing import Any

from server.actions import queueing, reach, sla
from server.actions.unit import Services, Unit, unit
from server.domain import labels as rules
from server.domain import routing
from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.errors import Invalid
from server.domain.events import ContactLabelled, ContactUnlabelled
from server.domain.model import ConversationState, Priority
from server.domain.organisation import Sector
from server.store import labels

_WAITS = (ConversationState.QUEUED, ConversationState.OFFERED)
_URGENCY = {priority: place for place, priority in enumerate(Priority)}


async def label(
    services: Services, viewer: Viewer, conversation_id: int, *, label: str, on: bool, command_id: str
) -> dict[str, Any]:
    """Gives the conversation's contact a label, or takes it off; returns `{conversation_id, version}`.

    Raises `NotFound`, and `Invalid` for a label this sector does not use.
    """
    act = f"label {label} {'on' if on else 'off'}"
    async with unit(services) as work:
        if (first := await reach.first_result(work, viewer, command_id, act, conversation_id)) is not None:
            return first
        # All at once and in order: somebody may be labelling the same person in another of these conversations.
        beside = await labels.open_beside(work.connection, conversation_id)
        await work.lock_many([conversation_id, *beside])
        conversation = await reach.read(work, viewer, conversation_id)
        sector = work.organisation.sectors[conversation.sector_id]
        if on and label not in rules.known(sector):
            raise Invalid("This sector does not use this label.", field="label")
        change = labels.add if on else labels.remove
        if await change(work.connection, conversation, label):
            told = [conversation, *(work.held(each) for each in beside if each != conversation_id)]
            await _tell(work, viewer, told, sector, label, on=on)
        result = {"conversation_id": conversation_id, "version": conversation.version}
        await reach.keep_result(work, viewer, command_id, act, conversation_id, result)
    return result


async def _tell(
    work: Unit, viewer: Viewer, told: list[Conversation], sector: Sector, label: str, *, on: bool
) -> None:  # fmt: skip
    fact = (ContactLabelled if on else ContactUnlabelled)(sector_id=sector.id, label=label)
    for conversation in told:
        work.record(conversation, fact, actor=viewer.actor, user_id=conversation.owner_id)
    if not on:
        return
    given = frozenset(await labels.of_contact(work.connection, told[0].contact_id, sector.id))
    for conversation in told:
        # Whoever waits is judged again at once, as if they had written; nobody ever falls behind by it.
        found = routing.enqueue(
            sector, text="", contact_labels=given, language=conversation.language, reason="labelled"
        )
        if conversation.state in _WAITS and _URGENCY[found.priority] < _URGENCY[conversation.priority]:
            changes = [(conversation, found.priority)]
            await queueing.change_priority_many(work, changes, reason=found.reason, actor=viewer.actor)
            await sla.reprioritise(work, conversation)
