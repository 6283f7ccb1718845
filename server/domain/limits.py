"""Refuses what would break a limit of Meta's, and names the limit. Nothing is ever cut."""

from collections.abc import Iterator

from server.domain import button_limits, contact_limits, template_limits
from server.domain.channel_limits import LIMITS, ChannelLimits, takes_template
from server.domain.emoji import is_emoji
from server.domain.errors import Invalid
from server.domain.limit_words import CHANNELS, empty, frame, line, outside, text, too_many
from server.domain.model import Channel
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Buttons,
    Cards,
    Choices,
    Contacts,
    Link,
    Location,
    Media,
    Option,
    Outgoing,
    Reaction,
    Sticker,
    Template,
    Text,
    kind_of,
    place_as_text,
)


def check(channel: Channel, outgoing: Outgoing) -> None:
    """Raises `Invalid` that names the limit and the field."""
    for broken in breaks(channel, outgoing):
        raise broken


def breaks(channel: Channel, outgoing: Outgoing) -> Iterator[Invalid]:
    """Every limit the message breaks."""
    limits = LIMITS[channel]
    if (kind := kind_of(outgoing)) not in limits.sends:
        yield Invalid("{channel} has no such message.", field="kind", values=CHANNELS[channel],
                      limit={"name": "kind", "unit": "items", "max": 0, "length": kind})  # fmt: skip
        return
    match outgoing:
        case Text():
            yield from text(limits.text, outgoing.text)
        case Choices():
            yield from _choices(limits, outgoing)
        case Location():
            yield from _location(limits, outgoing)
        case Contacts():
            yield from contact_limits.contacts(limits, outgoing)
        case Media():
            yield from _media(limits, outgoing)
        case Reaction():
            yield from _reaction(limits, outgoing)
        case Link():
            yield from button_limits.link(limits, outgoing)
        case AskLocation() | AskContact():
            ask = limits.ask_location if isinstance(outgoing, AskLocation) else limits.ask_contact
            yield from text(ask.text if ask else limits.text, outgoing.text)
        case Buttons():
            yield from button_limits.buttons(limits, outgoing)
        case Cards():
            yield from button_limits.cards(limits, outgoing)
        case Template():
            if not takes_template(channel, outgoing.category):
                yield Invalid("{channel} takes utility templates only.", field="name", values=CHANNELS[channel])
            yield from template_limits.breaks(outgoing)


def problems(outgoing: Outgoing, channel: Channel) -> list[str]:
    """Every limit the message breaks, in words."""
    return [each.words for each in breaks(channel, outgoing)]


def _choices(channel: ChannelLimits, choices: Choices) -> Iterator[Invalid]:
    limits, options = channel.choices, choices.every_option
    listed = limits.buttons_max is not None and (bool(choices.sections) or len(options) > limits.buttons_max)
    yield from text(limits.list_text if listed and limits.list_text else limits.text, choices.text)
    if choices.sections and limits.sections_max is None:
        yield too_many("section", "sections", len(choices.sections), 0)
    if not 1 <= len(options) <= limits.options_max:
        yield too_many("option", "options", len(options), limits.options_max)
    for place, option in enumerate(choices.options):
        yield from _option(channel, option, f"options[{place}]", listed=listed)
    parts = len(choices.sections) + bool(choices.options)
    # Options beside sections are a section without a heading.
    if choices.sections and choices.options and limits.sections_max is not None:
        yield empty("section_title", "options")
    for at, section in enumerate(choices.sections):
        if limits.section_title_max is not None:
            yield from line("section_title", f"sections[{at}].title", section.title, limits.section_title_max,
                             compulsory=parts > 1)  # fmt: skip
        if not section.options:
            yield empty("option", f"sections[{at}].options")
        for place, option in enumerate(section.options):
            yield from _option(channel, option, f"sections[{at}].options[{place}]", listed=listed)
    if limits.sections_max is not None and parts > limits.sections_max:
        yield too_many("section", "sections", parts, limits.sections_max)
    if len({option.id for option in options}) < len(options):
        yield Invalid("Two options have the same id.", field="options")
    # The rows of a list may look alike; buttons may not.
    if not listed and len({option.title for option in options}) < len(options):
        yield Invalid("Two options have the same title.", field="options")
    if listed and choices.button and limits.button_max is not None:
        yield from line("list_button", "button", choices.button, limits.button_max)
    yield from frame(choices, limits.header_max, limits.footer_max)


def _option(channel: ChannelLimits, option: Option, at: str, *, listed: bool) -> Iterator[Invalid]:
    limits = channel.choices
    title_max = (limits.row_title_max if listed else None) or limits.title_max
    id_max = (limits.row_id_max if listed else None) or limits.id_max
    yield from line("row_title" if listed else "button_title", f"{at}.title", option.title, title_max)
    yield from line("payload", f"{at}.id", option.id, id_max)
    if listed and limits.description_max is not None:
        yield from line("description", f"{at}.description", option.description, limits.description_max,
                         compulsory=False)  # fmt: skip


def _location(channel: ChannelLimits, place: Location) -> Iterator[Invalid]:
    # Compared this way round, so that NaN is refused too.
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        yield Invalid("This is no place on earth.", field="latitude")
    if (limits := channel.location) is not None:
        yield from line("place_name", "name", place.name, limits.name_max, compulsory=False)
        yield from line("place_address", "address", place.address, limits.address_max, compulsory=False)
    elif (length := channel.text.length(place_as_text(place))) > channel.text.max:
        longer = "name" if len(place.name) >= len(place.address) else "address"
        yield outside("place", longer, length, channel.text.max, unit=channel.text.unit)


def _media(limits: ChannelLimits, media: Media) -> Iterator[Invalid]:
    if not media.caption:
        return
    if limits.caption is None or isinstance(media, Audio | Sticker):
        yield outside("caption", "caption", len(media.caption), 0)
    elif (length := limits.caption.length(media.caption)) > limits.caption.max:
        yield outside("caption", "caption", length, limits.caption.max, unit=limits.caption.unit)


def _reaction(limits: ChannelLimits, reaction: Reaction) -> Iterator[Invalid]:
    emoji = reaction.emoji
    if emoji and (not is_emoji(emoji) or (limits.reactions is not None and emoji not in limits.reactions)):
        yield Invalid("This emoji cannot be used as a reaction here.", field="emoji")
