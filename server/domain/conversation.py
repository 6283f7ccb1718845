"""The conversation as actions hold it while its row is locked."""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import ConversationState, Priority


class Conversation(msgspec.Struct, kw_only=True):
    """Mutable on purpose: an action changes fields, its unit writes them back once. Times are UTC."""

    id: int
    sector_id: str
    bots: bool
    inbox_id: str
    contact_id: int
    identity_id: int
    state: ConversationState
    priority: Priority
    queue_id: str | None
    owner_id: int | None
    language: str
    # Of the event stream 'conversation:ID'.
    version: int
    outbox_seq: int
    # Counts openings: one acknowledgement each.
    opening: int
    flow_state: dict[str, Any] | None
    bot_paused_at: datetime | None
    opened_at: datetime
    # The provider time of the oldest customer message nobody answered.
    waiting_since: datetime | None
    # The provider time of the newest customer message: Meta's window counts from it.
    last_inbound_at: datetime | None
    last_message_id: int | None
    last_message_at: datetime
    unread: int
    snoozed_until: datetime | None
    resolved_at: datetime | None
