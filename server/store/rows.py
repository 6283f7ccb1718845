"""What the console is shown, as the database tells it: by a snapshot (`views`) and by the feed alike.

Rows are plain; words in the reader's language are added in `web.present`.
"""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.media import AttachmentKind, AttachmentState
from server.domain.model import (
    Author,
    Channel,
    ConversationState,
    IdentityKind,
    MessageStatus,
    Priority,
    SlaTarget,
    TimerState,
)
from server.domain.window import Comment


class SummaryRow(msgspec.Struct, frozen=True, kw_only=True):
    """The view `conversation_summary`."""

    id: int
    version: int
    sector_id: str
    inbox_id: str
    channel: Channel
    state: ConversationState
    priority: Priority
    queue_id: str | None
    owner_id: int | None
    owner_name: str | None
    contact_id: int
    contact_name: str
    contact_username: str | None
    language: str
    last_id: int | None
    last_author: Author | None
    last_kind: str | None
    last_text: str | None
    last_at: datetime | None
    last_status: MessageStatus | None
    unread: int
    waiting_since: datetime | None
    opened_at: datetime
    last_message_at: datetime
    last_inbound_at: datetime | None
    resolved_at: datetime | None
    timer_target: SlaTarget | None
    timer_state: TimerState | None
    timer_due_at: datetime | None
    timer_warn_at: datetime | None
    timer_breached_at: datetime | None
    # The newest thing of the customer's that opens Meta's window.
    window_opened_at: datetime | None = None
    free_entry_until: datetime | None = None
    # Their newest public comment.
    comment: Comment | None = None


class AttachmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a message. `thumbnail`: there is one."""

    id: int
    kind: AttachmentKind
    state: AttachmentState
    reason: str | None
    mime_type: str | None
    name: str | None
    size: int | None
    width: int | None
    height: int | None
    duration_seconds: float | None
    voice: bool
    animated: bool
    thumbnail: bool


class ReactionRow(msgspec.Struct, frozen=True, kw_only=True):
    emoji: str
    by: str


class EarlierRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said until that time."""

    text: str
    replaced_at: datetime


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """The view `message_detail`."""

    id: int
    conversation_id: int
    channel: Channel
    direction: str
    author: Author
    author_name: str | None
    kind: str
    text: str
    body: dict[str, Any]
    at: datetime
    status: MessageStatus | None
    status_at: datetime | None
    failure: dict[str, Any] | None
    quoted_id: int | None
    quoted_text: str | None
    quoted_author: Author | None
    referral_source: str | None
    referral_source_id: str | None
    referral_headline: str | None
    referral_body: dict[str, Any] | None
    provider_id: str | None
    edited_at: datetime | None
    revoked_at: datetime | None
    quoted_kind: str | None
    attachments: list[AttachmentRow] | None
    reactions: list[ReactionRow] | None
    earlier: list[EarlierRow] | None


class NoteRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    author_id: int
    author_name: str
    text: str
    at: datetime


class FactRow(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    kind: str
    at: datetime
    actor: str
    actor_name: str | None
    # Whom the fact is about beside its actor: the advisor of an assignment.
    subject_name: str | None
    data: dict[str, Any]


class IdentityRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kind: IdentityKind
    value: str
    name: str
    username: str | None
    pictured: bool


class OfferRow(msgspec.Struct, frozen=True, kw_only=True):
    offer_id: int
    offered_at: datetime
    expires_at: datetime
    skills: tuple[str, ...]
    wants: str | None
    summary: SummaryRow
