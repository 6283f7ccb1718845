"""Meta's customer-service window: free text until a day after the customer's last message."""

from datetime import datetime, timedelta

from server.domain.model import Channel

_LENGTH = {
    Channel.WHATSAPP: timedelta(hours=24),
    Channel.MESSENGER: timedelta(hours=24),
    Channel.INSTAGRAM: timedelta(hours=24),
}


def closes_at(channel: Channel, last_inbound_at: datetime | None) -> datetime | None:
    """None when the customer never wrote: there is no window to close."""
    return last_inbound_at + _LENGTH[channel] if last_inbound_at else None


def is_open(channel: Channel, last_inbound_at: datetime | None, now: datetime) -> bool:
    closing = closes_at(channel, last_inbound_at)
    return closing is not None and now < closing
