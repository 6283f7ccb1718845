"""Where a message goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.conversation import Conversation
from server.domain.inbound import MessageItem, Referral, Sender
from server.domain.model import Channel, ConversationState, Priority
from server.domain.organisation import PriorityRule, Sector
from server.domain.routing import Bot, Decision, Enqueue, Nothing, Owner, decide, enqueue

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COMMON: dict[str, Any] = {"calendar": "desk", "sla_policy": "desk", "time_zone": "Asia/Riyadh"}
CAFE = Sector(
    id="hospitality", names={"en": "Havana Café"}, bots=True, flow="hospitality", queue="hospitality", **COMMON
)
DESK = Sector(
    id="financial", names={"en": "Investment Services"}, bots=False, queue="financial",
    language_skills={"ar": "arabic", "en": "english"},
    priority_rules=(
        PriorityRule(priority=Priority.URGENT, words=("fraud*", "stolen", "احتيال")),
        PriorityRule(priority=Priority.HIGH, labels=("vip",), skills=("portfolio",)),
        PriorityRule(priority=Priority.HIGH, ad_sources=("AD-1", "spring"), queue="portfolios"),
        PriorityRule(priority=Priority.HIGH, words=("withdraw*", "سحب")),
        PriorityRule(priority=Priority.LOW, words=("newsletter",)),
        PriorityRule(priority=Priority.URGENT, words=("code red",), labels=("staff",)),
    ),
    **COMMON,
)  # fmt: skip


def item(text: str = "Hello", **fields: Any) -> MessageItem:
    return MessageItem(
        channel=Channel.WHATSAPP, account_id="1", path="", raw=b"", key="k", at=NOW, sender=Sender(()),
        provider_id="wamid.1", kind="text", text=text, **fields,
    )  # fmt: skip


def held(state: ConversationState, **fields: Any) -> Conversation:
    defaults: dict[str, Any] = {
        "id": 1, "sector_id": "financial", "bots": False, "inbox_id": "i", "contact_id": 1, "identity_id": 1,
        "priority": Priority.NORMAL, "queue_id": "financial", "owner_id": None, "language": "en", "version": 1,
        "outbox_seq": 0, "opening": 1, "flow_state": None, "bot_paused_at": None, "opened_at": NOW,
        "waiting_since": NOW, "last_inbound_at": NOW, "last_message_id": 1, "last_message_at": NOW, "unread": 1,
        "snoozed_until": None, "resolved_at": None,
    }  # fmt: skip
    return Conversation(state=state, **defaults | fields)


def to_desk(
    priority: Priority = Priority.NORMAL, *skills: str, reason: str = "opened", queue: str = "financial"
) -> Enqueue:
    return Enqueue(queue, priority, skills or ("english",), reason)


def decided(
    conversation: Conversation | None, message: MessageItem, sector: Sector = DESK, labels: tuple[str, ...] = (),
    language: str | None = "en",
) -> Decision:  # fmt: skip
    return decide(conversation, message, sector, text_language=language, contact_labels=labels, now=NOW)


S = ConversationState


@pytest.mark.parametrize(
    ("conversation", "message", "sector", "expected"),
    [
        (None, item(), CAFE, Bot()),
        (held(S.RESOLVED), item(), CAFE, Bot()),
        (held(S.BOT), item(), CAFE, Bot()),
        (held(S.BOT, bot_paused_at=NOW - timedelta(hours=23)), item(), CAFE, Nothing("bot_rests")),
        (held(S.BOT, bot_paused_at=NOW - timedelta(hours=25)), item(), CAFE, Bot()),
        (None, item(standby=True), CAFE, Nothing("standby")),
        (None, item(), DESK, to_desk()),
        (held(S.RESOLVED), item(), DESK, to_desk(reason="reopened")),
        (held(S.ASSIGNED, owner_id=4), item("stolen"), DESK, Owner()),
        (held(S.SNOOZED, owner_id=4), item(), DESK, Owner()),
        (held(S.SNOOZED), item(), DESK, to_desk(reason="woke")),
        (held(S.QUEUED), item(), DESK, Nothing("waits")),
        (held(S.OFFERED), item("newsletter"), DESK, Nothing("waits")),
        (held(S.QUEUED), item("my card was stolen"), DESK, to_desk(Priority.URGENT, reason="raised")),
        (held(S.QUEUED, priority=Priority.URGENT), item("stolen!"), DESK, Nothing("waits")),
        (held(S.ASSIGNED, owner_id=4), item(standby=True), DESK, Nothing("standby")),
    ],
)
def test_decides_by_state(
    conversation: Conversation | None, message: MessageItem, sector: Sector, expected: Decision
) -> None:
    assert decided(conversation, message, sector) == expected


@pytest.mark.parametrize(
    ("message", "labels", "expected"),
    [
        (item("Is this FRAUDULENT?"), (), to_desk(Priority.URGENT)),
        (item("تعرضت للاحتيال"), (), to_desk(Priority.URGENT)),
        (item("احتيال"), (), to_desk(Priority.URGENT)),
        (item("defrauded"), (), to_desk()),
        (item("I want to withdraw"), (), to_desk(Priority.HIGH)),
        (item("Hello"), ("vip",), to_desk(Priority.HIGH, "english", "portfolio")),
        (item("stolen"), ("vip",), to_desk(Priority.URGENT)),  # the first rule that fits
        (item("the newsletter"), (), to_desk(Priority.LOW)),
        (item("code red"), (), to_desk()),  # every condition must hold
        (item("code red"), ("staff",), to_desk(Priority.URGENT)),
        (item(referral=Referral("AD", source_id="ad-1")), (), to_desk(Priority.HIGH, queue="portfolios")),
        (item(referral=Referral("SHORTLINK", body={"ref": "Spring"})), (), to_desk(Priority.HIGH, queue="portfolios")),
        (item(referral=Referral("AD", source_id="ad-2")), (), to_desk()),
        (item(""), (), to_desk()),
    ],
)
def test_rules_give_priority_queue_and_skills(message: MessageItem, labels: tuple[str, ...], expected: Enqueue) -> None:
    assert decided(None, message, labels=labels) == expected


def test_the_language_asks_for_its_skill() -> None:
    assert decided(None, item("مرحبا"), language="ar") == to_desk(Priority.NORMAL, "arabic")
    assert decided(None, item("👍"), language=None) == to_desk(Priority.NORMAL, "english")
    assert decided(held(S.RESOLVED, language="ar"), item("👍"), language=None) == to_desk(
        Priority.NORMAL, "arabic", reason="reopened"
    )
    assert enqueue(CAFE, text="hi", language="ar", reason="asked") == Enqueue(
        "hospitality", Priority.NORMAL, (), "asked"
    )


@given(st.text(), st.sampled_from([None, *ConversationState]))
def test_every_text_in_every_state_is_decided(text: str, state: ConversationState | None) -> None:
    conversation = held(state) if state else None
    assert isinstance(decided(conversation, item(text)), Bot | Enqueue | Owner | Nothing)


@given(st.text(), st.sampled_from(ConversationState))
def test_no_bot_ever_decides_in_a_sector_without_bots(text: str, state: ConversationState) -> None:
    if state is not ConversationState.BOT:
        assert not isinstance(decided(held(state), item(text)), Bot)
    assert not isinstance(decided(None, item(text)), Bot)
