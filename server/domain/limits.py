"""How long Meta lets things be, per channel; facts §5, §6. What breaks a limit is refused, never cut."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from server.domain.errors import Invalid
from server.domain.model import Channel
from server.domain.outgoing import Choices, Location, Outgoing


class TextLimit(msgspec.Struct, frozen=True):
    # Instagram counts bytes of UTF-8: an Arabic letter is two of them.
    unit: Literal["characters", "bytes"]
    max: int

    def length(self, text: str) -> int:
        return len(text.encode()) if self.unit == "bytes" else len(text)


TEXT = {
    Channel.WHATSAPP: TextLimit("characters", 4096),
    Channel.MESSENGER: TextLimit("characters", 2000),
    Channel.INSTAGRAM: TextLimit("bytes", 1000),
}
# WhatsApp shows up to three options as buttons and more as a list.
BUTTONS = 3
OPTIONS = {Channel.WHATSAPP: 10, Channel.MESSENGER: 13, Channel.INSTAGRAM: 13}
BUTTON_TITLE = 20
ROW_TITLE = 24
ROW_DESCRIPTION = 72
BUTTON_ID = 256
ROW_ID = 200
QUICK_REPLY_TITLE = 20
QUICK_REPLY_ID = 1000
BUTTONS_TEXT = TextLimit("characters", 1024)


def check(channel: Channel, outgoing: Outgoing) -> None:
    """Raises `Invalid` that names the limit and the field."""
    for broken in _broken(channel, outgoing):
        raise broken


def problems(outgoing: Outgoing, channel: Channel) -> list[str]:
    """Every limit the message breaks, in words."""
    return [each.detail for each in _broken(channel, outgoing)]


def _broken(channel: Channel, outgoing: Outgoing) -> Iterator[Invalid]:
    if isinstance(outgoing, Location):
        return
    buttons = channel is Channel.WHATSAPP and isinstance(outgoing, Choices) and len(outgoing.options) <= BUTTONS
    limit = BUTTONS_TEXT if buttons else TEXT[channel]
    if not outgoing.text.strip():
        yield Invalid("Write something first.", field="text")
    if (length := limit.length(outgoing.text)) > limit.max:
        words = f"The text has {length} {limit.unit}; {channel.value} takes {limit.max}."
        yield Invalid(words, field="text", unit=limit.unit, max=limit.max, length=length)
    if isinstance(outgoing, Choices):
        yield from _broken_options(channel, outgoing)


def _broken_options(channel: Channel, choices: Choices) -> Iterator[Invalid]:
    options, most = choices.options, OPTIONS[channel]
    if not 1 <= len(options) <= most:
        words = f"There are {len(options)} options; {channel.value} takes 1 to {most}."
        yield Invalid(words, field="options", max=most)
    listed = channel is Channel.WHATSAPP and len(options) > BUTTONS
    if channel is not Channel.WHATSAPP:
        title, id = QUICK_REPLY_TITLE, QUICK_REPLY_ID
    else:
        title, id = (ROW_TITLE, ROW_ID) if listed else (BUTTON_TITLE, BUTTON_ID)
    for place, option in enumerate(options):
        yield from _outside(option.title, title, f"options[{place}].title")
        yield from _outside(option.id, id, f"options[{place}].id")
        if listed and option.description:
            yield from _outside(option.description, ROW_DESCRIPTION, f"options[{place}].description")
    for name in ("title", "id"):
        if len({getattr(option, name) for option in options}) < len(options):
            yield Invalid(f"Two options have the same {name}.", field="options")
    if listed and choices.button:
        yield from _outside(choices.button, BUTTON_TITLE, "button")


def _outside(text: str, most: int, field: str) -> Iterator[Invalid]:
    if not text.strip() or len(text) > most:
        yield Invalid(f"{field} has {len(text)} characters; it takes 1 to {most}.", field=field, max=most)
