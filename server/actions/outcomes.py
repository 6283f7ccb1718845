"""Writes down what became of calls: the outbox row, the message, the fact, the SLA clock; many in one transaction."""

from collections.abc import Iterable, Sequence

import asyncpg
import msgspec
import structlog

from server.actions import consequences, not_sent
from server.actions.moving import Moving
from server.actions.unit import Services, Unit, unit
from server.channels.graph import Accepted, Outcome, Refused, Unknown, Unsent
from server.domain.events import MessageMoved
from server.domain.failure_codes import rule_of
from server.domain.failures import Course, Rule, Scope
from server.domain.inbound import Failure
from server.domain.model import Channel, MessageStatus
from server.store import messages, outbox
from server.store.messages import Move
from server.store.outbox import Claimed
from server.telemetry import SENDS

# How long an uncertain send keeps its conversation waiting for the news that tells its fate.
HOLD_SECONDS = 60.0
# A failure to connect passes by itself, or the window closes.
_LONGEST_UNSENT_WAIT = 60.0

_log = structlog.get_logger()


class Result(msgspec.Struct, frozen=True):
    claimed: Claimed
    outcome: Outcome


class _Sorted:
    """The outcomes of one batch by what is to be written."""

    def __init__(self) -> None:
        self.accepted: list[tuple[Claimed, str | None]] = []
        self.again: list[tuple[Claimed, float, Failure | None]] = []
        self.failed: list[tuple[Claimed, Failure]] = []
        self.doubtful: list[tuple[Claimed, Failure | None]] = []
        self.pauses: dict[str, tuple[Claimed, Failure]] = {}
        self.rests: dict[str, float] = {}


async def record(services: Services, results: Sequence[Result]) -> dict[str, float]:
    """Returns the inboxes Meta wants to rest, with the seconds. Raises `Unavailable`; then nothing was written."""
    sorted_ = _sort(services, results)
    try:
        async with unit(services) as work:
            await _write(work, sorted_, results)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError) as error:
        if len(results) == 1:
            # Its row lapses into uncertainty, which a status or a person resolves.
            _log.error("outcome_not_recorded", outbox_id=results[0].claimed.id, cause=type(error).__name__)
            return {}
        half = len(results) // 2
        return await record(services, results[:half]) | await record(services, results[half:])
    _count(services, results)
    return sorted_.rests


async def show_undecided(services: Services) -> None:
    """Shows people the sends that stayed uncertain; the conversations have gone on."""
    async with services.pool.acquire() as connection:
        rows = await outbox.undecided(connection)
    if not rows:
        return
    async with unit(services) as work:
        await work.lock_many(sorted({each.conversation_id for each in rows}))
        undecided = await outbox.still_undecided(work.connection, [each.id for each in rows])
        shown = {each.message_id: work.held(each.conversation_id) for each in rows if each.message_id in undecided}
        for message_id, conversation in shown.items():
            fact = MessageMoved(message_id=message_id, status=MessageStatus.UNCERTAIN)
            work.record(conversation, fact, actor="system", user_id=conversation.owner_id)
        moves = [Move(id=each, status=MessageStatus.UNCERTAIN, at=work.now) for each in shown]
        await messages.move(work.connection, moves)
        # Nobody looks at what a bot may not have said.
        await not_sent.hand_off(work, shown)


def _sort(services: Services, results: Iterable[Result]) -> _Sorted:
    sorted_ = _Sorted()
    for each in results:
        claimed, outcome = each.claimed, each.outcome
        if isinstance(outcome, Accepted):
            sorted_.accepted.append((claimed, outcome.provider_id))
        elif isinstance(outcome, Unsent):
            sorted_.again.append((claimed, min(2.0 ** min(claimed.attempts, 10), _LONGEST_UNSENT_WAIT), None))
        elif isinstance(outcome, Unknown):
            sorted_.doubtful.append((claimed, outcome.failure))
        else:
            _sort_refused(sorted_, claimed, outcome, rule_of(_channel(services, claimed), outcome.failure))
    return sorted_


def _sort_refused(sorted_: _Sorted, claimed: Claimed, refused: Refused, rule: Rule) -> None:
    failure = refused.failure
    if rule.course is Course.PAUSE_INBOX:
        # Nothing is wrong with the message: it leaves when the inbox is connected again.
        sorted_.pauses[claimed.inbox_id] = (claimed, failure)
        sorted_.again.append((claimed, 0.0, failure))
        return
    wait = rule.wait(claimed.attempts)
    if wait is None:
        sorted_.failed.append((claimed, failure))
        return
    wait = max(wait, refused.retry_after or 0.0)
    sorted_.again.append((claimed, wait, failure))
    if rule.scope is Scope.INBOX:
        sorted_.rests[claimed.inbox_id] = max(wait, sorted_.rests.get(claimed.inbox_id, 0.0))


async def _write(work: Unit, sorted_: _Sorted, results: Sequence[Result]) -> None:
    connection = work.connection
    await work.lock_many(sorted({each.claimed.conversation_id for each in results}))
    for inbox_id, (claimed, failure) in sorted(sorted_.pauses.items()):
        await consequences.pause(work, inbox_id, failure, claimed.token_set_at)
    if sorted_.again:
        requeued = await outbox.requeue(connection, sorted_.again)
        # Held no longer, so later messages may have gone: a person decides.
        sorted_.failed += [
            (claimed, failure or Failure(code=-1, title="Not sent"))
            for claimed, _, failure in sorted_.again
            if claimed.id not in requeued
        ]
    if sorted_.doubtful:
        await outbox.doubt(connection, sorted_.doubtful, HOLD_SECONDS)
    accepted = await outbox.accept(connection, sorted_.accepted) if sorted_.accepted else set()
    failed = await outbox.fail(connection, sorted_.failed) if sorted_.failed else set()
    moving = Moving(work)
    await moving.accept([each for each in sorted_.accepted if each[0].id in accepted])
    ended = [each for each in sorted_.failed if each[0].id in failed]
    await moving.fail(ended)
    lost = [(work.held(claimed.conversation_id), failure) for claimed, failure in ended]
    await consequences.of_failures(work, lost)


def _count(services: Services, results: Iterable[Result]) -> None:
    for each in results:
        channel, outcome = _channel(services, each.claimed), each.outcome
        SENDS.labels(channel.value, type(outcome).__name__.lower()).inc()
        if isinstance(outcome, Refused):
            rule = rule_of(channel, outcome.failure)
            log = _log.error if rule.course is Course.ALERT else _log.info
            log("send_refused", inbox=each.claimed.inbox_id, outbox_id=each.claimed.id, code=outcome.failure.code,
                subcode=outcome.failure.subcode, course=rule.course.value)  # fmt: skip
        elif not isinstance(outcome, Accepted):
            _log.warning("send_unsure" if isinstance(outcome, Unknown) else "send_unsent",
                         inbox=each.claimed.inbox_id, outbox_id=each.claimed.id, cause=outcome.reason)  # fmt: skip


def _channel(services: Services, claimed: Claimed) -> Channel:
    inbox = services.organisation().inboxes.get(claimed.inbox_id)
    return inbox.channel if inbox else Channel.WHATSAPP
