"""Who holds the chat with Meta: while another app does, no bot of ours speaks."""

from server.actions.arrivals import Arrival
from server.actions.unit import Unit
from server.domain.conversation import Conversation
from server.domain.events import BotPaused, BotResumed
from server.domain.inbound import MessageItem

KIND = "handover"
_MOVES = ("pass", "take")


def follow(work: Unit, arrival: Arrival, item: MessageItem, conversation: Conversation) -> None:
    """Pauses the bot where another app took the chat, and lets it speak again where we have it back."""
    told = item.body.get("handover", {})
    if told.get("action") not in _MOVES or not conversation.bots:
        return
    if _is_ours(work, arrival, told):
        paused_at = conversation.bot_paused_at
        if paused_at is not None and item.at >= paused_at:
            conversation.bot_paused_at = None
            work.record(conversation, BotResumed(reason=KIND), actor="system")
    elif conversation.bot_paused_at is None or item.at > conversation.bot_paused_at:
        newly = conversation.bot_paused_at is None
        conversation.bot_paused_at = item.at
        if newly:
            work.record(conversation, BotPaused(reason=KIND), actor="system")


def _is_ours(work: Unit, arrival: Arrival, told: dict[str, str]) -> bool:
    """By the new holder's id; where that is not told, a passing is told to who gets it, a taking to who lost it."""
    app = work.organisation.apps.get(arrival.inbox.app)
    holder = told.get("to_app")
    if holder and app is not None and app.meta_id:
        return holder == app.meta_id
    return told["action"] == "pass"
