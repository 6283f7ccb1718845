"""Which kinds each channel has, by the words the product uses for them."""

from collections.abc import Callable

from server.simulator.kinds import messaging, messaging_events, whatsapp
from server.simulator.kinds.making import Made, Making

Kind = Callable[[Making], Made]

_BOTH: dict[str, Kind] = {
    "text": messaging.text,
    "image": messaging.media,
    "video": messaging.media,
    "audio": messaging.media,
    "voice": messaging.media,
    "document": messaging.media,
    "reel": messaging.reel,
    "post": messaging.post,
    "template": messaging.template,
    "quick_reply": messaging.quick_reply,
    "postback": messaging_events.postback,
    "referral": messaging_events.referral,
    "reaction": messaging_events.reaction,
    "edit": messaging_events.edit,
    "revoke": messaging.revoke,
    "read": messaging_events.read,
    "handover": messaging_events.handover,
    "unsupported": messaging.unsupported,
    "unknown": messaging.unknown,
    "unknown_event": messaging_events.unknown_event,
}
KINDS: dict[str, dict[str, Kind]] = {
    "whatsapp": dict(whatsapp.KINDS),
    "messenger": _BOTH
    | {
        "sticker": messaging.media,
        "like": messaging.media,
        "location": messaging.location,
        "fallback": messaging.fallback,
        "appointment": messaging.appointment,
        "command": messaging.command,
        "lead": messaging_events.lead,
        "optin": messaging_events.optin,
        "policy_enforcement": messaging_events.policy_enforcement,
        "account_linking": messaging_events.account_linking,
        "response_feedback": messaging_events.response_feedback,
        "order": messaging_events.order,
    },
    "instagram": _BOTH
    | {
        "story_mention": messaging.story_mention,
        "story_reply": messaging.story_reply,
        "view_once": messaging.view_once,
        "product": messaging.product,
        "comment": messaging_events.comment,
    },
}


def names() -> dict[str, list[str]]:
    """`system` too: it changes who the customer is, and is made elsewhere."""
    return {channel: [*kinds, *(["system"] if channel == "whatsapp" else [])] for channel, kinds in KINDS.items()}
