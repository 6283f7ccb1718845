"""Facts about messages and their files."""

from server.domain.events.base import Fact
from server.domain.model import MessageStatus


class MessageReceived(Fact, frozen=True):
    message_id: int


class MessageQueued(Fact, frozen=True):
    """A message of ours was written to the outbox."""

    message_id: int


class MessageEchoed(Fact, frozen=True):
    """The business wrote outside the console."""

    message_id: int


class MessageMoved(Fact, frozen=True):
    """A delivery status went forward."""

    message_id: int
    status: MessageStatus


class MessageReacted(Fact, frozen=True):
    """A sign was put on a message, or taken away ('')."""

    message_id: int
    by: str
    emoji: str


class MessageEdited(Fact, frozen=True):
    message_id: int


class MessageRevoked(Fact, frozen=True):
    """Taken back by whoever said it: nothing of it is shown any more."""

    message_id: int


class MessageSettled(Fact, frozen=True):
    """A change that waited for its message needs no line of its own any more."""

    message_id: int


class AttachmentStored(Fact, frozen=True):
    """A file of a message is here now."""

    attachment_id: int
    message_id: int


class AttachmentFailed(Fact, frozen=True):
    """A file of a message will not come; the attachment says why."""

    attachment_id: int
    message_id: int


class Acknowledged(Fact, frozen=True):
    message_id: int


class NoteAdded(Fact, frozen=True):
    note_id: int
