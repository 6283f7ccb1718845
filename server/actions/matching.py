"""Brings waiting conversations and free advisors together.

Several processes may match at once. A transaction-long advisory lock makes them take turns, which keeps the order
strict and saves double work, but nothing relies on it: chosen conversations are locked (those somebody holds are left
for the next round), then their advisors, and presence and capacity are counted anew under those locks.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import structlog

from server.actions.unit import Services, Unit, unit
from server.domain.assignment import Advisor, Candidate, Choice, choose
from server.domain.events import OfferMade
from server.domain.model import ConversationState, Presence
from server.store import advisors, conversations, offers, queues
from server.store.offers import NewOffer, Refusal
from server.store.queues import Able, Waiting

# Whoever let go of a conversation gets it again only after this, or when nobody else could take it,
COOLDOWN_SECONDS = 300.0
# and even then not at once.
ALONE_COOLDOWN_SECONDS = 15.0

# At most the literal in the statement `heads`.
_PAGE = 100
_ROUNDS = 3
# A larger team is kept in the why ledger as counts beside the one chosen.
_LEDGER = 100
_BUSY_SECONDS = 0.02
_BEGINNING = (datetime(1, 1, 1, tzinfo=UTC), 0)
_SYSTEM = "system"

_log = structlog.get_logger()


class _Round(msgspec.Struct):
    """One walk along the queues. `left_out`: something changed under us, so another walk may find more."""

    after: tuple[datetime, int] = _BEGINNING
    offered: int = 0
    left_out: bool = False
    done: bool = False


class _Chosen(msgspec.Struct, frozen=True):
    waiting: Waiting
    advisor: Advisor
    choice: Choice


async def match(services: Services) -> int:
    """Offers what can be offered, strictly in the order of the queues; returns how many offers were made."""
    total = 0
    for _ in range(_ROUNDS):
        walk = _Round()
        while not walk.done:
            await _page(services, walk)
        total += walk.offered
        if not walk.left_out:
            break
        await asyncio.sleep(_BUSY_SECONDS)
    return total


async def _page(services: Services, walk: _Round) -> None:
    """The next page; if the database refuses something in it, its rows one by one, so that only the bad one is left."""
    start, size = walk.after, _PAGE
    try:
        async with unit(services) as work:
            await _offer_some(work, walk, size)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError):
        if walk.after == start:
            raise
        end, walk.after, walk.done = walk.after, start, False
        while walk.after < end and not walk.done:
            try:
                async with unit(services) as work:
                    await _offer_some(work, walk, 1)
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError) as error:
                walk.done = False
                _log.error("offer_refused", conversation_id=walk.after[1], sqlstate=error.sqlstate)


async def _offer_some(work: Unit, walk: _Round, size: int) -> None:
    await queues.take_turns(work.connection)
    staff = await advisors.standing(work.connection)
    free = [each for each in staff if _free(each)]
    able = sorted({(sector, each.skills) for each in free for sector in each.sectors}, key=str)
    queue_ids = [
        each.id for each in work.organisation.queues.values() if any(each.sector == sector for sector, _ in able)
    ]
    if not queue_ids:
        walk.done = True
        return
    heads = await queues.heads(work.connection, queue_ids, [Able(*each) for each in able], walk.after, size)
    if heads:
        walk.after = (heads[-1].rank, heads[-1].conversation_id)
    refused = await _refused(work, heads, staff)
    chosen = _choose(heads, staff, refused, work.now)
    walk.done = len(heads) < size or len(chosen) == sum(each.capacity - each.load for each in free)
    made = await _make(work, chosen) if chosen else 0
    walk.offered += made
    walk.left_out |= made < len(chosen)


def _free(advisor: Advisor) -> bool:
    return advisor.presence is Presence.ONLINE and advisor.load < advisor.capacity


def _busier(advisor: Advisor) -> Advisor:
    return msgspec.structs.replace(advisor, load=advisor.load + 1)


async def _refused(work: Unit, heads: Sequence[Waiting], staff: Sequence[Advisor]) -> dict[int, list[Refusal]]:
    ids = [each.conversation_id for each in heads]
    found: dict[int, list[Refusal]] = {}
    if ids:
        for each in await offers.refusals(work.connection, ids, [one.id for one in staff], COOLDOWN_SECONDS):
            found.setdefault(each.conversation_id, []).append(each)
    return found


def _choose(
    heads: Sequence[Waiting], staff: Sequence[Advisor], refused: dict[int, list[Refusal]], now: datetime
) -> list[_Chosen]:
    by_sector: dict[str, dict[int, Advisor]] = {}
    for each in staff:
        for sector in each.sectors:
            by_sector.setdefault(sector, {})[each.id] = each
    places = sum(each.capacity - each.load for each in staff if _free(each))
    chosen: list[_Chosen] = []
    for waiting in heads:
        if len(chosen) == places:
            break
        choice = _choose_one(waiting, list(by_sector.get(waiting.sector_id, {}).values()), refused, now)
        if choice.advisor is None:
            continue
        chosen.append(_Chosen(waiting, choice.advisor, choice))
        now_busier = _busier(choice.advisor)
        for sector in now_busier.sectors:
            by_sector[sector][now_busier.id] = now_busier
    return chosen


def _choose_one(waiting: Waiting, staff: Sequence[Advisor], refused: dict[int, list[Refusal]], now: datetime) -> Choice:
    refusals = refused.get(waiting.conversation_id, ())
    candidate = Candidate(
        conversation_id=waiting.conversation_id, sector_id=waiting.sector_id, skills=waiting.skills,
        declined=frozenset(each.advisor_id for each in refusals),
    )  # fmt: skip
    choice = choose(candidate, staff)
    if choice.advisor is None and refusals and not any(each["why"] == "full" for each in choice.considered):
        just_now = now - timedelta(seconds=ALONE_COOLDOWN_SECONDS)
        recent = frozenset(each.advisor_id for each in refusals if each.at > just_now)
        return choose(msgspec.structs.replace(candidate, declined=recent), staff)
    return choice


async def _make(work: Unit, chosen: Sequence[_Chosen]) -> int:
    """Locks, looks again and writes the offers that still hold."""
    held = await conversations.lock_free(work.connection, [each.waiting.conversation_id for each in chosen])
    advisor_ids = sorted({each.advisor.id for each in chosen})
    await advisors.lock(work.connection, advisor_ids)
    standing = {each.id: each for each in await advisors.standing(work.connection, advisor_ids)}
    waiting = await queues.find(work.connection, list(held))
    made: list[_Chosen] = []
    for each in chosen:
        id, advisor = each.waiting.conversation_id, standing.get(each.advisor.id)
        now_waiting = waiting.get(id)
        if now_waiting is None or advisor is None or not _free(advisor):
            continue
        same = (now_waiting.queue_id, now_waiting.skills) == (each.waiting.queue_id, each.waiting.skills)
        if same and held[id].state is ConversationState.QUEUED and now_waiting.sector_id in advisor.sectors:
            standing[advisor.id] = _busier(advisor)
            made.append(_Chosen(now_waiting, advisor, each.choice))
    if made:
        for each in made:
            work.adopt(held[each.waiting.conversation_id])
        await _write(work, made)
    return len(made)


async def _write(work: Unit, made: Sequence[_Chosen]) -> None:
    new = [_offer(work, each) for each in made]
    await queues.take(work.connection, [each.conversation_id for each in new])
    ids = await offers.add(work.connection, new)
    await advisors.note_offered(work.connection, sorted({each.advisor_id for each in new}))
    for id, each in zip(ids, new, strict=True):
        conversation = work.held(each.conversation_id)
        conversation.state = ConversationState.OFFERED
        fact = OfferMade(offer_id=id, advisor_id=each.advisor_id, expires_at=each.expires_at)
        work.record(conversation, fact, actor=_SYSTEM, user_id=each.advisor_id)


def _offer(work: Unit, chosen: _Chosen) -> NewOffer:
    waiting = chosen.waiting
    queue = work.organisation.queues[waiting.queue_id]
    return NewOffer(
        conversation_id=waiting.conversation_id, sector_id=waiting.sector_id, queue_id=waiting.queue_id,
        advisor_id=chosen.advisor.id, priority=waiting.priority, entered_at=waiting.entered_at, skills=waiting.skills,
        expires_at=work.now + timedelta(seconds=queue.offer_seconds), considered=_ledger(chosen.choice.considered),
    )  # fmt: skip


def _ledger(considered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(considered) <= _LEDGER:
        return considered
    counts = Counter(each["why"] for each in considered if each["why"] != "chosen")
    return [each for each in considered if each["why"] == "chosen"] + [
        {"why": why, "count": count} for why, count in counts.most_common()
    ]
