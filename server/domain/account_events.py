"""What Meta says about an account, and what our own detectors find: what it means, and what to do.

All of it is data: a field or event nobody has heard of yet is kept and shown by its own name.
"""

import msgspec

from server.domain.inbound import Severity

# The field of what our own detectors find.
OURS = "majlis"

_WARNING, _CRITICAL = Severity.WARNING, Severity.CRITICAL
# Of our own; for Meta's news whoever reads them says how bad it is.
SEVERITIES = {
    "UNSUBSCRIBED": _CRITICAL,
    "NOT_SUBSCRIBED": _CRITICAL,
    "FIELDS_MISSING": _WARNING,
    "APP_NOT_SUBSCRIBED": _CRITICAL,
    "TOKEN_INVALID": _CRITICAL,
    "TOKEN_EXPIRING": _WARNING,
    "NUMBER_DOWN": _CRITICAL,
    "NUMBER_QUALITY": _WARNING,
    "STATUSES_WITHOUT_MESSAGE": _WARNING,
    "SENDS_WITHOUT_STATUS": _WARNING,
    "JOURNAL_LAG": _CRITICAL,
    "SILENCE": _WARNING,
}


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


class Meaning(msgspec.Struct, frozen=True):
    """English, and the keys of translations; {template}, {event} and what else the data names are filled in."""

    words: str
    remedy: str = ""


def meaning_of(field: str, event: str, severity: Severity) -> Meaning | None:
    """None for what is not listed."""
    known = _EVENTS.get(_ALIASES.get(field, field), {})
    if severity is Severity.INFO and (good := known.get(f"{event.upper()}:{severity.value}")):
        return good
    return known.get(event.upper()) or known.get("")


_LOOK = _("Open the account in Meta Business Suite: Meta says there what it wants.")
_TEMPLATES = _("Open WhatsApp Manager, Message templates: Meta says there why. Until then advisors choose another one.")
_CONNECT = _("Connect the inbox again in Meta's settings, then give its new token with: majlis inbox token")
_QUALITY = _("Send fewer unasked messages, and only to people who expect them; the rating follows the last seven days.")
_SERVER = _("Look at the server: is the worker running, does the database answer? majlis doctor says what it finds.")

