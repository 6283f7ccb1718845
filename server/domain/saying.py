"""What a person asks us to say, before it is checked and completed: `domain.outgoing`, and a template to fill."""

from typing import Any, TypeVar, cast

import msgspec
from msgspec.structs import replace

from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Buttons,
    Cards,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Location,
    Media,
    Outgoing,
    Reaction,
    Said,
    Sticker,
    Text,
    Video,
)


class FillTemplate(Said, frozen=True, tag="template"):
    """`values` by the keys of its fields: texts, attachment ids, places."""

    name: str
    language: str
    values: dict[str, Any] = msgspec.field(default_factory=dict)


Saying = (
    Text | Choices | Location | Contacts | Image | Video | Audio | Document | Sticker | Link | AskLocation | AskContact
    | Buttons | Cards | FillTemplate
)  # fmt: skip

T = TypeVar("T", bound=Outgoing)


def plain(saying: Saying) -> Saying:
    """Without NUL, which the database does not hold, and without what only we put in."""
    said = msgspec.convert(_without_nul(msgspec.to_builtins(saying)), Saying)
    if isinstance(said, Media):
        return cast(Saying, replace(said, reply_to=None, media_id=None, address=None))
    return said if isinstance(said, FillTemplate) else quoting(said, None)


def quoting(outgoing: T, provider_id: str | None) -> T:
    """The same as an answer to that message; a reaction is none."""
    return outgoing if isinstance(outgoing, Reaction) else replace(outgoing, reply_to=provider_id)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list | tuple):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value
