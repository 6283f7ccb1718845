"""Keeps what Meta says about accounts and what our detectors find, and tells those who can do something about it."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from server.actions import accounts
from server.actions.arrivals import Arrival
from server.actions.unit import Topic, Unit
from server.domain.account_events import OURS, SEVERITIES
from server.domain.events import AccountAlerted
from server.domain.inbound import UNDATED, AccountItem, Severity
from server.domain.organisation import Inbox
from server.store import account_events, health, inboxes
from server.store.account_events import Added, NewAccountEvent
from server.telemetry import ACCOUNT_EVENTS

_log = structlog.get_logger()


async def record(work: Unit, arrivals: Sequence[Arrival]) -> None:
    """Stores the account items of a batch; what is worse than news is told at once."""
    rows = []
    for each in arrivals:
        item = each.item
        if isinstance(item, AccountItem):
            concerned = _concerned(work, each.inbox, item)
            rows.append(
                NewAccountEvent(
                    source="meta", channel=each.inbox.channel, account_id=item.account_id,
                    inbox_ids=tuple(inbox.id for inbox in concerned), sector_ids=_sectors(concerned), field=item.field,
                    event=item.event, severity=item.severity, data=item.data,
                    at=work.now if item.at == UNDATED else min(item.at, work.now),
                )
            )  # fmt: skip
    await _add(work, rows)
    # What was said about a number or a subscription is soon seen at Meta too.
    if worrying := sorted({id for each in rows if each.severity is not Severity.INFO for id in each.inbox_ids}):
        work.insert_later(health.look_soon, worrying)
        work.wake(Topic.HEALTH)


def found(work: Unit, concerned: Sequence[Inbox], account_id: str, event: str, data: dict[str, Any]) -> NewAccountEvent:
    """A state that a detector of ours found."""
    return NewAccountEvent(
        source=OURS, channel=concerned[0].channel, account_id=account_id,
        inbox_ids=tuple(inbox.id for inbox in concerned), sector_ids=_sectors(concerned), field=OURS, event=event,
        severity=SEVERITIES[event], data=data, at=work.now,
    )  # fmt: skip


async def tell(work: Unit, events: Sequence[NewAccountEvent]) -> int:
    """Tells of states that were not told of yet; returns how many."""
    return len(await _add(work, events))


async def _add(work: Unit, rows: Sequence[NewAccountEvent]) -> list[Added]:
    if not rows:
        return []
    # Before the rows: whoever appends to an inbox's stream holds the inbox, in one order.
    await inboxes.lock(work.connection, sorted({id for each in rows for id in each.inbox_ids}))
    added = await account_events.add(work.connection, rows)
    for each in added:
        ACCOUNT_EVENTS.labels(each.severity.value).inc()
        if each.severity is not Severity.INFO:
            await _alert(work, each)
    return added


async def _alert(work: Unit, event: Added) -> None:
    _log.warning("account_alerted", account_event=event.id, inboxes=list(event.inbox_ids), severity=event.severity)
    fact = AccountAlerted(account_event_id=event.id, severity=event.severity.value)
    told: set[str] = set()
    for inbox_id in sorted(event.inbox_ids):
        inbox = work.organisation.inboxes.get(inbox_id)
        # Once in each sector: its people look after all of its inboxes.
        if inbox is not None and inbox.sector not in told:
            told.add(inbox.sector)
            await work.record_of_inbox(inbox_id, inbox.sector, fact)


def _concerned(work: Unit, inbox: Inbox, item: AccountItem) -> list[Inbox]:
    """News of one number concerns its inbox; news of an account, or of a number we do not know, all that share it."""
    if item.account_id == inbox.external_id or accounts.is_named(inbox, item):
        return [inbox]
    sharing = [each for each in work.organisation.inboxes.values() if each.account_id == item.account_id]
    return sharing or [inbox]


def _sectors(concerned: Iterable[Inbox]) -> tuple[str, ...]:
    return tuple(sorted({each.sector for each in concerned}))
