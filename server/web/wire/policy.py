"""What may be sent and what it costs: the window, prices by month, the attempts at a message."""

from datetime import datetime
from typing import Literal

from server.domain.model import Channel, OutboxState
from server.web.wire.base import Struct
from server.web.wire.conversation import Failure


class Window(Struct, frozen=True, kw_only=True):
    """Whether a person may write freely now. Open: `until` when and `by` what, where a private reply to a comment
    is one text; closed: why, and what would help.

    `free_until`: until then Meta charges nothing. `marketing_stopped`: the customer takes no marketing templates.
    """

    open: bool
    until: datetime | None
    by: Literal["window", "human_agent", "private_reply"] | None
    reason: (
        Literal["never_wrote", "window_over", "only_people", "one_private_reply", "comment_over", "only_a_text"] | None
    )
    words: str | None
    remedy: Literal["template", "wait", "none"] | None
    closed_at: datetime | None
    free_until: datetime | None
    marketing_stopped: bool


class CostLine(Struct, frozen=True, kw_only=True):
    """Messages delivered under one price, in Meta's own words for it; `charged` is ours."""

    category: str
    type: str | None
    charged: bool
    count: int


class FreeMessages(Struct, frozen=True, kw_only=True):
    """Of the service messages that each number delivers free of charge in a calendar month."""

    allowance: int
    used: int
    left: int


class InboxCosts(Struct, frozen=True, kw_only=True):
    """One number's month, in its sector's time zone."""

    inbox: str
    inbox_name: str
    sector: str
    sector_name: str
    channel: Channel
    time_zone: str
    delivered: int
    charged: int
    free: FreeMessages
    lines: list[CostLine]


class Costs(Struct, frozen=True, kw_only=True):
    """`month` as YYYY-MM."""

    month: str
    delivered: int
    charged: int
    inboxes: list[InboxCosts]


class Attempt(Struct, frozen=True, kw_only=True):
    """One try at sending a message; `calls`: how often Meta was asked, for what passes by itself is tried again."""

    state: OutboxState
    calls: int
    queued_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    failure: Failure | None


class Attempts(Struct, frozen=True, kw_only=True):
    """The first one leading."""

    attempts: list[Attempt]
