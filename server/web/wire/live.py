"""What changes a screen: pushes, what was missed, what a command did."""

from datetime import datetime
from typing import Any

import msgspec

from server.domain.model import ConversationState
from server.web.wire.base import Struct
from server.web.wire.conversation import FactLine, Message, Note, Offer, Summary


class Push(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One committed fact with what it shows now. Only ids and decisions are in `data`, never message text."""

    id: int
    stream: str
    version: int
    kind: str
    at: datetime
    actor: str
    actor_name: str | None
    conversation_id: int | None
    data: dict[str, Any]
    conversation: Summary | None = None
    message: Message | None = None
    note: Note | None = None
    offer: Offer | None = None
    fact: FactLine | None = None


class Feed(Struct, frozen=True, kw_only=True):
    """What was missed; or `resync`: too much, read a snapshot anew.

    `heads`: the newest event of each sector the reader sees as a whole, as beats carry them.
    """

    cursor: int
    events: list[Push]
    resync: bool
    heads: dict[str, int]


class Moved(Struct, frozen=True, kw_only=True):
    """A command's result: the conversation as it stands now."""

    conversation_id: int
    version: int
    state: ConversationState | None = None


class Replied(Struct, frozen=True, kw_only=True):
    """`also`: further messages of the same command, such as a file's caption where files have none."""

    message: Message
    version: int
    also: list[Message] = msgspec.field(default_factory=list)


class Change(Struct, frozen=True, kw_only=True):
    """What changed since a reply was begun."""

    kind: str
    at: datetime
    actor_name: str | None
    words: str
