"""By which subscribed field an item comes (facts §2.4, §3, §4), and whose subscription that is."""

from server.simulator.config import SimulatedInbox
from server.simulator.webhooks.items import OBJECTS, Item

FIELDS = {
    "whatsapp": [
        "messages", "smb_message_echoes", "message_template_status_update", "message_template_quality_update",
        "message_template_components_update", "template_category_update", "phone_number_quality_update",
        "phone_number_name_update", "account_update", "account_alerts", "account_review_update",
        "business_capability_update", "business_username_updates", "user_preferences", "security", "standby",
        "messaging_handovers", "smb_app_state_sync", "history", "automatic_events", "calls", "flows",
        "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
        "partner_solutions", "payment_configuration_update", "account_offboarded", "account_reconnected",
    ],
    "messenger": [
        "messages", "message_echoes", "message_edits", "message_reactions", "message_reads", "message_deliveries",
        "messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "standby",
        "messaging_policy_enforcement", "messaging_account_linking", "response_feedback", "send_cart",
        "messenger_template_status_update", "inbox_labels",
    ],
    "instagram": [
        "messages", "message_echoes", "message_reactions", "message_edit", "messaging_postbacks", "messaging_seen",
        "messaging_referral", "messaging_handover", "standby", "comments",
    ],
}  # fmt: skip
_CONTROL = ("pass_thread_control", "take_thread_control", "request_thread_control", "app_roles")
_MEMBERS = {
    "messenger": {
        "message_edit": "message_edits", "reaction": "message_reactions", "read": "message_reads",
        "delivery": "message_deliveries", "postback": "messaging_postbacks", "referral": "messaging_referrals",
        "optin": "messaging_optins", "policy_enforcement": "messaging_policy_enforcement",
        "account_linking": "messaging_account_linking", "response_feedback": "response_feedback",
        "order": "send_cart", **dict.fromkeys(_CONTROL, "messaging_handovers"),
    },
    "instagram": {
        "message_edit": "message_edit", "reaction": "message_reactions", "read": "messaging_seen",
        "postback": "messaging_postbacks", "referral": "messaging_referral",
        **dict.fromkeys(_CONTROL, "messaging_handover"),
    },
}  # fmt: skip


def field_of(item: Item) -> str:
    """Its own, or the one whose events these are: all travel in `messaging[]`."""
    if item.whole or item.inbox.channel == "whatsapp" or item.field != "messages":
        return item.field
    if item.content.get("message", {}).get("is_echo") and not by_page(item.inbox):
        return "message_echoes"
    members = _MEMBERS[item.inbox.channel]
    return next((field for member, field in members.items() if member in item.content), "messages")


def decider(inbox: SimulatedInbox) -> str:
    """Whose fields count: the inbox's account's, or those of the app for its kind of account."""
    return OBJECTS[inbox.channel] if inbox.channel == "whatsapp" or by_page(inbox) else inbox.id


def by_page(inbox: SimulatedInbox) -> bool:
    """An Instagram account by Facebook Login: its page subscribes, the app's fields count, echoes are messages."""
    return inbox.channel == "instagram" and inbox.api == "facebook"
