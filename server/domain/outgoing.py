"""What we say, before it becomes a channel's wire form. Stored in `outbox.payload` and `message.body`.

The tag is the message's kind. `reply_to` is the provider id of the message it quotes.
"""

from typing import Any

import msgspec

from server.domain.template_parts import Component, Preview


class Said(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    """One message; the base of them all."""


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One choice: `id` comes back as the payload when pressed."""

    id: str
    title: str
    description: str = ""


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a list with a heading of its own."""

    title: str
    options: tuple[Option, ...]


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """Gives back its payload when pressed, or opens the address: one of the two."""

    title: str
    payload: str = ""
    url: str = ""


class Text(Said, frozen=True, tag="text"):
    text: str
    reply_to: str | None = None
    # WhatsApp shows a preview of the first link.
    preview: bool = False


class Choices(Said, frozen=True, tag="choices"):
    """A question with options: reply buttons, a list or quick replies, as the channel allows.

    `options` or `sections`, one of them; sections make a list.
    """

    text: str
    options: tuple[Option, ...] = ()
    # The label that opens the list on WhatsApp.
    button: str = ""
    sections: tuple[Section, ...] = ()
    header: str = ""
    footer: str = ""
    reply_to: str | None = None

    @property
    def every_option(self) -> tuple[Option, ...]:
        return self.options + tuple(option for section in self.sections for option in section.options)


class Location(Said, frozen=True, tag="location"):
    """A place; a text with a map link where the channel has no location message."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    reply_to: str | None = None


class Phone(msgspec.Struct, frozen=True, omit_defaults=True):
    number: str
    type: str = "CELL"


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card of an address book."""

    name: str
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    organisation: str = ""


class Contacts(Said, frozen=True, tag="contacts"):
    contacts: tuple[Person, ...]
    reply_to: str | None = None


class Media(Said, frozen=True):
    """A file. `media_id`, the provider's, or else an `address` of ours is put in just before the call."""

    attachment_id: int
    caption: str = ""
    name: str = ""
    # Of audio: shown and played as a voice message.
    voice: bool = False
    media_id: str | None = None
    address: str | None = None
    reply_to: str | None = None


class Image(Media, frozen=True, tag="image"):
    pass


class Video(Media, frozen=True, tag="video"):
    pass


class Audio(Media, frozen=True, tag="audio"):
    pass


class Document(Media, frozen=True, tag="document"):
    pass


class Sticker(Media, frozen=True, tag="sticker"):
    pass


class Reaction(Said, frozen=True, tag="reaction"):
    """On the message with the provider id `about`, which is our `message_id`; an empty emoji takes it back."""

    about: str
    emoji: str
    message_id: int = 0


class Link(Said, frozen=True, tag="link"):
    """A button that opens an address."""

    text: str
    title: str
    url: str
    header: str = ""
    footer: str = ""
    reply_to: str | None = None


class AskLocation(Said, frozen=True, tag="ask_location"):
    text: str
    reply_to: str | None = None


class AskContact(Said, frozen=True, tag="ask_contact"):
    """Asks for the customer's number with one tap."""

    text: str
    reply_to: str | None = None


class Buttons(Said, frozen=True, tag="buttons"):
    text: str
    buttons: tuple[Button, ...]
    reply_to: str | None = None


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    title: str
    subtitle: str = ""
    image_url: str = ""
    # What a tap on the card opens.
    url: str = ""
    buttons: tuple[Button, ...] = ()


class Cards(Said, frozen=True, tag="cards"):
    cards: tuple[Card, ...]
    reply_to: str | None = None


class Template(Said, frozen=True, tag="template"):
    """A text Meta has approved. `values` is what a person filled in, by field; `components` is what Meta gets."""

    name: str
    language: str
    preview: Preview
    category: str = ""
    values: dict[str, Any] = {}
    components: tuple[Component, ...] = ()
    reply_to: str | None = None


Outgoing = (
    Text | Choices | Location | Contacts | Image | Video | Audio | Document | Sticker | Reaction | Link | AskLocation
    | AskContact | Buttons | Cards | Template
)  # fmt: skip


def kind_of(outgoing: Said) -> str:
    return str(outgoing.__struct_config__.tag)


def answers(outgoing: Outgoing) -> bool:
    """Whether the customer is answered by it: a mere reaction leaves them waiting."""
    return not isinstance(outgoing, Reaction)


def words(outgoing: Outgoing) -> str:
    """What it says, for lists, quotes and searches."""
    match outgoing:
        case Media():
            return outgoing.caption
        case Location():
            return outgoing.name
        case Contacts():
            return ", ".join(each.name for each in outgoing.contacts)
        case Cards():
            return "\n".join(each.title for each in outgoing.cards)
        case Template():
            return outgoing.preview.body
        case Reaction():
            return outgoing.emoji
        case _:
            return outgoing.text


def place_as_text(place: Location) -> str:
    """What is sent where a channel has no message for a place."""
    link = f"https://maps.google.com/?q={place.latitude},{place.longitude}"
    return "\n".join(line for line in (place.name, place.address, link) if line)


def attachment_ids(outgoing: Outgoing) -> tuple[int, ...]:
    """The files it carries."""
    if isinstance(outgoing, Media):
        return (outgoing.attachment_id,)
    if isinstance(outgoing, Template):
        parameters = (parameter for component in outgoing.components for parameter in component.parameters)
        return tuple(each.attachment_id for each in parameters if each.attachment_id is not None)
    return ()
