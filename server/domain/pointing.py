"""Which messages others can point at: be quoted, or take a reaction."""

from datetime import datetime
from typing import Protocol

from server.domain import kinds


class Pointed(Protocol):
    """As much of a message as it takes."""

    @property
    def kind(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def provider_id(self) -> str | None: ...
    @property
    def revoked_at(self) -> datetime | None: ...


# Under a post everybody reads what one answers or what sign one puts there.
_PUBLIC = ("comment",)


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


_TAKEN_BACK = _("The customer took this message back.")
_QUOTE_PUBLIC = _("A public comment cannot be quoted: everybody would read the answer.")
_QUOTE_LINE = _("This line says nothing that could be quoted.")
_QUOTE_UNNAMED = _("Meta does not know this message yet, so it cannot be quoted.")
_REACT_OURS = _("Only a customer's message takes a reaction.")
_REACT_PUBLIC = _("A public comment takes no reaction here: everybody would see it.")
_REACT_LINE = _("This line is no message that takes a reaction.")


def why_unquotable(message: Pointed) -> str | None:
    """In English; None if it can be quoted."""
    return _why_not(message, _QUOTE_PUBLIC, _QUOTE_LINE, _QUOTE_UNNAMED)


def why_unreactable(message: Pointed) -> str | None:
    """In English; None if a reaction can be put on it."""
    if message.direction != "inbound":
        return _REACT_OURS
    return _why_not(message, _REACT_PUBLIC, _REACT_LINE, _REACT_OURS)


def _why_not(message: Pointed, public: str, line: str, unnamed: str) -> str | None:
    """Meta knows it by a name, and there is something of it left to point at."""
    if message.revoked_at is not None:
        return _TAKEN_BACK
    if message.kind in _PUBLIC:
        return public
    if not kinds.speaks(message.kind):
        return line
    return unnamed if message.provider_id is None else None
