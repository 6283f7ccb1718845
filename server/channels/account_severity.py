"""How much an account's news matters, and the one word it is known by. Facts §2.4, §3."""

from collections.abc import Callable

from server.channels.fields import Json, mapping, objects, text
from server.domain.inbound import Severity

_INFO, _WARNING, _CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL

# By Meta's word for what happened. A word that is not here is news that somebody should look at.
_WEIGHTS: dict[str, dict[str, Severity]] = {
    "message_template_status_update": {
        "APPROVED": _INFO, "PENDING": _INFO, "IN_APPEAL": _INFO, "REINSTATED": _INFO, "UNARCHIVED": _INFO,
        "ARCHIVED": _INFO, "DISABLED": _CRITICAL,
    },
    "message_template_quality_update": {"GREEN": _INFO, "UNKNOWN": _INFO, "RED": _CRITICAL},
    "phone_number_quality_update": {
        "ONBOARDING": _INFO, "THROUGHPUT_UPGRADE": _INFO, "UPGRADE": _INFO, "UNFLAGGED": _INFO, "FLAGGED": _CRITICAL,
    },
    "phone_number_name_update": {"APPROVED": _INFO, "PENDING": _INFO, "DEFERRED": _INFO},
    "account_update": {
        "ACCOUNT_VIOLATION": _CRITICAL, "DISABLED_UPDATE": _CRITICAL, "ACCOUNT_DELETED": _CRITICAL,
        "ACCOUNT_RESTRICTION": _CRITICAL, "PARTNER_ADDED": _INFO, "PARTNER_APP_INSTALLED": _INFO,
        "APP_INSTALLED": _INFO, "AD_ACCOUNT_LINKED": _INFO, "VOLUME_BASED_PRICING_TIER_UPDATE": _INFO,
    },
    "account_alerts": {"INFORMATIONAL": _INFO, "INFO": _INFO, "NONE": _INFO, "CRITICAL": _CRITICAL},
    "account_review_update": {"APPROVED": _INFO, "PENDING": _INFO, "REJECTED": _CRITICAL},
    "business_username_updates": {"APPROVED": _INFO, "ACTIVE": _INFO, "RESERVED": _INFO},
    "policy_enforcement": {"unblock": _INFO, "block": _CRITICAL},
}  # fmt: skip
_USUAL: dict[str, Severity] = {
    "business_capability_update": _INFO, "message_template_components_update": _INFO, "automatic_events": _INFO,
    "history": _INFO, "smb_app_state_sync": _INFO, "calls": _INFO, "user_actions": _INFO, "account_reconnected": _INFO,
    "group_lifecycle_update": _INFO, "group_participants_update": _INFO, "group_settings_update": _INFO,
    "group_status_update": _INFO, "app_roles": _INFO, "inbox_labels": _INFO, "comments": _INFO, "mentions": _INFO,
    "partner_solutions": _INFO, "messaging_handovers": _INFO, "account_offboarded": _CRITICAL,
}  # fmt: skip


def event_of(field: str, value: Json) -> str:
    """Meta's own word for what happened, '' where it has none."""
    found = _WORDS[field](value) if field in _WORDS else ""
    found = found or text(value, "event") or text(value, "decision") or text(value, "status")
    return found.strip()[:100]


def severity_of(field: str, event: str, value: Json) -> Severity:
    if field == "account_update" and _is_reinstated(value):
        return _INFO
    word = text(mapping(value, "alert_info"), "alert_severity") or text(value, "alert_severity")
    if field != "account_alerts":
        word = event
    known = _WEIGHTS.get(field, {})
    return known.get(word) or known.get(word.upper()) or _USUAL.get(field, _WARNING)


def _is_reinstated(value: Json) -> bool:
    return text(mapping(value, "ban_info"), "waba_ban_state").upper() == "REINSTATE"


def _of_first(value: Json, name: str, member: str) -> str:
    return next((text(each, member) for each in objects(value, name)), "")


_OF_GROUPS = (
    "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
)  # fmt: skip
_WORDS: dict[str, Callable[[Json], str]] = {
    "message_template_quality_update": lambda value: text(value, "new_quality_score"),
    "template_category_update": lambda value: text(value, "new_category") or text(value, "correct_category"),
    "account_alerts": lambda value: text(mapping(value, "alert_info"), "alert_type") or text(value, "alert_type"),
    "policy_enforcement": lambda value: text(value, "action"),
    "user_actions": lambda value: text(value, "action_type"),
    "errors": lambda value: text(value, "code"),
    "business_capability_update": lambda value: text(value, "max_daily_conversations_per_business"),
    "automatic_events": lambda value: _of_first(value, "automatic_events", "event_name"),
    "inbox_labels": lambda value: text(value, "action"),
    **dict.fromkeys(_OF_GROUPS, lambda value: _of_first(value, "groups", "type")),
}
