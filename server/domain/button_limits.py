"""The limits of what opens addresses and answers by buttons: links, button templates, cards."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from server.domain.channel_limits import ChannelLimits
from server.domain.errors import Invalid
from server.domain.limit_words import frame, line, outside, text, too_many
from server.domain.outgoing import Button, Buttons, Cards, Link


def link(channel: ChannelLimits, outgoing: Link) -> Iterator[Invalid]:
    limits = channel.link
    yield from text(limits.text, outgoing.text)
    yield from line("link_title", "title", outgoing.title, limits.title_max)
    yield from _address("url", outgoing.url, limits.url_max)
    yield from frame(outgoing, limits.header_max, limits.footer_max)


def _address(field: str, url: str, most: int) -> Iterator[Invalid]:
    try:
        parts = urlsplit(url)
        # Asking for the port raises when there is no such port. The parser drops some controls silently.
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and _is_plain(url)
    except ValueError:
        sound = False
    if not sound:
        yield Invalid("Write a whole web address that begins with https://", field=field)
    if len(url) > most:
        yield outside("url", field, len(url), most)


def _is_plain(url: str) -> bool:
    """Without spaces, controls, marks of direction, and backslashes, which readers take for different things."""
    return url.isprintable() and not any(letter.isspace() or letter == "\\" for letter in url)


def buttons(channel: ChannelLimits, outgoing: Buttons) -> Iterator[Invalid]:
    limits = channel.buttons
    if limits is None:
        return
    yield from text(limits.text, outgoing.text)
    if not 1 <= len(outgoing.buttons) <= limits.buttons_max:
        yield too_many("button", "buttons", len(outgoing.buttons), limits.buttons_max)
    for place, button in enumerate(outgoing.buttons):
        yield from _button(button, f"buttons[{place}]", limits.title_max, limits.payload_max, limits.url_max)


def _button(button: Button, at: str, title_max: int, payload_max: int, url_max: int) -> Iterator[Invalid]:
    yield from line("button_title", f"{at}.title", button.title, title_max)
    if bool(button.payload) is bool(button.url):
        yield Invalid("A button either answers or opens an address.", field=at)
    elif button.url:
        yield from _address(f"{at}.url", button.url, url_max)
    else:
        yield from line("payload", f"{at}.payload", button.payload, payload_max)


def cards(channel: ChannelLimits, outgoing: Cards) -> Iterator[Invalid]:
    limits = channel.cards
    if limits is None:
        return
    if not 1 <= len(outgoing.cards) <= limits.cards_max:
        yield too_many("card", "cards", len(outgoing.cards), limits.cards_max)
    for place, card in enumerate(outgoing.cards):
        at = f"cards[{place}]"
        yield from line("card_title", f"{at}.title", card.title, limits.title_max)
        yield from line("subtitle", f"{at}.subtitle", card.subtitle, limits.subtitle_max, compulsory=False)
        for name in ("image_url", "url"):
            if url := getattr(card, name):
                yield from _address(f"{at}.{name}", url, limits.url_max)
        if not (card.subtitle or card.image_url or card.url or card.buttons):
            yield Invalid("A card needs more than a title: a line, a picture or a button.", field=at)
        if len(card.buttons) > limits.buttons_max:
            yield too_many("button", f"{at}.buttons", len(card.buttons), limits.buttons_max)
        for index, button in enumerate(card.buttons):
            yield from _button(
                button, f"{at}.buttons[{index}]", limits.button_title_max, limits.payload_max, limits.url_max
            )
