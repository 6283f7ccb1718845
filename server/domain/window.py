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
PRIVATE_REPLY = timedelta(days=7)
FREE_ENTRY = timedelta(hours=72)
# What an attempt outside the day carries on Messenger and Instagram when a person typed it.
HUMAN_AGENT_TAG = "HUMAN_AGENT"
# What customers stop and resume (facts §2.4).
MARKETING = "marketing_messages"
TEMPLATE = "template"
TEXT = "text"
# Said under a post, for everybody.
COMMENT = "comment"
# The chat was opened, and nothing was said yet.
WELCOME = "welcome"

_SKEW = timedelta(minutes=1)
# These open the window although nobody has to answer them.
_SILENT_OPENERS = {
    Channel.WHATSAPP: frozenset({"call", "call_permission"}),
    Channel.MESSENGER: frozenset({"reaction", "referral"}),
    Channel.INSTAGRAM: frozenset({"reaction", "referral"}),
}
# These want an answer and open nothing: the one was said in public, with the other nothing was said at all.
_NO_OPENERS = frozenset({COMMENT, WELCOME})


class By(StrEnum):
    """What allows it."""

    WINDOW = "window"
    # An approved template within the free entry: it costs nothing.
    FREE_ENTRY = "free_entry"
    # The one answer in private to a comment.
    PRIVATE_REPLY = "private_reply"
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
    # A comment was answered in private already, or too long ago to be, or not by what may go.
    ONE_PRIVATE_REPLY = "one_private_reply"
    COMMENT_OVER = "comment_over"
    ONLY_A_TEXT = "only_a_text"


# English, and the key of its translations.
SAID = {
    Reason.NEVER_WROTE: "The customer has not written here yet.",
    Reason.WINDOW_OVER: "More than 24 hours have passed since the customer last wrote.",
    Reason.ONLY_PEOPLE: "So long after the customer wrote, only a person may answer.",
    Reason.OPTED_OUT: "The customer does not want marketing messages from us.",
    Reason.HELD: "Meta held this marketing message back. Do not repeat it today.",
    Reason.ONE_PRIVATE_REPLY: (
        "They have not answered in private yet: one private reply to a comment is all Meta allows."
    ),
    Reason.COMMENT_OVER: "More than 7 days have passed since their comment: it can no longer be answered in private.",
    Reason.ONLY_A_TEXT: "A comment is answered in private by one text that a person wrote.",
}


class Remedy(StrEnum):
    TEMPLATE = "template"
    WAIT = "wait"
    NONE = "none"


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer does not want; `until` where it ends by itself."""

    category: str
    until: datetime | None = None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A public comment. `answered`: a private reply to it waits, was sent, or may have been."""

    id: str
    at: datetime
    answered: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a conversation and its inbox as the verdict needs.

    `opened_at`: the newest thing of the customer's that opens the window. `comment`: their newest comment.
    `human_agent`: the organisation says that Meta granted it to this inbox.
    """

    opened_at: datetime | None
    free_entry_until: datetime | None = None
    human_agent: bool = False
    suppressions: tuple[Suppression, ...] = ()
    comment: Comment | None = None


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """Until when, None for ever; `tag` is what the call has to carry.

    With a `comment_id` it goes to whoever wrote that comment: it cannot be addressed to the person.
    """

    until: datetime | None
    by: By
    comment_id: str | None = None

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
    in_private = _in_private(standing, remedy, purpose=purpose, kind=kind, now=now)
    if isinstance(in_private, Allowed):
        return in_private
    if (by_people := _by_people(channel, standing, purpose, remedy, now)) is not None:
        return by_people
    if in_private is not None:
        return in_private
    reason = Reason.NEVER_WROTE if closing is None else Reason.WINDOW_OVER
    return Closed(reason=reason, closed_at=closing, remedy=remedy)


def closes_at(opened_at: datetime | None) -> datetime | None:
    """The end of the day of free words; None when the customer never wrote: there is no window to close."""
    return opened_at + DAY if opened_at else None


def people_until(channel: Channel, opened_at: datetime | None, *, human_agent: bool) -> datetime | None:
    """Until when a person may answer once the day is over; None where Meta did not grant it."""
    granted = human_agent and channel is not Channel.WHATSAPP
    return opened_at + HUMAN_AGENT if granted and opened_at else None


def opens(channel: Channel, kind: str, *, speaks: bool) -> bool:
    """Whether an inbound item of this kind opens the window: most of what speaks does, and a few silent kinds."""
    return kind in _SILENT_OPENERS[channel] or (speaks and kind not in _NO_OPENERS)


def private_reply_until(opened_at: datetime | None, comment: Comment | None) -> datetime | None:
    """Until when a comment may be answered in private, once; None without one, or when they wrote after it."""
    if comment is None or (opened_at is not None and opened_at >= comment.at):
        return None
    return comment.at + PRIVATE_REPLY


def begins_free_entry(channel: Channel, source: str | None) -> bool:
    """Whether somebody who came this way may be answered free of charge for three days."""
    return channel is Channel.WHATSAPP and source is not None


def free_entry(ad_entry_at: datetime | None, replied_at: datetime) -> datetime | None:
    """When the free entry ends that this first answer begins; None when it came too late or nothing is to begin."""
    # Meta's clock may be a little ahead of ours.
    if ad_entry_at is None or not -_SKEW <= replied_at - ad_entry_at <= DAY:
        return None
    return replied_at + FREE_ENTRY


def _in_private(
    standing: Standing, remedy: Remedy, *, purpose: Purpose, kind: str, now: datetime
) -> Verdict | None:  # fmt: skip
    """Once the day is over, or never began: about their comment, where it is the last thing they said."""
    comment, until = standing.comment, private_reply_until(standing.opened_at, standing.comment)
    if comment is None or until is None:
        return None
    if comment.answered:
        return Closed(reason=Reason.ONE_PRIVATE_REPLY, closed_at=None, remedy=remedy)
    if now >= until:
        return Closed(reason=Reason.COMMENT_OVER, closed_at=until, remedy=remedy)
    if kind != TEXT or purpose is not Purpose.REPLY:
        return Closed(reason=Reason.ONLY_A_TEXT, closed_at=None, remedy=remedy)
    return Allowed(until=until, by=By.PRIVATE_REPLY, comment_id=comment.id)


def _by_people(
    channel: Channel, standing: Standing, purpose: Purpose, remedy: Remedy, now: datetime
) -> Verdict | None:  # fmt: skip
    """What they wrote themselves, not a comment, within the seven days that Meta grants people."""
    people = people_until(channel, standing.opened_at, human_agent=standing.human_agent)
    if people is None or now >= people:
        return None
    if purpose is Purpose.REPLY:
        return Allowed(until=people, by=By.HUMAN_AGENT)
    return Closed(reason=Reason.ONLY_PEOPLE, closed_at=closes_at(standing.opened_at), remedy=remedy)


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
