"""What the channel of a conversation takes, told before anything is sent."""

import msgspec

from server.domain.channel_limits import LIMITS
from server.domain.media_limits import MEDIA
from server.domain.model import Channel
from server.web import wire


def told(channel: Channel) -> wire.Limits:
    media = {kind.value: limit for kind, limit in MEDIA[channel].items()}
    own = {name: getattr(LIMITS[channel], name) for name in LIMITS[channel].__struct_fields__}
    return msgspec.convert({**own, "media": media}, wire.Limits, from_attributes=True)
