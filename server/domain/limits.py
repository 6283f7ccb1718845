"""Refuses what would break a limit of Meta's, and names the limit. Nothing is ever cut."""

from collections.abc import Iterator

from server.domain import button_limits, template_limits
from server.domain.channel_limits import CONTACTS, LIMITS, ChannelLimits, takes_template
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
)

_LONGEST_EMOJI = 16


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
            yield from _location(outgoing)
        case Contacts():
            yield from _contacts(outgoing)
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
    for at, section in enumerate(choices.sections):
        if limits.section_title_max is not None:
            yield from line("section_title", f"sections[{at}].title", section.title, limits.section_title_max,
                             compulsory=len(choices.sections) > 1)  # fmt: skip
        if not section.options:
            yield empty("option", f"sections[{at}].options")
        for place, option in enumerate(section.options):
            yield from _option(channel, option, f"sections[{at}].options[{place}]", listed=listed)
    if limits.sections_max is not None and len(choices.sections) > limits.sections_max:
        yield too_many("section", "sections", len(choices.sections), limits.sections_max)
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


def _location(place: Location) -> Iterator[Invalid]:
    # Compared this way round, so that NaN is refused too.
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        yield Invalid("This is no place on earth.", field="latitude")


def _contacts(outgoing: Contacts) -> Iterator[Invalid]:
    if not 1 <= len(outgoing.contacts) <= CONTACTS:
        yield too_many("contact", "contacts", len(outgoing.contacts), CONTACTS)
    for place, person in enumerate(outgoing.contacts):
        if not person.name.strip():
            yield empty("contact_name", f"contacts[{place}].name")


def _media(limits: ChannelLimits, media: Media) -> Iterator[Invalid]:
    if not media.caption:
        return
    if limits.caption is None or isinstance(media, Audio | Sticker):
        yield outside("caption", "caption", len(media.caption), 0)
    elif (length := limits.caption.length(media.caption)) > limits.caption.max:
        yield outside("caption", "caption", length, limits.caption.max, unit=limits.caption.unit)


def _reaction(limits: ChannelLimits, reaction: Reaction) -> Iterator[Invalid]:
    emoji = reaction.emoji
    if emoji and (not _is_emoji(emoji) or (limits.reactions is not None and emoji not in limits.reactions)):
        yield Invalid("This emoji cannot be used as a reaction here.", field="emoji")


def _is_emoji(said: str) -> bool:
    plain = any(letter.isspace() or letter.isalpha() or (not letter.isprintable() and letter != "\u200d")
                for letter in said if not 0xE0000 <= ord(letter) <= 0xE007F)  # fmt: skip
    return len(said) <= _LONGEST_EMOJI and not plain and any(ord(letter) > 0xA8 for letter in said)
