"""What happens after a customer wrote: a bot answers, a queue takes it, or the owner is told.

Only the newest unanswered message of a conversation is answered, and only while Meta's window is open:
a burst gets one answer, and late news gets none: people see to it.
"""

from collections.abc import Sequence

from server.actions import beyond_bots, queueing, sla
from server.actions.bots import take_turn
from server.actions.messages_in import Said
from server.actions.send import Sending, send_many
from server.actions.unit import Unit
from server.domain import calendar, languages, routing, window, wording
from server.domain.conversation import Conversation
from server.domain.model import Author, ConversationState, Purpose
from server.domain.organisation import Sector, Words
from server.domain.outgoing import Text
from server.domain.routing import Bot, Decision, Enqueue, Owner
from server.store import contacts


async def answer(work: Unit, said: Sequence[Said], opened: set[int]) -> None:
    """Decides for each conversation of the batch and writes what follows."""
    if not said:
        return
    work.gather()
    labels = await _labels(work, said)
    sendings: list[Sending] = []
    entries: list[tuple[Conversation, Enqueue]] = []
    talks: dict[int, list[Said]] = {}
    unspoken: list[list[Said]] = []
    for each in said:
        talks.setdefault(each.conversation.id, []).append(each)
    for talk in talks.values():
        conversation, sector = talk[0].conversation, talk[0].arrival.sector
        newly = conversation.id in opened
        if newly:
            conversation.language = _language(talk) or conversation.language
        labelled = labels.get((conversation.contact_id, sector.id), frozenset())
        decision: Decision | None = _decide(work, talk, newly, labelled)
        if isinstance(decision, Bot) and not _answerable(work, talk[-1]):
            if any(each.item.kind != window.WELCOME for each in talk):
                unspoken.append(talk)
        elif isinstance(decision, Bot):
            turn = take_turn(work, conversation, talk[-1].item, sector, labelled)
            sendings += turn.sendings
            decision = turn.hand_off
        if isinstance(decision, Enqueue):
            entries.append((conversation, decision))
        elif isinstance(decision, Owner) and conversation.state is ConversationState.SNOOZED:
            conversation.state, conversation.snoozed_until = ConversationState.ASSIGNED, None
        if not sector.bots and _begins(talk, decision, newly=newly) and _answerable(work, talk[-1]):
            sendings += _acknowledge(work, conversation, sector)
    entries += await beyond_bots.hand_off(work, unspoken, labels)
    waiting = [conversation.waiting_since for conversation, _ in entries]
    if sendings:
        await send_many(work, sendings)
    # A bot's goodbye is no answer: who is handed off waits since they wrote.
    for (conversation, _), since in zip(entries, waiting, strict=True):
        conversation.waiting_since = since
    if entries:
        await queueing.enqueue_many(work, entries)
    # Those that entered a queue had their clocks started there.
    entered = {conversation.id for conversation, _ in entries}
    await sla.customer_wrote_many(work, [each[0].conversation for id, each in talks.items() if id not in entered])


async def _labels(work: Unit, said: Sequence[Said]) -> dict[tuple[int, str], frozenset[str]]:
    ruled = {
        each.conversation.contact_id for each in said if any(rule.labels for rule in each.arrival.sector.priority_rules)
    }
    return await contacts.labels(work.connection, sorted(ruled)) if ruled else {}


def _decide(work: Unit, talk: Sequence[Said], newly: bool, labels: frozenset[str]) -> Decision:
    """Every message of the talk is judged, for one of them may be the urgent one; the last says what is done."""
    conversation, sector = talk[0].conversation, talk[0].arrival.sector
    decisions = [
        routing.decide(
            None if newly else conversation, each.item, sector,
            text_language=conversation.language, contact_labels=labels, now=work.now,
        )
        for each in talk
    ]  # fmt: skip
    queued = [each for each in decisions if isinstance(each, Enqueue)]
    if isinstance(decisions[-1], Bot) or not queued:
        return decisions[-1]
    return min(queued, key=lambda each: routing.urgency(each.priority))


def _language(talk: Sequence[Said]) -> str | None:
    """Of the latest words a language can be told by: a photo or a sign of agreement has none."""
    found = (languages.detect(each.item.text) for each in reversed(talk))
    return next((each for each in found if each is not None), None)


def _begins(talk: Sequence[Said], decision: Decision | None, *, newly: bool) -> bool:
    """Whether it is the first we may answer of what waits for people: a comment, or the chat's opening, is not."""
    if newly:
        return isinstance(decision, Enqueue)
    waits = isinstance(decision, Enqueue) or decision == routing.WAITS
    return waits and talk[0].conversation.outbox_seq == 0 and any(each.first for each in talk)


def _answerable(work: Unit, said: Said) -> bool:
    """Whether something that nobody typed may go now: not to a comment, whose one private reply is a person's."""
    item = said.item
    opened = window.opens(item.channel, item.kind, speaks=True)
    closes_at = window.closes_at(item.at if opened else said.conversation.last_inbound_at)
    return (
        item.kind != window.COMMENT and not said.arrival.quiet and not said.late
        and closes_at is not None and closes_at > work.now
    )  # fmt: skip


def _acknowledge(work: Unit, conversation: Conversation, sector: Sector) -> list[Sending]:
    hours = work.organisation.calendars.get(sector.calendar)
    texts = [(_in_language(sector.acknowledgement, conversation, sector), Purpose.ACKNOWLEDGEMENT)]
    if hours is not None and not calendar.open_at(hours, work.now):
        notice = _in_language(sector.out_of_hours, conversation, sector)
        texts.append((wording.fill_opens(notice, hours, conversation.language, work.now), Purpose.OUT_OF_HOURS))
    return [
        Sending(conversation=conversation, outgoing=Text(text), author=Author.SYSTEM, purpose=purpose)
        for text, purpose in texts
        if text
    ]


def _in_language(words: Words, conversation: Conversation, sector: Sector) -> str:
    return words.get(conversation.language) or words.get(sector.default_language, "")
