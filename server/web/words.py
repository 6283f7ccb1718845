"""Facts, failures and offers told to people in their language. English is the key of the catalogue."""

from typing import Any

from server.domain.model import Priority, SlaTarget
from server.domain.organisation import Organisation, Words
from server.web.i18n import Catalogue

# The facts worth a line in a thread, in the words of `_SAID`; every other fact only moves what the screen shows.
SHOWN = (
    "ConversationReopened", "BotPaused", "BotResumed", "HandedOff", "ConversationQueued", "PriorityChanged",
    "ConversationAssigned", "ConversationReleased", "ConversationTransferred", "ConversationSnoozed",
    "ConversationResolved", "SlaBreached", "OfferExpired", "ContactLabelled", "ContactUnlabelled", "MarketingStopped",
    "MarketingResumed", "ContactsMerged", "ContactsSeparated",
)  # fmt: skip


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


_SAID = {
    "ConversationReopened": _("Opened again"),
    "BotPaused": _("The bot stepped back"),
    "BotResumed": _("The bot may answer again"),
    "HandedOff": _("Handed off by the bot"),
    "ConversationQueued": _("Waiting in {queue}"),
    "PriorityChanged": _("Priority from {before} to {after}"),
    "ConversationAssigned": _("Assigned to {subject}"),
    "ConversationReleased": _("{subject} no longer holds it"),
    "ConversationTransferred": _("Transferred to {to}"),
    "ConversationSnoozed": _("Set aside"),
    "ConversationResolved": _("Resolved"),
    "SlaBreached": _("{target} was due and is late"),
    "OfferExpired": _("The offer to {subject} ended unanswered"),
    "MarketingStopped": _("The customer stopped marketing messages"),
    "MarketingResumed": _("The customer takes marketing messages again"),
    "ContactLabelled": _("Labelled {label}"),
    "ContactsMerged": _("The customer turned out to be one we knew already"),
    "ContactsSeparated": _("The customer was parted again from another one"),
    "ContactUnlabelled": _("No longer labelled {label}"),
}
# Said instead when a person did it.
_SAID_BY = {
    "ConversationQueued": _("{actor} put it in {queue}"),
    "PriorityChanged": _("{actor} changed the priority from {before} to {after}"),
    "ConversationAssigned": _("{actor} assigned it to {subject}"),
    "ConversationTransferred": _("{actor} transferred it to {to}"),
    "ConversationSnoozed": _("{actor} set it aside"),
    "ConversationResolved": _("Resolved by {actor}"),
    "ConversationReopened": _("Opened again by {actor}"),
    "ContactLabelled": _("{actor} labelled the customer {label}"),
    "ContactsMerged": _("{actor} merged the customer with one we knew already"),
    "ContactsSeparated": _("{actor} parted the customer from another one"),
    "ContactUnlabelled": _("{actor} took off the label {label}"),
    "MessageQueued": _("{actor} replied"),
    "MessageEchoed": _("Somebody replied on the business phone"),
}
_OWN = {"ConversationAssigned": _("{actor} took it")}
# Said instead when the fact says this of the conversation.
_BECAUSE = {
    "goes_on_id": _("This conversation ended: another one of the same customer goes on"),
    "took_up_id": _("Another conversation of the same customer ended, and goes on here"),
}
# Said instead when the bot handed off for this reason.
_REASONS = {
    "late": _("Came too late for the bot: people answer"),
    "not_sent": _("What the bot said did not arrive: people answer"),
}
_CHANGED = {
    "MessageQueued": _("The bot replied"),
    "MessageEchoed": _("Somebody replied on the business phone"),
}
_PRIORITIES = {
    Priority.URGENT: _("Urgent"), Priority.HIGH: _("High"), Priority.NORMAL: _("Normal"), Priority.LOW: _("Low"),
}  # fmt: skip
_TARGETS = {
    SlaTarget.FIRST_RESPONSE: _("The first answer"),
    SlaTarget.NEXT_RESPONSE: _("The next answer"),
    SlaTarget.RESOLUTION: _("The resolution"),
}


def named(words: Words, catalogue: Catalogue, fallback: str) -> str:
    """The organisation's own name for a thing, in the reader's language or else in English."""
    return words.get(catalogue.language) or words.get("en") or next(iter(words.values()), fallback)


def fact(
    kind: str, data: dict[str, Any], *, actor_name: str | None, subject_name: str | None,
    organisation: Organisation, catalogue: Catalogue,
) -> str:  # fmt: skip
    """What happened, in one short sentence."""
    template = _SAID.get(kind) or _CHANGED.get(kind) or kind
    if actor_name is not None:
        own = actor_name == subject_name and kind in _OWN
        template = _OWN[kind] if own else _SAID_BY.get(kind, template)
    template = next((words for name, words in _BECAUSE.items() if data.get(name) is not None), template)
    if kind == "HandedOff":
        template = _REASONS.get(data.get("reason", ""), template)
    queue_id = data.get("queue_id") or data.get("to_queue_id")
    queue = organisation.queues.get(queue_id or "")
    queue_name = named(queue.names, catalogue, queue.id) if queue else queue_id or ""
    return catalogue.gettext(
        template,
        actor=actor_name or "",
        subject=subject_name or "",
        queue=queue_name,
        to=subject_name or queue_name,
        label=_label_name(data, organisation, catalogue),
        before=_word(_PRIORITIES, data.get("before"), catalogue),
        after=_word(_PRIORITIES, data.get("after"), catalogue),
        target=_word(_TARGETS, data.get("target"), catalogue),
    )


def why_offered(skills: tuple[str, ...], queue_id: str | None, organisation: Organisation, catalogue: Catalogue) -> str:
    """What this person was chosen for."""
    known = [organisation.skills[skill] for skill in skills if skill in organisation.skills]
    parts = [named(skill.names, catalogue, skill.id) for skill in known]
    if queue := organisation.queues.get(queue_id or ""):
        parts.append(named(queue.names, catalogue, queue.id))
    return " · ".join(dict.fromkeys(parts))


def _label_name(data: dict[str, Any], organisation: Organisation, catalogue: Catalogue) -> str:
    label, sector = data.get("label", ""), organisation.sectors.get(data.get("sector_id", ""))
    return named(sector.labels.get(label, {}) if sector else {}, catalogue, label)


def _word(table: dict[Any, str], value: object, catalogue: Catalogue) -> str:
    return catalogue.gettext(table[value]) if value in table else str(value or "")
