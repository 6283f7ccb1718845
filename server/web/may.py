"""What a person may do with a conversation they read: which buttons stand there. The actions decide again."""

from server.domain.access import Viewer, steers, supervises, takes_conversations
from server.domain.model import ConversationState
from server.store.rows import SummaryRow
from server.web import wire


def may(viewer: Viewer, row: SummaryRow) -> wire.May:
    is_open = row.state is not ConversationState.RESOLVED
    owns = row.owner_id == viewer.user_id
    oversees = supervises(viewer, row.sector_id)
    steered = is_open and steers(viewer, row.sector_id, row.owner_id)
    return wire.May(
        reply=owns and is_open,
        resolve=steered,
        hand_back=steered and row.owner_id is not None,
        transfer=steered,
        take_over=is_open and oversees and takes_conversations(viewer) and not owns,
        reassign=is_open and oversees,
        note=True,
    )
