"""What a failure of Meta's means for delivery, and for the advisor who reads it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from server.domain.inbound import Failure
from server.domain.model import Channel
from server.domain.window import Closed, Reason


class Course(StrEnum):
    """What delivery does."""

    RETRY = "retry"
    PAUSE_INBOX = "pause_inbox"
    # Write to this contact no more in this way until they say otherwise.
    SUPPRESS = "suppress"
    WINDOW_OVER = "window_over"
    # The message itself is wrong.
    FIX = "fix"
    # The account is wrong: a person must act at Meta.
    ALERT = "alert"
    GIVE_UP = "give_up"
    # It may have been sent: never again without a person's word.
    UNSURE = "unsure"


class Act(StrEnum):
    """What the advisor can do."""

    RETRY = "retry"
    TEMPLATE = "template"
    WAIT = "wait"
    NONE = "none"


class Scope(StrEnum):
    """What a retry holds up besides the message: nothing, or everything the inbox sends."""

    MESSAGE = "message"
    INBOX = "inbox"


class Advice(msgspec.Struct, frozen=True):
    """`words` is English and the key of its translations."""

    words: str
    act: Act


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    course: Course
    advice: Advice
    # Of a retry: the first wait, how it grows, and how many calls are made in all.
    first_seconds: float = 2
    factor: float = 3
    tries: int = 5
    scope: Scope = Scope.MESSAGE
    # Of a pause that ends by itself; None: a person ends it.
    resume_seconds: float | None = None
    # Of a suppression: how long; None: until the customer says otherwise.
    hold_seconds: float | None = None

    def wait(self, attempts: int) -> float | None:
        """Seconds until the next call after this many; None when it is enough."""
        if self.course is not Course.RETRY or attempts >= self.tries:
            return None
        return min(self.first_seconds * self.factor ** max(attempts - 1, 0), 3600.0)


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """One channel family's codes: exact pairs before codes before ranges."""

    pairs: Mapping[tuple[int, int], Rule] = {}
    codes: Mapping[int, Rule] = {}
    ranges: tuple[tuple[range, Rule], ...] = ()
    other: Rule

    def rule(self, code: int, subcode: int | None) -> Rule:
        if subcode is not None and (rule := self.pairs.get((code, subcode))):
            return rule
        if rule := self.codes.get(code):
            return rule
        return next((rule for span, rule in self.ranges if code in span), self.other)


def read(stored: Mapping[str, Any]) -> Failure:
    """A failure from its JSON in `message.failure` or `outbox.failure`."""
    return msgspec.convert(stored, Failure)


def of_verdict(channel: Channel, closed: Closed) -> Failure:
    """What Meta would answer, so that it need not be asked."""
    if closed.reason is Reason.OPTED_OUT:
        return Failure(code=131050, title="The customer stopped marketing messages")
    if closed.reason is Reason.HELD:
        return Failure(code=131049, title="Meta held a marketing message back within the last day")
    if closed.reason in (Reason.ONE_PRIVATE_REPLY, Reason.COMMENT_OVER, Reason.ONLY_A_TEXT):
        return Failure(code=100, subcode=2534025, title="The comment takes no such private reply")
    code, subcode = _CLOSED[channel]
    return Failure(code=code, subcode=subcode, title="The 24-hour window is closed")


_CLOSED: dict[Channel, tuple[int, int | None]] = {
    Channel.WHATSAPP: (131047, None),
    Channel.MESSENGER: (10, 2018278),
    Channel.INSTAGRAM: (10, 2534022),
}
