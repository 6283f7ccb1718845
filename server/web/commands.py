"""What the console sends: a command carries an id of the client's making, and a repeat gets the first result."""

from typing import Annotated, Any, Literal

import msgspec

from server.domain.model import Presence
from server.domain.saying import Saying
from server.web.parameters import Id

_NO_NUL = "^[^\x00]*$"
CommandId = Annotated[
    str, msgspec.Meta(min_length=8, max_length=64, pattern=_NO_NUL, description="Made by the client; unique.")
]
Line = Annotated[str, msgspec.Meta(max_length=200, pattern=_NO_NUL)]
LongText = Annotated[str, msgspec.Meta(max_length=10_000, pattern=_NO_NUL)]
Word = Annotated[str, msgspec.Meta(max_length=100, pattern=_NO_NUL)]
Secret = Annotated[str, msgspec.Meta(max_length=1000)]


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown fields are ignored: a page loaded before an update may send more or less."""


class Command(Struct, frozen=True, kw_only=True):
    command_id: CommandId


class Reply(Command, frozen=True, kw_only=True):
    """`based_on_version`: the conversation's version on the writer's screen. `reply_to`: the id of a quoted message."""

    text: LongText
    based_on_version: Id
    reply_to: Id | None = None


class Speak(Command, frozen=True, kw_only=True):
    """Anything the channel takes; see `domain.outgoing`. `reply_to`: the id of a quoted message."""

    based_on_version: Id
    outgoing: Saying
    reply_to: Id | None = None


class React(Command, frozen=True, kw_only=True):
    """'' takes the reaction back."""

    emoji: Word


class Transfer(Command, frozen=True, kw_only=True):
    """To a queue or to a person, one of them."""

    queue: Word | None = None
    advisor_id: Id | None = None
    note: LongText = ""


class Reassign(Command, frozen=True, kw_only=True):
    advisor_id: Id


class NewNote(Command, frozen=True, kw_only=True):
    text: LongText


class SetLabel(Command, frozen=True, kw_only=True):
    label: Word
    on: bool


class Draft(Struct, frozen=True, kw_only=True):
    text: LongText


class Decision(Struct, frozen=True, kw_only=True):
    """About an offer. Each offer takes one decision, so that a repeat needs no id to be known by."""

    command_id: CommandId | None = None


class Decline(Decision, frozen=True, kw_only=True):
    reason: Line = ""


class SetPresence(Struct, frozen=True, kw_only=True):
    presence: Presence


class Preferences(Struct, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    theme: Literal["light", "dark", "system", ""] | msgspec.UnsetType = msgspec.UNSET
    sound: bool | msgspec.UnsetType = msgspec.UNSET
    desktop_notices: bool | msgspec.UnsetType = msgspec.UNSET
    enter_sends: bool | msgspec.UnsetType = msgspec.UNSET


class ChangeMe(Struct, frozen=True, kw_only=True):
    """What is left out stays as it is."""

    language: Literal["en", "ar"] | None = None
    preferences: Preferences | None = None
    current_password: Secret | None = None
    new_password: Secret | None = None

    def given_preferences(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.to_builtins(self.preferences) if self.preferences is not None else {}
        return found