_TEMPLATE = {
    "": Meaning(_("Template {template}: {event}")),
    "APPROVED": Meaning(_("Template {template} was approved")),
    "REINSTATED": Meaning(_("Template {template} may be used again")),
    "REJECTED": Meaning(_("Meta rejected the template {template}"), _TEMPLATES),
    "PAUSED": Meaning(_("Meta paused the template {template}: too many people disliked it"), _TEMPLATES),
    "FLAGGED": Meaning(_("The template {template} is about to be paused"), _TEMPLATES),
    "DISABLED": Meaning(_("Meta disabled the template {template}"), _TEMPLATES),
    "LIMIT_EXCEEDED": Meaning(_("There are more templates than Meta allows"), _TEMPLATES),
}
_EVENTS: dict[str, dict[str, Meaning]] = {
    "message_template_status_update": _TEMPLATE,
    "message_template_quality_update": {
        "": Meaning(_("The quality of template {template} is now {event}")),
        "RED": Meaning(_("People dislike the template {template}: its quality is red"), _TEMPLATES),
    },
    "template_category_update": {
        "": Meaning(_("Meta moves the template {template} to another category, with another price"),
                    _("Check what it costs now, or write it so that it fits its category.")),
    },
    "message_template_components_update": {"": Meaning(_("The template {template} was changed"))},
    "phone_number_quality_update": {
        "": Meaning(_("The number's standing at Meta changed: {event}")),
        "FLAGGED": Meaning(_("Meta flagged this number: its quality is low"), _QUALITY),
        "DOWNGRADE": Meaning(_("Meta lowered how many people this number may write to"), _QUALITY),
        "UNFLAGGED": Meaning(_("The number is no longer flagged")),
        "THROUGHPUT_UPGRADE": Meaning(_("The number may send faster from now on")),
    },
    "phone_number_name_update": {
        "": Meaning(_("The display name: {event}")),
        "APPROVED": Meaning(_("Meta approved the display name")),
        "REJECTED": Meaning(_("Meta rejected the display name"),
                            _("Choose a name that shows the business, in WhatsApp Manager, Phone numbers.")),
    },
    "account_update": {
        "": Meaning(_("Meta changed the account: {event}")),
        "ACCOUNT_VIOLATION": Meaning(_("Meta says that this account breaks its rules"), _LOOK),
        "ACCOUNT_RESTRICTION": Meaning(_("Meta restricted this account"), _LOOK),
        "DISABLED_UPDATE": Meaning(_("Meta is disabling this account"), _LOOK),
        "DISABLED_UPDATE:info": Meaning(_("Meta allows this account again")),
        "ACCOUNT_DELETED": Meaning(_("The WhatsApp business account was deleted"), _LOOK),
        "PARTNER_REMOVED": Meaning(_("Our app was removed from the account"), _CONNECT),
        "PARTNER_APP_UNINSTALLED": Meaning(_("Our app was removed from the account"), _CONNECT),
        "APP_UNINSTALLED": Meaning(_("Our app was removed from the account"), _CONNECT),
    },
    "account_alerts": {"": Meaning(_("Meta alerts about this account: {event}"), _LOOK)},
    "account_review_update": {
        "": Meaning(_("Meta reviewed the account: {event}")),
        "REJECTED": Meaning(_("Meta rejected the account"), _LOOK),
    },
    "business_capability_update": {"": Meaning(_("What the business may do at Meta changed"))},
    "payment_configuration_update": {"": Meaning(_("The payment settings changed: {event}"))},
    "security": {"": Meaning(_("A security setting of the number changed: {event}"),
                             _("Was it one of you? If not, set the number's PIN anew in WhatsApp Manager."))},
    "flows": {
        "": Meaning(_("A WhatsApp form changed: {event}")),
        "FLOW_STATUS_CHANGE": Meaning(_("Meta changed the state of a WhatsApp form"), _LOOK),
        "BLOCKED": Meaning(_("Meta blocked a WhatsApp form"), _LOOK),
        "THROTTLED": Meaning(_("Meta slowed a WhatsApp form down"), _LOOK),
    },
    "account_offboarded": {"": Meaning(_("The number left the Cloud API"), _CONNECT)},
    "account_reconnected": {"": Meaning(_("The number is connected again"))},
    "policy_enforcement": {
        "": Meaning(_("Meta's policy team wrote about this page: {event}"), _LOOK),
        "WARNING": Meaning(_("Meta warns that this page breaks its rules"), _LOOK),
        "BLOCK": Meaning(_("Meta blocked this page from sending"), _LOOK),
        "UNBLOCK": Meaning(_("The page may send again")),
    },
    "errors": {"": Meaning(_("Meta reports an error of this account"), _LOOK)},
    OURS: {
        "UNSUBSCRIBED": Meaning(_("Meta had stopped sending us this account's messages; we subscribed again"),
                                _("Messages of that time may be missing: compare with Meta's own inbox.")),
        "NOT_SUBSCRIBED": Meaning(_("Meta does not send us this account's messages"), _CONNECT),
        "FIELDS_MISSING": Meaning(
            _("Meta does not send us everything about this account"),
            _("In Meta's app settings, Webhooks, tick the fields that the inbox's subscription names here."),
        ),
        "APP_NOT_SUBSCRIBED": Meaning(
            _("Meta sends our app no webhooks of this kind: {object}"),
            _("In Meta's app settings, Webhooks, enter the callback address again and tick the fields."),
        ),
        "TOKEN_INVALID": Meaning(_("Meta no longer accepts the inbox's token"), _CONNECT),
        "TOKEN_EXPIRING": Meaning(_("The inbox's token runs out within a week"), _CONNECT),
        "NUMBER_DOWN": Meaning(_("The number is not connected: {status}"), _LOOK),
        "NUMBER_QUALITY": Meaning(_("The number's quality is low"), _QUALITY),
        "STATUSES_WITHOUT_MESSAGE": Meaning(
            _("{count} delivery reports belong to no message we know"),
            _("Somebody else sends through this number, or messages were restored from an older backup.")),
        "SENDS_WITHOUT_STATUS": Meaning(
            _("{count} messages were accepted by Meta and never reported as sent"),
            _("Look whether Meta has a disruption (metastatus.com) and whether payment is set up.")),
        "JOURNAL_LAG": Meaning(_("Messages wait to be read for more than {seconds} seconds"), _SERVER),
        "SILENCE": Meaning(_("Nothing has come from Meta for hours although it is open"),
                           _("Write a message to this inbox yourself. If it does not arrive, run: majlis doctor")),
    },
}  # fmt: skip
_ALIASES = {
    "messenger_template_status_update": "message_template_status_update",
    "messaging_policy_enforcement": "policy_enforcement",
}
