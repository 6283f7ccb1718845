"""One turn of a bot: the pure engine decides, this writes down what it wants."""

from typing import NamedTuple

from server.actions.send import Sending
from server.actions.unit import Unit
from server.domain import flow
from server.domain.conversation import Conversation
from server.domain.events import HandedOff
from server.domain.flow import HandOff, Say, SetLanguage
from server.domain.inbound import MessageItem
from server.domain.model import Author, Priority, Purpose
from server.domain.organisation import Sector
from server.domain.routing import Enqueue, enqueue

# Somebody who is ill or complains is not offered a menu.
_TOO_IMPORTANT = (Priority.URGENT, Priority.HIGH)


class Turn(NamedTuple):
    sendings: list[Sending]
    hand_off: Enqueue | None


def take_turn(
    work: Unit, conversation: Conversation, item: MessageItem, sector: Sector, labels: frozenset[str]
) -> Turn:
    """Runs the sector's flow on the customer's newest message; what cannot wait for a menu goes to people at once."""
    found = _to_people(conversation, item, sector, labels, "priority")
    script = flow.of_sector(work.organisation, sector)
    if found.priority in _TOO_IMPORTANT and found.priority is not sector.default_priority:
        state, effects = flow.hand_off(
            script, conversation.flow_state,
            text=item.text, language=conversation.language, now=work.now, reason=found.reason,
        )  # fmt: skip
    else:
        state, effects = flow.step(
            script, conversation.flow_state,
            text=item.text, payload=item.payload, language=conversation.language, now=work.now,
        )  # fmt: skip
    conversation.flow_state = state
    sendings: list[Sending] = []
    hand_off = None
    for effect in effects:
        if isinstance(effect, Say):
            sendings.append(
                Sending(conversation=conversation, outgoing=effect.outgoing, author=Author.BOT, purpose=Purpose.BOT)
            )
        elif isinstance(effect, SetLanguage):
            conversation.language = effect.language
        elif isinstance(effect, HandOff):
            work.record(conversation, HandedOff(reason=effect.reason, summary=effect.summary), actor="bot")
            hand_off = _to_people(conversation, item, sector, labels, effect.reason)
    return Turn(sendings, hand_off)


def pass_on(work: Unit, conversation: Conversation, sector: Sector, reason: str) -> None:
    """The bot gives the conversation to people with what it learnt, and without a word to the customer."""
    _, effects = flow.hand_off(
        flow.of_sector(work.organisation, sector), conversation.flow_state,
        text="", language=conversation.language, now=work.now, reason=reason,
    )  # fmt: skip
    summary = next((each.summary for each in effects if isinstance(each, HandOff)), "")
    work.record(conversation, HandedOff(reason=reason, summary=summary), actor="bot")


def _to_people(
    conversation: Conversation, item: MessageItem, sector: Sector, labels: frozenset[str], reason: str
) -> Enqueue:
    return enqueue(
        sector, text=item.text, referral=item.referral, contact_labels=labels,
        language=conversation.language, reason=reason,
    )  # fmt: skip
