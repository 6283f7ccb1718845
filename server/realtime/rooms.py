"""Who hears what. Pure: rights to rooms, facts to rooms."""

from server.domain.access import Viewer, hears_alarms, reads_every_conversation, sees_board
from server.store.feed import PushRow

# Whose conversation it just was or just became: they see the change of owner as a whole.
_OWNERSHIP = ("ConversationAssigned", "ConversationReleased")


def of_viewer(viewer: Viewer) -> frozenset[str]:
    """The rooms a person's socket is in by right; `conversation:ID` is added while they watch one."""
    rooms = {person(viewer.user_id)}
    if reads_every_conversation(viewer):
        rooms.update(f"sector:{sector}" for sector in viewer.sectors)
    if sees_board(viewer):
        rooms.update(board(sector) for sector in viewer.sectors)
    if hears_alarms(viewer):
        rooms.update(alarms(sector) for sector in viewer.sectors)
    return frozenset(rooms)


def of_readers(row: PushRow) -> list[str]:
    """Where the event is shown with its conversation and message."""
    if row.conversation_id is None or row.sector_id is None:
        return []
    rooms = [f"sector:{row.sector_id}", conversation(row.conversation_id)]
    if row.summary is not None and row.summary.owner_id is not None:
        rooms.append(person(row.summary.owner_id))
    if row.kind in _OWNERSHIP:
        rooms.append(person(row.data["advisor_id"]))
    return rooms


def of_concerned(row: PushRow) -> list[str]:
    """Where the event is shown as a bare fact (and an offer to whom it is made)."""
    people = {row.user_id, row.offer_advisor_id} - {None}
    told = [person(each) for each in people if each is not None]
    if row.stream.startswith("inbox:") and row.sector_id is not None:
        told.append(alarms(row.sector_id))
    return told


def of_board(row: PushRow) -> frozenset[str]:
    """The sectors whose figures the event may have moved."""
    return frozenset((row.sector_id,)) if row.sector_id is not None else frozenset(row.user_sectors)


def person(user_id: int) -> str:
    return f"user:{user_id}"


def conversation(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def alarms(sector_id: str) -> str:
    """Those who can do something when an account needs somebody."""
    return f"alarms:{sector_id}"


def board(sector_id: str) -> str:
    return f"board:{sector_id}"
