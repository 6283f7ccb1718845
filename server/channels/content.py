"""What one message says, whatever the channel: the part of an item that its kind decides."""

import msgspec

from server.channels.fields import Json, objects, present, text
from server.channels.graph_errors import code_of
from server.domain import kinds
from server.domain.inbound import Attachment, IdentityChange


class Content(msgspec.Struct, frozen=True):
    kind: str
    text: str = ""
    payload: str | None = None
    body: Json = {}
    attachments: tuple[Attachment, ...] = ()
    # The message this one is about: reacted to, edited or revoked.
    about: str | None = None
    change: IdentityChange | None = None


def missing(name: str) -> Json:
    """The body of a message whose own object did not arrive."""
    return {"missing": name}


def errors(message: Json) -> list[Json]:
    """Meta's `errors[]`, as they are shown."""
    found = [present(code=code_of(each), title=text(each, "title")) for each in objects(message, "errors")]
    return [each for each in found if each]


def unsupported(type: str, code: int | None = None) -> Json:
    return {"unsupported": present(reason=kinds.withheld(type, code), code=code, type=type)}
