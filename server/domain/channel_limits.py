"""How long Meta lets things be, per channel, as data; facts §5, §6. The console tells them before anything is sent."""

from typing import Literal

import msgspec

from server.domain.model import Channel


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Where a part is None the channel has none of it."""


class TextLimit(msgspec.Struct, frozen=True):
    # Instagram counts bytes of UTF-8: an Arabic letter is two of them.
    unit: Literal["characters", "bytes"]
    max: int

    def length(self, text: str) -> int:
        return len(text.encode(errors="replace")) if self.unit == "bytes" else len(text)


class ChoicesLimits(Struct, frozen=True, kw_only=True):
    """Up to `buttons_max` options are buttons, more a list with the `row_` limits; None: there are no lists."""

    text: TextLimit
    list_text: TextLimit | None = None
    options_max: int
    buttons_max: int | None = None
    title_max: int
    id_max: int
    row_title_max: int | None = None
    row_id_max: int | None = None
    description_max: int | None = None
    sections_max: int | None = None
    section_title_max: int | None = None
    button_max: int | None = None
    header_max: int | None = None
    footer_max: int | None = None


class LinkLimits(Struct, frozen=True, kw_only=True):
    text: TextLimit
    title_max: int
    url_max: int
    header_max: int | None = None
    footer_max: int | None = None


class ButtonsLimits(Struct, frozen=True, kw_only=True):
    text: TextLimit
    buttons_max: int
    title_max: int
    payload_max: int
    url_max: int


class CardsLimits(Struct, frozen=True, kw_only=True):
    cards_max: int
    title_max: int
    subtitle_max: int
    buttons_max: int
    button_title_max: int
    payload_max: int
    url_max: int


class AskLimits(Struct, frozen=True, kw_only=True):
    text: TextLimit


class PlaceLimits(Struct, frozen=True, kw_only=True):
    """Of a channel with a message for places; elsewhere one is a text, with a link to a map, and keeps to its limit."""

    name_max: int
    address_max: int


class ContactsLimits(Struct, frozen=True, kw_only=True):
    contacts_max: int
    name_max: int
    organisation_max: int
    phones_max: int
    emails_max: int
    email_max: int


class ChannelLimits(Struct, frozen=True, kw_only=True):
    """`sends`: the kinds of `domain.outgoing` this channel takes. `reactions`: None is any emoji.

    `template_categories`: None is any.
    """

    text: TextLimit
    sends: tuple[str, ...]
    reactions: tuple[str, ...] | None = None
    caption: TextLimit | None = None
    choices: ChoicesLimits
    link: LinkLimits
    buttons: ButtonsLimits | None = None
    cards: CardsLimits | None = None
    ask_location: AskLimits | None = None
    ask_contact: AskLimits | None = None
    location: PlaceLimits | None = None
    contacts: ContactsLimits | None = None
    template_categories: tuple[str, ...] | None = None


URL = 2000
# WhatsApp shows up to three options as buttons and more as a list.
BUTTONS = 3
TEMPLATE_BODY = 1024
TEMPLATE_HEADER = 60
TEMPLATE_BUTTONS = 10
TEMPLATE_CODE = 20
TEMPLATE_PAYLOAD = 256
# How long after it was said a message can be reacted to on WhatsApp.
REACTION_DAYS = 30

_BODY = TextLimit("characters", 1024)
_MESSENGER_TEXT = TextLimit("characters", 2000)
_INSTAGRAM_TEXT = TextLimit("bytes", 1000)
_TEMPLATE_TEXT = TextLimit("characters", 640)
_FILES = ("image", "video", "audio", "document")
_EVERYWHERE = ("text", "choices", "location", *_FILES, "reaction", "link")

# Button and generic templates are the same on both.
_BUTTONS = ButtonsLimits(text=_TEMPLATE_TEXT, buttons_max=3, title_max=20, payload_max=1000, url_max=URL)
_CARDS = CardsLimits(
    cards_max=10, title_max=80, subtitle_max=80, buttons_max=3, button_title_max=20, payload_max=1000, url_max=URL
)
_LINK = LinkLimits(text=_TEMPLATE_TEXT, title_max=20, url_max=URL)

LIMITS = {
    Channel.WHATSAPP: ChannelLimits(
        text=TextLimit("characters", 4096),
        sends=(*_EVERYWHERE, "sticker", "contacts", "ask_location", "ask_contact", "template"),
        caption=_BODY,
        choices=ChoicesLimits(
            text=_BODY, list_text=TextLimit("characters", 4096), options_max=10, buttons_max=BUTTONS, title_max=20,
            id_max=256, row_title_max=24, row_id_max=200, description_max=72, sections_max=10, section_title_max=24,
            button_max=20, header_max=60, footer_max=60,
        ),
        link=LinkLimits(text=_BODY, title_max=20, url_max=URL, header_max=60, footer_max=60),
        ask_location=AskLimits(text=_BODY),
        ask_contact=AskLimits(text=_BODY),
        # Meta names no limits for these two but the number of contacts: they are ours.
        location=PlaceLimits(name_max=1024, address_max=1024),
        contacts=ContactsLimits(
            contacts_max=257, name_max=1024, organisation_max=1024, phones_max=20, emails_max=20, email_max=254,
        ),
    ),
    Channel.MESSENGER: ChannelLimits(
        text=_MESSENGER_TEXT,
        sends=(*_EVERYWHERE, "ask_contact", "buttons", "cards", "template"),
        choices=ChoicesLimits(text=_MESSENGER_TEXT, options_max=13, title_max=20, id_max=1000),
        link=_LINK, buttons=_BUTTONS, cards=_CARDS, ask_contact=AskLimits(text=_MESSENGER_TEXT),
        template_categories=("utility",),
    ),
    Channel.INSTAGRAM: ChannelLimits(
        text=_INSTAGRAM_TEXT,
        sends=(*_EVERYWHERE, "buttons", "cards"),
        # Meta takes one word from businesses here: love.
        reactions=("❤️",),
        choices=ChoicesLimits(text=_INSTAGRAM_TEXT, options_max=13, title_max=20, id_max=1000),
        link=_LINK, buttons=_BUTTONS, cards=_CARDS,
    ),
}  # fmt: skip


def has_templates(channel: Channel) -> bool:
    return "template" in LIMITS[channel].sends


def takes_template(channel: Channel, category: str | None) -> bool:
    """Whether templates of this category, as Meta sorted them, can be sent here at all."""
    categories = LIMITS[channel].template_categories
    return has_templates(channel) and (categories is None or (category or "").casefold() in categories)
