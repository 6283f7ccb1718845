"""The webhook fields we read, and whose subscription decides about them. Facts §2.4, §3, §4."""

from collections.abc import Iterable

from server.domain.model import Channel
from server.domain.organisation import Inbox

WHATSAPP = (
    "messages", "smb_message_echoes", "standby", "messaging_handovers", "user_preferences", "calls",
    "message_template_status_update", "message_template_quality_update", "message_template_components_update",
    "template_category_update", "phone_number_quality_update", "phone_number_name_update", "account_update",
    "account_alerts", "account_review_update", "account_offboarded", "account_reconnected",
    "business_capability_update", "payment_configuration_update", "security", "flows", "partner_solutions",
    "automatic_events", "history", "smb_app_state_sync",
)  # fmt: skip
MESSENGER = (
    "messages", "message_echoes", "message_edits", "message_reactions", "message_reads", "message_deliveries",
    "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
    "messaging_policy_enforcement", "messaging_account_linking", "response_feedback", "send_cart",
    "messenger_template_status_update", "inbox_labels",
)  # fmt: skip
INSTAGRAM = (
    "messages", "message_echoes", "message_edit", "message_reactions", "messaging_postbacks", "messaging_seen",
    "messaging_referral", "messaging_handover", "standby", "comments",
)  # fmt: skip
# By Facebook Login echoes come in `messages`, and no edits.
INSTAGRAM_BY_PAGE = tuple(each for each in INSTAGRAM if each not in ("message_echoes", "message_edit"))
# What an account is subscribed to at least, where Meta refuses the whole list for one name in it.
_ESSENTIAL = {
    Channel.MESSENGER: {"messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads"},
    Channel.INSTAGRAM: {"messages", "messaging_postbacks"},
}
# Meta knows some by two names.
_ALIASES = {"message_template_status_update": "messenger_template_status_update"}


def asked_for(inbox: Inbox) -> tuple[str, ...]:
    """What `subscribed_apps` is asked for; nothing where only the app's own fields count.

    A page is asked for all that Messenger knows, also where only its Instagram account is ours: what is asked replaces
    what a Messenger inbox of the same page had.
    """
    if inbox.channel is Channel.WHATSAPP:
        return ()
    return MESSENGER if inbox.channel is Channel.MESSENGER or decided_by_app(inbox) else INSTAGRAM


def essential(inbox: Inbox) -> set[str]:
    """Of a page Messenger's, as above."""
    return _ESSENTIAL[Channel.MESSENGER if decided_by_app(inbox) else inbox.channel]


def decided_by_app(inbox: Inbox) -> bool:
    """Whether the fields ticked in the app's settings decide, and not the account's subscription."""
    return inbox.channel is Channel.WHATSAPP or (inbox.channel is Channel.INSTAGRAM and inbox.api == "facebook")


def missing_of_account(inbox: Inbox, given: frozenset[str] | None) -> list[str]:
    """Of what the account's subscription must hold; Meta may not say what it holds (None)."""
    return [] if given is None or decided_by_app(inbox) else _missing(asked_for(inbox), given)


def missing_of_app(inbox: Inbox, given: frozenset[str]) -> list[str]:
    """Of what must be ticked in the app's settings."""
    if not decided_by_app(inbox):
        return []
    return _missing(WHATSAPP if inbox.channel is Channel.WHATSAPP else INSTAGRAM_BY_PAGE, given)


def _missing(wanted: Iterable[str], given: frozenset[str]) -> list[str]:
    held = given | {_ALIASES[each] for each in given if each in _ALIASES}
    return sorted(each for each in wanted if each not in held)
