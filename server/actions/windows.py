"""Meta's window of a conversation: what moves it when something comes in, and what it says when something goes out."""

from collections.abc import Sequence
from datetime import datetime

from server.actions.arrivals import Arrival
from server.actions.openings import Openings
from server.actions.people import Person
from server.actions.unit import Unit
from server.domain import kinds, window
from server.domain.conversation import Conversation
from server.domain.errors import WindowClosed
from server.domain.inbound import MessageItem
from server.domain.model import Purpose
from server.domain.organisation import Inbox
from server.domain.outgoing import kind_of
from server.domain.window import Allowed, Closed, Standing, Verdict
from server.store import windows
from server.store.outbox import Claimed
from server.store.windows import Touch


def touch(work: Unit, arrivals: Sequence[Arrival], people: dict[Arrival, Person], openings: Openings) -> None:
    """What opens the window without a word of its own, who came by an advertisement, and who commented in public.

    A customer's own words move `last_inbound_at`, which the window counts from as well.
    """
    touches = []
    for each in arrivals:
        item = each.item
        if not isinstance(item, MessageItem) or each not in people:
            continue
        speaks = kinds.speaks(item.kind)
        opened = item.at if not speaks and window.opens(item.channel, item.kind, speaks=speaks) else None
        source = item.referral.source if item.referral else None
        entered = item.at if window.begins_free_entry(item.channel, source) else None
        commented = item.at if item.kind == window.COMMENT and item.provider_id else None
        conversation = openings.of(each, people[each]) if opened or entered or commented else None
        if conversation is not None:
            touches.append(
                Touch(
                    conversation_id=conversation.id, touched_at=opened, ad_entry_at=entered, commented_at=commented,
                    comment_id=item.provider_id if commented else None,
                )
            )  # fmt: skip
    work.write_last(windows.touch, touches)


async def ask(
    work: Unit, conversation: Conversation, *, purpose: Purpose = Purpose.REPLY, kind: str = "text",
    category: str | None = None,
) -> Verdict:  # fmt: skip
    """The verdict on one more message, as things stand in this unit."""
    inbox = work.organisation.inboxes[conversation.inbox_id]
    standing = await windows.standing(work.connection, conversation.id, human_agent=inbox.human_agent)
    return window.verdict(inbox.channel, standing, purpose=purpose, kind=kind, category=category, now=work.now)


async def require(
    work: Unit, conversation: Conversation, *, purpose: Purpose = Purpose.REPLY, kind: str = "text",
    category: str | None = None,
) -> Allowed:  # fmt: skip
    """Raises `WindowClosed` with the reason and what would help."""
    verdict = await ask(work, conversation, purpose=purpose, kind=kind, category=category)
    if isinstance(verdict, Closed):
        raise refusal(verdict)
    return verdict


def of_claimed(claimed: Claimed, inbox: Inbox, now: datetime) -> Verdict:
    """Asked once more just before the call: time has passed since it was queued."""
    standing = Standing(
        opened_at=claimed.window_opened_at, free_entry_until=claimed.free_entry_until, human_agent=inbox.human_agent,
        suppressions=claimed.suppressions, comment=claimed.comment,
    )  # fmt: skip
    kind = kind_of(claimed.payload)
    return window.verdict(
        inbox.channel, standing, purpose=claimed.purpose, kind=kind, category=claimed.category, now=now
    )


def refusal(closed: Closed) -> WindowClosed:
    return WindowClosed(
        window.SAID[closed.reason], closed_at=closed.closed_at, reason=closed.reason.value, remedy=closed.remedy.value
    )
