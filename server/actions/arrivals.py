"""An inbound item beside the inbox and sector it arrived at, and the addresses of its person there."""

import msgspec

from server.domain.inbound import (
    Address,
    EchoItem,
    Inbound,
    MessageItem,
    PreferenceItem,
    Sender,
    WatermarkItem,
)  # fmt: skip
from server.domain.model import Channel, IdentityKind
from server.domain.organisation import Inbox, Sector


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
