"""What we send, before it becomes a channel's wire form. Stored in `outbox.payload` and `message.body`."""

import msgspec


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One choice: `id` comes back as the payload when pressed."""

    id: str
    title: str
    description: str = ""


class Text(msgspec.Struct, frozen=True, tag="text", tag_field="kind", omit_defaults=True):
    text: str
    # The provider id of the message this quotes.
    reply_to: str | None = None


class Choices(msgspec.Struct, frozen=True, tag="choices", tag_field="kind", omit_defaults=True):
    """A question with options: reply buttons, a list or quick replies, as the channel allows."""

    text: str
    options: tuple[Option, ...]
    # The label that opens the list on WhatsApp (at most 20 characters).
    button: str = ""


class Location(msgspec.Struct, frozen=True, tag="location", tag_field="kind", omit_defaults=True):
    """A place; a text with a map link where the channel has no location message."""

    latitude: float
    longitude: float
    name: str
    address: str = ""


Outgoing = Text | Choices | Location
