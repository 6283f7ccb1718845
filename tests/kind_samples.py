"""One thing of each kind: as Meta tells it (out of tests/payloads) and as we say it."""

from functools import cache
from typing import Any

from understood import names, payload

from server.channels import envelope
from server.domain import kinds
from server.domain.channel_limits import LIMITS
from server.domain.inbound import MessageItem
from server.domain.model import Channel
from server.domain.outgoing import (
    AskContact,
    AskLocation,
    Audio,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Contacts,
    Document,
    Image,
    Link,
    Location,
    Option,
    Outgoing,
    Person,
    Phone,
    Reaction,
    Sticker,
    Template,
    Text,
    Video,
)
from server.domain.template_parts import Component, Parameter, Preview

_FILE: dict[str, Any] = {"attachment_id": 1, "media_id": "9001"}
SAID: dict[str, Outgoing] = {
    "text": Text("Good evening"),
    "image": Image(**_FILE),
    "video": Video(**_FILE),
    "audio": Audio(**_FILE, voice=True),
    "document": Document(**_FILE, name="menu.pdf"),
    "sticker": Sticker(**_FILE),
    "location": Location(21.5433, 39.1728, "Blue Terrace", "Corniche Road"),
    "contacts": Contacts((Person("Salma Mansour", (Phone("+966555010144"),)),)),
    "reaction": Reaction("provider-id", "❤️"),
    "template": Template(
        name="booking_ok", language="en", preview=Preview(body="Hello Sara"), category="utility",
        components=(Component("body", (Parameter("text", "Sara", "guest"),)),),
    ),
    "choices": Choices("Shall we?", (Option("y", "Yes"), Option("n", "No"))),
    "link": Link("Our menu", "Open", "https://example.test/menu"),
    "ask_location": AskLocation("Where shall we deliver?"),
    "ask_contact": AskContact("How may we reach you?"),
    "buttons": Buttons("Which one?", (Button("Prices", "PRICES"), Button("Menu", url="https://example.test/menu"))),
    "cards": Cards((Card("Weekly box", "SAR 120", buttons=(Button("Order", "ORDER"),)),)),
}  # fmt: skip


def inbound_pairs() -> list[tuple[Channel, str]]:
    return [(channel, kind.word) for channel in Channel for kind in kinds.inbound_on(channel)]


def outbound_pairs() -> list[tuple[Channel, str]]:
    return [
        (channel, kind.word) for kind in kinds.CATALOGUE.values() for channel in Channel if channel in kind.outbound
    ]


def id_of(pair: object) -> str:
    return "-".join(map(str, pair)) if isinstance(pair, tuple) else str(pair)


@cache
def told() -> dict[tuple[Channel, str], tuple[str, MessageItem]]:
    """The first payload that tells of each kind on each channel, with the item in it."""
    found: dict[tuple[Channel, str], tuple[str, MessageItem]] = {}
    # The dashboard's sample comes from an account of nobody's.
    for name in sorted(set(names()) - {"dashboard_sample"}):
        for item in envelope.read(payload(name)):
            if isinstance(item, MessageItem) and not item.standby and "missing" not in item.body:
                found.setdefault((item.channel, item.kind), (name, item))
    return found


def sends(channel: Channel) -> tuple[str, ...]:
    return LIMITS[channel].sends
