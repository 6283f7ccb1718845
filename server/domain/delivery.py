"""Where a message of ours is on its way: which news moves it, and which comes too late to matter."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.domain.model import MessageStatus, Purpose
from server.domain.outgoing import Audio, Outgoing, Video

# How far Meta's clock may be behind ours.
_SKEW = timedelta(seconds=5)

# One line from first to last, so that news in any order ends at the same place. `failed` may follow `sent`;
# what was seen to arrive cannot fail any more.
_ORDER = (
    {MessageStatus.QUEUED},
    {MessageStatus.SENDING},
    {MessageStatus.UNCERTAIN},
    {MessageStatus.ACCEPTED},
    {MessageStatus.SENT},
    {MessageStatus.FAILED, MessageStatus.DISCARDED},
    {MessageStatus.DELIVERED},
    {MessageStatus.READ},
    {MessageStatus.PLAYED},
)
PLACES = {status: place for place, group in enumerate(_ORDER) for status in group}

# What a person may decide about: send it once more, or let it be.
UNDECIDED = frozenset({MessageStatus.FAILED, MessageStatus.UNCERTAIN})


def moves_forward(before: MessageStatus, after: MessageStatus) -> bool:
    """Whether news from Meta changes the status. People's own acts (retry, discard) do not ask."""
    return PLACES[after] > PLACES[before]


def may_speak(bots: bool, purpose: Purpose) -> bool:
    """P8, asked once more just before the call: no bot where the sector has none."""
    return bots or purpose is not Purpose.BOT


def is_heavy(outgoing: Outgoing) -> bool:
    """Audio and video: Meta takes fewer of them a second from a Page or account."""
    return isinstance(outgoing, Audio | Video)


def call_at(calls: Sequence[datetime | None], at: datetime) -> int:
    """The place of the call that was out when Meta took the message: the last begun by then, else the first.

    Calls of one conversation are never out together, and after one of unknown fate the next waits for a minute.
    """
    begun = [(call, place) for place, call in enumerate(calls) if call is not None]
    by_then = [each for each in begun if each[0] <= at + _SKEW]
    return max(by_then)[1] if by_then else min(begun, default=(at, 0))[1]
