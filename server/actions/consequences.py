"""What a refusal of Meta's means beyond its message: an inbox that rests, a customer left in peace, people told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from server.actions.unit import Unit
from server.domain import window
from server.domain.conversation import Conversation
from server.domain.events import MarketingStopped, SendingAlarmed, SendingPaused, SendingResumed
from server.domain.failure_codes import rule_of
from server.domain.failures import Course
from server.domain.inbound import Failure
from server.store import inboxes, suppressions
from server.store.inboxes import Alarm
from server.store.suppressions import NewSuppression

# One alarm for each code and inbox within this time: a broken account refuses everything.
ALARM_SECONDS = 3600.0

_log = structlog.get_logger()


async def pause(work: Unit, inbox_id: str, failure: Failure, token_set_at: datetime | None) -> None:
    """Nothing leaves until a person or the time ends it; what came in and comes in is not touched."""
    inbox = work.organisation.inboxes.get(inbox_id)
    seconds = rule_of(inbox.channel, failure).resume_seconds if inbox else None
    reason = f"{failure.code}: {failure.title}"
    if not await inboxes.pause(work.connection, inbox_id, reason, token_set_at, seconds):
        return
    _log.error("inbox_paused", inbox=inbox_id, code=failure.code)
    if inbox is not None:
        until = work.now + timedelta(seconds=seconds) if seconds is not None else None
        fact = SendingPaused(code=failure.code, title=failure.title, resumes_at=until)
        await work.record_of_inbox(inbox_id, inbox.sector, fact)


async def resumed(work: Unit, inbox_ids: Iterable[str], *, actor: str = "system") -> None:
    """Tells it; the rows were changed, and are locked, by the caller's statement."""
    for inbox_id in inbox_ids:
        if (inbox := work.organisation.inboxes.get(inbox_id)) is not None:
            await work.record_of_inbox(inbox_id, inbox.sector, SendingResumed(), actor=actor)


async def of_failures(work: Unit, failures: Sequence[tuple[Conversation, Failure]]) -> None:
    """For messages that ended in failure, by an answer or by a status; their conversations are locked."""
    held: list[NewSuppression] = []
    talks: dict[tuple[int, str], Conversation] = {}
    alarms: dict[Alarm, Failure] = {}
    for conversation, failure in failures:
        inbox = work.organisation.inboxes.get(conversation.inbox_id)
        if inbox is None or failure.code < 0:
            continue
        rule = rule_of(inbox.channel, failure)
        if rule.course is Course.SUPPRESS:
            until = work.now + timedelta(seconds=rule.hold_seconds) if rule.hold_seconds is not None else None
            held.append(
                NewSuppression(
                    contact_id=conversation.contact_id, inbox_id=inbox.id, category=window.MARKETING, value="stop",
                    source="refusal", code=failure.code, at=work.now, until=until,
                )
            )  # fmt: skip
            talks[conversation.contact_id, inbox.id] = conversation
        elif rule.course is Course.ALERT:
            alarms.setdefault((inbox.id, failure.code, failure.subcode or 0), failure)
    if held:
        await _suppress(work, held, talks)
    if alarms:
        await _alarm(work, alarms)


async def _suppress(work: Unit, held: Sequence[NewSuppression], talks: dict[tuple[int, str], Conversation]) -> None:
    written = await suppressions.put(work.connection, held)
    for each in held:
        if each.key in written and each.until is None:
            conversation = talks[each.contact_id, each.inbox_id]
            fact = MarketingStopped(category=each.category, code=each.code)
            work.record(conversation, fact, actor="customer", user_id=conversation.owner_id)


async def _alarm(work: Unit, alarms: dict[Alarm, Failure]) -> None:
    told = await inboxes.alarmed_lately(work.connection, alarms, ALARM_SECONDS)
    fresh = {alarm: failure for alarm, failure in alarms.items() if alarm not in told}
    if not fresh:
        return
    await inboxes.lock(work.connection, {inbox_id for inbox_id, _, _ in fresh})
    for (inbox_id, code, _), failure in sorted(fresh.items()):
        _log.error("inbox_alarm", inbox=inbox_id, code=code, subcode=failure.subcode)
        fact = SendingAlarmed(code=code, subcode=failure.subcode, title=failure.title)
        await work.record_of_inbox(inbox_id, work.organisation.inboxes[inbox_id].sector, fact)
