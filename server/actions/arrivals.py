"""An inbound item beside the inbox and sector it arrived at, the addresses of its person there, and its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from server.domain.inbound import (
    UNDATED,
    Address,
    EchoItem,
    Inbound,
    MessageItem,
    PreferenceItem,
    Rejected,
    Sender,
    WatermarkItem,
)  # fmt: skip
from server.domain.model import Channel, IdentityKind
from server.domain.organisation import Inbox, Sector

# Meta's clock may run a little ahead of ours.
_SKEW = timedelta(seconds=5)


class Arrival(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`quiet`: a replay, which never triggers a bot or an acknowledgement."""

    inbox: Inbox
    sector: Sector
    item: Inbound
    quiet: bool = False


def person_of(item: Inbound) -> Sender | None:
    """Who the item is about, or None for a status and for what Meta tells the account."""
    if isinstance(item, MessageItem | WatermarkItem | PreferenceItem):
        return item.sender
    return item.recipient if isinstance(item, EchoItem) else None


def scope_of(inbox: Inbox, address: Address) -> str:
    """Within what the address means anything: a phone everywhere, other ids under the portfolio, page or account."""
    if address.kind is IdentityKind.PHONE:
        return ""
    if inbox.channel is Channel.WHATSAPP:
        return inbox.portfolio_id or inbox.account_id or inbox.external_id
    return inbox.external_id


def punctual(items: Sequence[Inbound | Rejected], received_at: datetime) -> list[Inbound | Rejected]:
    """The items of one delivery, none of a time that had not come when we received it.

    What says it is from later would make all the customer's next words late, and hold Meta's window open: it counts
    from when it came, after the others and in its own order. The delivery keeps what Meta said.
    """
    latest = received_at + _SKEW
    if not any(_told_at(each) > latest for each in items):
        return list(items)
    # Whole seconds, as WhatsApp tells them: what is said within this one must not seem to come before it.
    now = received_at.replace(microsecond=0)
    early = [each for each in items if _told_at(each) <= latest]
    return early + [_at(each, now) for each in sorted(items, key=_told_at) if _told_at(each) > latest]


def _told_at(item: Inbound | Rejected) -> datetime:
    if isinstance(item, Rejected):
        return UNDATED
    return max(item.at, item.watermark) if isinstance(item, WatermarkItem) else item.at


def _at(item: Inbound | Rejected, latest: datetime) -> Inbound | Rejected:
    if isinstance(item, Rejected):
        return item
    at = min(item.at, latest)
    if isinstance(item, WatermarkItem):
        return msgspec.structs.replace(item, at=at, watermark=min(item.watermark, latest))
    return msgspec.structs.replace(item, at=at)
