"""Where a message of ours is on its way: which news moves it, and which comes too late to matter."""

from server.domain.model import MessageStatus, Purpose

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
_PLACE = {status: place for place, group in enumerate(_ORDER) for status in group}

# What a person may decide about: send it once more, or let it be.
UNDECIDED = frozenset({MessageStatus.FAILED, MessageStatus.UNCERTAIN})


def moves_forward(before: MessageStatus, after: MessageStatus) -> bool:
    """Whether news from Meta changes the status. People's own acts (retry, discard) do not ask."""
    return _PLACE[after] > _PLACE[before]


def may_speak(bots: bool, purpose: Purpose) -> bool:
    """P8, asked once more just before the call: no bot where the sector has none."""
    return bots or purpose is not Purpose.BOT
