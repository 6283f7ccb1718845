"""What a person may do with a conversation they read: which buttons stand there. The actions decide again."""

from server.domain.access import Viewer, supervises, takes_conversations
from server.domain.model import ConversationState
from server.store.views import SummaryRow
from server.web import wire


def may(viewer: Viewer, row: SummaryRow) -> wire.May:
    is_open = row.state is not ConversationState.RESOLVED
    owns = row.owner_id == viewer.user_id
    oversees = supervises(viewer, row.sector_id)
    steers = is_open and (owns or oversees)
    return wire.May(
        reply=owns and is_open,
        resolve=steers,
        hand_back=steers and row.owner_id is not None,
        transfer=steers,
        take_over=is_open and oversees and takes_conversations(viewer) and not owns,
        reassign=is_open and oversees,
        note=True,
    )
