"""Where a customer's message goes: to the bot, into a queue, to its owner, or nowhere new."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from server.domain.compiled import Compiled
from server.domain.conversation import Conversation
from server.domain.folding import words
from server.domain.inbound import MessageItem, Referral
from server.domain.lexicon import Lexicon
from server.domain.model import ConversationState, Priority
from server.domain.organisation import PriorityRule, Sector

# After an echo from the business phone a person is at it; a day later the bot may help again.
BOT_RESTS = timedelta(hours=24)


class Bot(msgspec.Struct, frozen=True):
    """The sector's flow answers."""


class Enqueue(msgspec.Struct, frozen=True):
    """People answer. For a conversation that waits already: its priority rises, its place keeps its age."""

    queue_id: str
    priority: Priority
    skills: tuple[str, ...]
    # opened, reopened, woke, raised, or why a bot handed off.
    reason: str


class Owner(msgspec.Struct, frozen=True):
    """The advisor who has it sees it; a snoozed one is back."""


class Nothing(msgspec.Struct, frozen=True):
    """Stored and shown only: standby, bot_rests, waits."""

    reason: str


Decision = Bot | Enqueue | Owner | Nothing

_BOT, _OWNER = Bot(), Owner()
_STANDBY, _BOT_RESTS, WAITS = Nothing("standby"), Nothing("bot_rests"), Nothing("waits")
_URGENCY = {priority: place for place, priority in enumerate(Priority)}
_NO_LABELS: frozenset[str] = frozenset()


def decide(
    conversation: Conversation | None,
    item: MessageItem,
    sector: Sector,
    *,
    text_language: str | None,
    contact_labels: Collection[str] = _NO_LABELS,
    now: datetime,
) -> Decision:
    """Without a conversation, or with a resolved one, the message opens; the caller says which row it opens in."""
    if item.standby:
        return _STANDBY
    state = conversation.state if conversation is not None else None
    if conversation is None or state is ConversationState.RESOLVED:
        if sector.bots and sector.flow is not None:
            return _BOT
        language = text_language or (conversation.language if conversation else None)
        reason = "reopened" if conversation else "opened"
        return enqueue(
            sector, text=item.text, referral=item.referral, contact_labels=contact_labels, language=language,
            reason=reason,
        )  # fmt: skip
    if state is ConversationState.ASSIGNED:
        return _OWNER
    if state is ConversationState.BOT:
        paused_at = conversation.bot_paused_at
        return _BOT_RESTS if paused_at is not None and now - paused_at < BOT_RESTS else _BOT
    if state is ConversationState.SNOOZED and conversation.owner_id is not None:
        return _OWNER
    found = enqueue(
        sector, text=item.text, referral=item.referral, contact_labels=contact_labels, language=conversation.language,
        reason="woke" if state is ConversationState.SNOOZED else "raised",
    )  # fmt: skip
    if state is ConversationState.SNOOZED:
        return found
    return found if urgency(found.priority) < urgency(conversation.priority) else WAITS


def urgency(priority: Priority) -> int:
    """The smaller, the more urgent."""
    return _URGENCY[priority]


def enqueue(
    sector: Sector,
    *,
    text: str,
    referral: Referral | None = None,
    contact_labels: Collection[str] = _NO_LABELS,
    language: str | None,
    reason: str,
) -> Enqueue:
    """Queue, priority and skills by the sector's rules; the queue's own skills come on top when it is entered."""
    rule = _rules(sector).first(text, referral, contact_labels)
    spoken = sector.language_skills.get(language or sector.default_language)
    skills = (spoken,) if spoken is not None else ()
    if rule is None:
        return Enqueue(sector.queue, sector.default_priority, skills, reason)
    return Enqueue(rule.queue or sector.queue, rule.priority, _joined(skills, rule.skills), reason)


class _Rules:
    """A sector's rules with all their words in one lexicon."""

    def __init__(self, sector: Sector) -> None:
        self._rules = sector.priority_rules
        self._lexicon = Lexicon((word, index) for index, rule in enumerate(self._rules) for word in rule.words)
        self._sources = [frozenset(source.casefold() for source in rule.ad_sources) for rule in self._rules]

    def first(self, text: str, referral: Referral | None, labels: Collection[str]) -> PriorityRule | None:
        if not self._rules:
            return None
        said = self._lexicon.find(words(text)) if text else {}
        came = frozenset(_sources(referral)) if referral is not None else frozenset()
        for index, rule in enumerate(self._rules):
            if (
                (not rule.words or index in said)
                and (not rule.ad_sources or not came.isdisjoint(self._sources[index]))
                and (not rule.labels or any(label in labels for label in rule.labels))
            ):
                return rule
        return None


_rules: Compiled[Sector, _Rules] = Compiled(_Rules)


def _sources(referral: Referral) -> Iterator[str]:
    """Everything an advertisement or link may be known by."""
    for value in (referral.source, referral.source_id, referral.body.get("ref")):
        if isinstance(value, str):
            yield value.casefold()


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return first + tuple(each for each in second if each not in first)
