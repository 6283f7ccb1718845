"""How a broken limit is told: in words for people, and as numbers for the console."""

from collections.abc import Iterator

from server.domain.blank import is_blank
from server.domain.channel_limits import TextLimit
from server.domain.errors import Invalid
from server.domain.media_limits import NAMES
from server.domain.outgoing import Choices, Link


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


CHANNELS = {channel: {"channel": name} for channel, name in NAMES.items()}

_TOO_LONG = {
    "text": _("The text has {length} characters; the most is {max}."),
    "caption": _("The caption has {length} characters; the most is {max}."),
    "button_title": _("The title of a button has {length} characters; the most is {max}."),
    "row_title": _("The title of a row has {length} characters; the most is {max}."),
    "description": _("The description of a row has {length} characters; the most is {max}."),
    "payload": _("What a button answers has {length} characters; the most is {max}."),
    "section_title": _("The heading of a section has {length} characters; the most is {max}."),
    "list_button": _("The label that opens the list has {length} characters; the most is {max}."),
    "header": _("The header has {length} characters; the most is {max}."),
    "footer": _("The footer has {length} characters; the most is {max}."),
    "link_title": _("The title of the link has {length} characters; the most is {max}."),
    "url": _("The address has {length} characters; the most is {max}."),
    "card_title": _("The title of a card has {length} characters; the most is {max}."),
    "subtitle": _("The second line of a card has {length} characters; the most is {max}."),
    "code": _("The code has {length} characters; the most is {max}."),
    "place": _("The place with the link to its map has {length} characters; the most is {max}."),
    "place_name": _("The name of the place has {length} characters; the most is {max}."),
    "place_address": _("The address of the place has {length} characters; the most is {max}."),
    "contact_name": _("The name of a contact has {length} characters; the most is {max}."),
    "organisation": _("The company of a contact has {length} characters; the most is {max}."),
    "email": _("The email address has {length} characters; the most is {max}."),
}
_IN_BYTES = {
    "text": _("The text has {length} bytes; the most is {max}. An Arabic letter is two bytes."),
    "caption": _("The caption has {length} bytes; the most is {max}. An Arabic letter is two bytes."),
    "place": _(
        "The place with the link to its map has {length} bytes; the most is {max}. An Arabic letter is two bytes."
    ),
}
_NONE_AT_ALL = {
    "caption": _("A file has no caption here: send the words as a message of their own."),
    "header": _("There is no header here."),
    "footer": _("There is no footer here."),
}
_TOO_MANY = {
    "option": _("There are {length} options; it takes 1 to {max} in all."),
    "section": _("There are {length} sections; the most is {max}."),
    "button": _("There are {length} buttons; the most is {max}."),
    "card": _("There are {length} cards; it takes 1 to {max}."),
    "contact": _("There are {length} contacts; it takes 1 to {max}."),
    "phone": _("A contact has {length} phone numbers; the most is {max}."),
    "email_count": _("A contact has {length} email addresses; the most is {max}."),
}
_EMPTY = {
    "text": _("Write something first."),
    "option": _("A section needs at least one option."),
    "contact_name": _("A contact needs a name."),
    "section_title": _("Every section needs a heading when there are several."),
    "link_title": _("The link needs a title."),
    "card_title": _("A card needs a title."),
    "payload": _("A button needs something to answer."),
    "value": _("Fill in this field."),
}
_NO_TITLE = _("A button needs a title.")


def outside(name: str, field: str, length: int, most: int, *, unit: str = "characters") -> Invalid:
    """`name` is the limit's own, `field` where it is broken."""
    if most == 0 and name in _NONE_AT_ALL:
        words = _NONE_AT_ALL[name]
    else:
        words = (_IN_BYTES if unit == "bytes" else _TOO_LONG)[name]
    return _broken(words, name, field, length, most, unit)


def too_many(name: str, field: str, length: int, most: int) -> Invalid:
    return _broken(_TOO_MANY[name], name, field, length, most, "items")


def empty(name: str, field: str) -> Invalid:
    return Invalid(_EMPTY.get(name, _NO_TITLE), field=field)


def text(limit: TextLimit, said: str, name: str = "text") -> Iterator[Invalid]:
    if is_blank(said):
        yield empty(name, name)
    if (length := limit.length(said)) > limit.max:
        yield outside(name, name, length, limit.max, unit=limit.unit)


def line(name: str, field: str, said: str, most: int, *, compulsory: bool = True) -> Iterator[Invalid]:
    if compulsory and is_blank(said):
        yield empty(name, field)
    if len(said) > most:
        yield outside(name, field, len(said), most)


def frame(framed: Choices | Link, header_max: int | None, footer_max: int | None) -> Iterator[Invalid]:
    for name, most in (("header", header_max), ("footer", footer_max)):
        if said := getattr(framed, name):
            yield from line(name, name, said, most or 0, compulsory=False)


def _broken(words: str, name: str, field: str, length: int, most: int, unit: str) -> Invalid:
    return Invalid(
        words, field=field, values={"length": length, "max": most},
        limit={"name": name, "unit": unit, "max": most, "length": length},
    )  # fmt: skip
