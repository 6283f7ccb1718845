"""Whether Meta lets us write to a customer now, why not, and what would help. Facts §5.1, §6.

Asked when composing, when queueing and when sending; the answer is the same struct each time.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from server.domain.channel_limits import has_templates, takes_template
from server.domain.model import Channel, Purpose

DAY = timedelta(hours=24)
HUMAN_AGENT = timedelta(days=7)
FREE_ENTRY = timedelta(hours=72)
# What an attempt outside the day carries on Messenger and Instagram when a person typed it.
HUMAN_AGENT_TAG = "HUMAN_AGENT"
# What customers stop and resume (facts §2.4).
MARKETING = "marketing_messages"
TEMPLATE = "template"

_SKEW = timedelta(minutes=1)
# These open the window although nobody has to answer them.
_SILENT_OPENERS = {
    Channel.WHATSAPP: frozenset({"call", "call_permission"}),
    Channel.MESSENGER: frozenset({"reaction", "referral"}),
    Channel.INSTAGRAM: frozenset({"reaction", "referral", "comment"}),
}


class By(StrEnum):
    """What allows it."""

    WINDOW = "window"
    # An approved template within the free entry: it costs nothing.
    FREE_ENTRY = "free_entry"
    HUMAN_AGENT = "human_agent"
    TEMPLATE = "template"


class Reason(StrEnum):
    """Why it is refused."""

    NEVER_WROTE = "never_wrote"
    WINDOW_OVER = "window_over"
    # A person could still answer, a machine cannot.
    ONLY_PEOPLE = "only_people"
    OPTED_OUT = "opted_out"
    # Meta held a marketing message back: not before a day has passed.
    HELD = "held"


# English, and the key of its translations.
SAID = {
    Reason.NEVER_WROTE: "The customer has not written here yet.",
    Reason.WINDOW_OVER: "More than 24 hours have passed since the customer last wrote.",
    Reason.ONLY_PEOPLE: "So long after the customer wrote, only a person may answer.",
    Reason.OPTED_OUT: "The customer does not want marketing messages from us.",
    Reason.HELD: "Meta held this marketing message back. Do not repeat it today.",
}


class Remedy(StrEnum):
    TEMPLATE = "template"
    WAIT = "wait"
    NONE = "none"


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer does not want; `until` where it ends by itself."""

    category: str
    until: datetime | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a conversation and its inbox as the verdict needs.

    `opened_at`: the newest thing of the customer's that opens the window. `human_agent`: the organisation says that
    Meta granted it to this inbox.
    """

    opened_at: datetime | None
    free_entry_until: datetime | None = None
    human_agent: bool = False
    suppressions: tuple[Suppression, ...] = ()


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """Until when, None for ever; `tag` is what the call has to carry."""

    until: datetime | None
    by: By

    @property
    def tag(self) -> str | None:
        return HUMAN_AGENT_TAG if self.by is By.HUMAN_AGENT else None


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason
    closed_at: datetime | None
    remedy: Remedy


Verdict = Allowed | Closed


def verdict(
    channel: Channel, standing: Standing, *, purpose: Purpose = Purpose.REPLY, kind: str = "text",
    category: str | None = None, now: datetime,
) -> Verdict:  # fmt: skip
    """`purpose` reply means: typed by a person. `kind` is the outgoing's; `category` a template's, where known."""
    if kind == TEMPLATE and takes_template(channel, category):
        return _of_template(standing, category, now)
    closing = closes_at(standing.opened_at)
    if closing is not None and now < closing:
        return Allowed(until=closing, by=By.WINDOW)
    remedy = Remedy.TEMPLATE if has_templates(channel) else Remedy.WAIT
    if standing.opened_at is None or closing is None:
        return Closed(reason=Reason.NEVER_WROTE, closed_at=None, remedy=remedy)
    people = people_until(channel, standing.opened_at, human_agent=standing.human_agent)
    if people is not None and now < people:
        if purpose is Purpose.REPLY:
            return Allowed(until=people, by=By.HUMAN_AGENT)
        return Closed(reason=Reason.ONLY_PEOPLE, closed_at=closing, remedy=remedy)
    return Closed(reason=Reason.WINDOW_OVER, closed_at=closing, remedy=remedy)


def closes_at(opened_at: datetime | None) -> datetime | None:
    """The end of the day of free words; None when the customer never wrote: there is no window to close."""
    return opened_at + DAY if opened_at else None


def people_until(channel: Channel, opened_at: datetime | None, *, human_agent: bool) -> datetime | None:
    """Until when a person may answer once the day is over; None where Meta did not grant it."""
    granted = human_agent and channel is not Channel.WHATSAPP
    return opened_at + HUMAN_AGENT if granted and opened_at else None


def opens(channel: Channel, kind: str, *, speaks: bool) -> bool:
    """Whether an inbound item of this kind opens the window: what speaks does, and a few silent kinds."""
    return speaks or kind in _SILENT_OPENERS[channel]


def begins_free_entry(channel: Channel, source: str | None) -> bool:
    """Whether somebody who came this way may be answered free of charge for three days."""
    return channel is Channel.WHATSAPP and source is not None


def free_entry(ad_entry_at: datetime | None, replied_at: datetime) -> datetime | None:
    """When the free entry ends that this first answer begins; None when it came too late or nothing is to begin."""
    # Meta's clock may be a little ahead of ours.
    if ad_entry_at is None or not -_SKEW <= replied_at - ad_entry_at <= DAY:
        return None
    return replied_at + FREE_ENTRY


def _of_template(standing: Standing, category: str | None, now: datetime) -> Verdict:
    """Outside the day too; marketing only to who did not stop it, and one of unknown category counts as marketing."""
    stopped = _stopped(standing.suppressions, now) if _is_marketing(category) else None
    if stopped is not None:
        reason, remedy = (Reason.HELD, Remedy.WAIT) if stopped.until else (Reason.OPTED_OUT, Remedy.NONE)
        return Closed(reason=reason, closed_at=None, remedy=remedy)
    free_until = standing.free_entry_until
    if free_until is not None and now < free_until:
        return Allowed(until=free_until, by=By.FREE_ENTRY)
    return Allowed(until=None, by=By.TEMPLATE)


def _is_marketing(category: str | None) -> bool:
    return not category or category.casefold().startswith("marketing")


def _stopped(suppressions: Collection[Suppression], now: datetime) -> Suppression | None:
    found = [each for each in suppressions if each.category == MARKETING and (each.until is None or now < each.until)]
    return min(found, key=lambda each: each.until is not None, default=None)
