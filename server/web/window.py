"""Meta's window of a conversation, told to whoever writes in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from server.domain import window
from server.domain.window import Allowed, Standing, Suppression
from server.store.rows import SummaryRow
from server.web import wire
from server.web.present import Presenter


def told(row: SummaryRow, stopped: Sequence[Suppression], now: datetime, speak: Presenter) -> wire.Window:
    """For words typed by a person; templates are judged one by one, by their category."""
    standing = Standing(
        opened_at=row.window_opened_at, free_entry_until=row.free_entry_until,
        human_agent=speak.has_human_agent(row.inbox_id), comment=row.comment,
    )  # fmt: skip
    found = window.verdict(row.channel, standing, now=now)
    free_until = row.free_entry_until if row.free_entry_until is not None and now < row.free_entry_until else None
    marketing_stopped = any(each.category == window.MARKETING for each in stopped)
    if isinstance(found, Allowed):
        return wire.Window(
            open=True, until=found.until, by=cast(Any, found.by.value), reason=None, words=None, remedy=None,
            closed_at=None, free_until=free_until, marketing_stopped=marketing_stopped,
        )  # fmt: skip
    return wire.Window(
        open=False, until=None, by=None, reason=cast(Any, found.reason.value),
        words=speak.catalogue.gettext(window.SAID[found.reason]), remedy=found.remedy.value, closed_at=found.closed_at,
        free_until=free_until, marketing_stopped=marketing_stopped,
    )  # fmt: skip
