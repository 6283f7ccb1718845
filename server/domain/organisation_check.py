"""What must hold between the parts of an organisation: references, zones, texts in every language."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.domain.limits import problems as beyond_limits
from server.domain.model import Channel, Role
from server.domain.organisation import Inbox, Organisation, PriorityRule, Queue, Sector, SlaPolicy, User, Words
from server.domain.outgoing import Text

Problem = tuple[tuple[str | int, ...], str]

LANGUAGES = ("en", "ar")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# `Settings.secrets` reads these and no others.
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
# What a notice may fill in; the rest would reach the customer in braces.
_OPENS = re.compile(r"\{opens\}")
# 'Sunday 24 December at 12:30 pm' in either language.
_LONGEST_MOMENT = "x" * 48


def problems(organisation: Organisation) -> Iterator[Problem]:
    """Every broken rule, by the path of the key in the folder."""
    yield from _words(organisation.names, ("names",))
    for app in organisation.apps.values():
        for name in ("secret", "verify_token"):
            if not _REFERENCE.fullmatch(getattr(app, name)):
                yield ("apps", app.id, name), "must be a reference such as 'env:META_APP_SECRET', never a value"
    for calendar in organisation.calendars.values():
        yield from _zone(calendar.time_zone, ("calendars", calendar.id, "time_zone"))
        if not calendar.hours:
            yield ("calendars", calendar.id, "hours"), "never opens"
    for policy in organisation.sla_policies.values():
        yield from _policy(organisation, policy)
    for skill in organisation.skills.values():
        yield from _words(skill.names, ("skills", skill.id, "names"))
    for queue in organisation.queues.values():
        yield from _queue(organisation, queue)
    for sector in organisation.sectors.values():
        yield from _sector(organisation, sector)
    seen: dict[tuple[Channel, str], str] = {}
    # A page has one Instagram account; a Messenger inbox may be the same page.
    pages: dict[str, str] = {}
    for inbox in organisation.inboxes.values():
        yield from _inbox(organisation, inbox)
        other = seen.setdefault((inbox.channel, inbox.external_id), inbox.id)
        if other != inbox.id:
            yield ("inboxes", inbox.id, "external_id"), f"is the account of the inbox '{other}' already"
        if inbox.page_id is not None and (other := pages.setdefault(inbox.page_id, inbox.id)) != inbox.id:
            yield ("inboxes", inbox.id, "page_id"), f"is the page of the inbox '{other}' already"
    for user in organisation.users.values():
        yield from _user(organisation, user)


def _policy(organisation: Organisation, policy: SlaPolicy) -> Iterator[Problem]:
    path = ("sla_policies", policy.id)
    if policy.calendar is not None and policy.calendar not in organisation.calendars:
        yield (*path, "calendar"), _missing("calendar", policy.calendar)
    for priority, targets in policy.targets.items():
        for name, target in targets.items():
            if target.seconds <= 0:
                yield (*path, "targets", priority, name), "must be more than 0 seconds"
            if not 0 < target.warn_at_share < 1:
                yield (*path, "targets", priority, name), "warns at a share between 0 and 1"


def _queue(organisation: Organisation, queue: Queue) -> Iterator[Problem]:
    path = ("queues", queue.id)
    yield from _words(queue.names, (*path, "names"))
    if queue.sector not in organisation.sectors:
        yield (*path, "sector"), _missing("sector", queue.sector)
    if not 5 <= queue.offer_seconds <= 600:
        yield (*path, "offer_seconds"), "must be between 5 and 600"
    if any(seconds < 0 for seconds in queue.head_start_seconds.values()):
        yield (*path, "head_start_seconds"), "cannot be negative"
    yield from _skills(organisation, queue.skills, (*path, "skills"))


def _sector(organisation: Organisation, sector: Sector) -> Iterator[Problem]:
    path = ("sectors", sector.id)
    yield from _words(sector.names, (*path, "names"))
    yield from _zone(sector.time_zone, (*path, "time_zone"))
    yield from _own_queue(organisation, sector.queue, sector.id, (*path, "queue"))
    if sector.calendar not in organisation.calendars:
        yield (*path, "calendar"), _missing("calendar", sector.calendar)
    if sector.sla_policy not in organisation.sla_policies:
        yield (*path, "sla_policy"), _missing("SLA policy", sector.sla_policy)
    if sector.flow is not None and sector.flow not in organisation.flows:
        yield (*path, "flow"), f"{_missing('flow', sector.flow)}: flows/{sector.flow}.toml is missing"
    if sector.bots and sector.flow is None:
        yield path, "has bots but no flow"
    if not sector.bots and sector.flow is not None:
        yield (*path, "flow"), "cannot be used where bots = false"
    if sector.default_language not in LANGUAGES:
        yield (*path, "default_language"), f"must be one of {', '.join(LANGUAGES)}"
    for language, skill in sector.language_skills.items():
        yield from _skills(organisation, (skill,), (*path, "language_skills", language))
    if not sector.bots and not sector.acknowledgement:
        yield path, "lacks the key 'acknowledgement': without bots it is the first thing a customer hears"
    for name in ("acknowledgement", "out_of_hours"):
        yield from _notice(organisation, sector, getattr(sector, name), (*path, name))
    for label, words in sector.labels.items():
        yield from _words(words, (*path, "labels", label))
    for index, rule in enumerate(sector.priority_rules):
        yield from _rule(organisation, sector, rule, (*path, "priority_rules", index))


def _rule(
    organisation: Organisation, sector: Sector, rule: PriorityRule, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    if not (rule.words or rule.ad_sources or rule.labels):
        yield path, "has no condition: use default_priority"
    if rule.queue is not None:
        yield from _own_queue(organisation, rule.queue, sector.id, (*path, "queue"))
    yield from _skills(organisation, rule.skills, (*path, "skills"))


def _notice(organisation: Organisation, sector: Sector, words: Words, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not words:
        return
    yield from _words(words, path)
    for language, text in words.items():
        filled = _OPENS.sub(_LONGEST_MOMENT, text)
        if "{" in filled or "}" in filled:
            yield (*path, language), "may fill in {opens} and nothing else"
        for channel in {each.channel for each in organisation.inboxes.values() if each.sector == sector.id}:
            for what in beyond_limits(Text(filled), channel):
                yield (*path, language), what


def _inbox(organisation: Organisation, inbox: Inbox) -> Iterator[Problem]:
    path = ("inboxes", inbox.id)
    yield from _words(inbox.names, (*path, "names"))
    if inbox.sector not in organisation.sectors:
        yield (*path, "sector"), _missing("sector", inbox.sector)
    if inbox.app not in organisation.apps:
        yield (*path, "app"), _missing("app", inbox.app)
    if inbox.api not in ("facebook", "instagram"):
        yield (*path, "api"), "must be 'facebook' or 'instagram'"
    if inbox.channel is Channel.WHATSAPP and inbox.account_id is None:
        yield path, "lacks the key 'account_id': the WhatsApp business account"
    if inbox.lacks_page:
        yield path, "lacks the key 'page_id': the Facebook page that sends for it (none with api = 'instagram')"
    if inbox.page_id is not None and inbox.channel is not Channel.INSTAGRAM:
        yield (*path, "page_id"), "belongs to Instagram inboxes only"
    elif inbox.page_id is not None and inbox.api == "instagram":
        yield (*path, "page_id"), "means nothing with api = 'instagram': such an account needs no page"
    if inbox.page_id is not None and inbox.page_id == inbox.external_id:
        yield (*path, "page_id"), "is the Instagram account's own id (external_id): give the Facebook page's"
    if inbox.throughput is not None and not 0 <= inbox.throughput <= 1000:
        yield (*path, "throughput"), "must be between 0 (no limit of ours) and 1000 messages a second"
    if inbox.human_agent and inbox.channel is Channel.WHATSAPP:
        yield (*path, "human_agent"), "means nothing on WhatsApp: outside its window only templates are sent"


def _user(organisation: Organisation, user: User) -> Iterator[Problem]:
    path = ("users", user.email)
    if not _EMAIL.fullmatch(user.email) or user.email != user.email.lower():
        yield path, "must be an email address in small letters"
    if not user.name.strip():
        yield (*path, "name"), "is empty"
    if not user.sectors:
        yield (*path, "sectors"), "is empty: this person could see nothing"
    for each in user.sectors:
        if each not in organisation.sectors:
            yield (*path, "sectors"), _missing("sector", each)
    yield from _skills(organisation, user.skills, (*path, "skills"))
    if not 0 <= user.capacity <= 100:
        yield (*path, "capacity"), "must be between 0 and 100"
    if user.capacity and user.role not in (Role.ADVISOR, Role.SUPERVISOR):
        yield (*path, "capacity"), f"means nothing for the role '{user.role}'"
    if user.language not in LANGUAGES:
        yield (*path, "language"), f"must be one of {', '.join(LANGUAGES)}"


def _own_queue(organisation: Organisation, queue: str, sector: str, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if queue not in organisation.queues:
        yield path, _missing("queue", queue)
    elif organisation.queues[queue].sector != sector:
        yield path, f"is the queue of another sector, '{organisation.queues[queue].sector}'"


def _skills(organisation: Organisation, skills: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Problem]:
    for each in skills:
        if each not in organisation.skills:
            yield path, _missing("skill", each)


def _words(words: Words, path: tuple[str | int, ...]) -> Iterator[Problem]:
    for language in LANGUAGES:
        if not words.get(language, "").strip():
            yield path, f"lacks the language '{language}'"
    for language in words.keys() - set(LANGUAGES):
        yield (*path, language), f"is not a language this organisation speaks: {', '.join(LANGUAGES)}"


def _zone(name: str, path: tuple[str | int, ...]) -> Iterator[Problem]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield path, f"'{name}' is not a time zone such as 'Asia/Riyadh'"


def _missing(word: str, name: str) -> str:
    return f"there is no {word} '{name}'"
