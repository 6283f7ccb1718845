"""Every kind of message by one word, the same on all channels: where it comes from, whether it waits for an answer."""

from collections.abc import Iterable

import msgspec

from server.domain.model import Channel

_W, _M, _I = Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is English, the key of the catalogue of translations."""

    word: str
    name: str
    # Where Meta tells us of it, and where we may send it.
    inbound: frozenset[Channel] = frozenset()
    outbound: frozenset[Channel] = frozenset()
    # Silent ones are kept and shown, but wake no bot, open no conversation and start no clock.
    speaks: bool = True
    # Takes effect on another message; a line of its own only when that message is not known.
    about: bool = False


def _(text: str) -> str:
    """Marks a text for the catalogue."""
    return text


def _catalogue(*kinds: Kind) -> dict[str, Kind]:
    return {each.word: each for each in kinds}


def _on(*channels: Channel) -> frozenset[Channel]:
    return frozenset(channels)


_ALL = _on(_W, _M, _I)
_PAGES = _on(_M, _I)

CATALOGUE = _catalogue(
    Kind(word="text", name=_("Text"), inbound=_ALL, outbound=_ALL),
    Kind(word="image", name=_("Photo"), inbound=_ALL, outbound=_ALL),
    Kind(word="video", name=_("Video"), inbound=_ALL, outbound=_ALL),
    Kind(word="audio", name=_("Voice message or sound"), inbound=_ALL, outbound=_ALL),
    Kind(word="document", name=_("File"), inbound=_ALL, outbound=_ALL),
    Kind(word="sticker", name=_("Sticker"), inbound=_on(_W, _M), outbound=_on(_W)),
    Kind(word="location", name=_("Location"), inbound=_on(_W, _M), outbound=_ALL),
    Kind(word="contacts", name=_("Contact card"), inbound=_on(_W), outbound=_on(_W)),
    Kind(word="order", name=_("Order"), inbound=_on(_W, _M)),
    Kind(word="button_reply", name=_("Pressed a button"), inbound=_on(_W)),
    Kind(word="list_reply", name=_("Chose from the list"), inbound=_on(_W)),
    Kind(word="form_reply", name=_("Filled in a form"), inbound=_on(_W)),
    Kind(word="call_permission", name=_("Answered whether we may call"), inbound=_on(_W)),
    Kind(word="button", name=_("Pressed a button of a template"), inbound=_on(_W)),
    Kind(word="interactive", name=_("Answer"), inbound=_on(_W)),
    Kind(word="quick_reply", name=_("Chose a quick reply"), inbound=_PAGES),
    Kind(word="postback", name=_("Pressed a button"), inbound=_PAGES),
    Kind(word="referral", name=_("Came by a link or an advertisement"), inbound=_PAGES),
    Kind(word="lead", name=_("Answered the form of an advertisement"), inbound=_on(_M)),
    Kind(word="story_mention", name=_("Mentioned us in a story"), inbound=_on(_I)),
    Kind(word="story_reply", name=_("Answered our story"), inbound=_on(_I)),
    Kind(word="post", name=_("Shared a post"), inbound=_PAGES),
    Kind(word="reel", name=_("Shared a reel"), inbound=_PAGES),
    Kind(word="view_once", name=_("Photo or video to be seen once"), inbound=_on(_I)),
    Kind(word="product", name=_("Shared a product"), inbound=_PAGES),
    Kind(word="template", name=_("Template"), inbound=_PAGES, outbound=_on(_W, _M)),
    Kind(word="fallback", name=_("Shared a link"), inbound=_on(_M)),
    Kind(word="appointment", name=_("Appointment"), inbound=_on(_M)),
    Kind(word="comment", name=_("Public comment"), inbound=_on(_I)),
    Kind(word="welcome", name=_("Opened the chat"), inbound=_on(_W)),
    Kind(word="call", name=_("Called"), inbound=_on(_W)),
    Kind(word="unsupported", name=_("Meta does not pass this message on"), inbound=_ALL),
    Kind(word="unknown", name=_("Something new that Majlis does not know yet"), inbound=_ALL),
    Kind(word="reaction", name=_("Reaction"), inbound=_ALL, outbound=_ALL, speaks=False, about=True),
    Kind(word="edit", name=_("Changed a message"), inbound=_ALL, speaks=False, about=True),
    Kind(word="revoke", name=_("Deleted message"), inbound=_ALL, speaks=False, about=True),
    Kind(word="system", name=_("Change of number or name"), inbound=_on(_W), speaks=False),
    Kind(word="optin", name=_("Agreed to be written to"), inbound=_on(_M), speaks=False),
    Kind(word="handover", name=_("Another app took or gave the chat"), inbound=_ALL, speaks=False),
    Kind(word="account_linking", name=_("Linked or unlinked an account"), inbound=_on(_M), speaks=False),
    Kind(word="response_feedback", name=_("Rated an answer"), inbound=_on(_M), speaks=False),
    Kind(word="call_ended", name=_("The call ended"), inbound=_on(_W), speaks=False),
    # What only we say.
    Kind(word="choices", name=_("Question with options"), outbound=_ALL),
    Kind(word="link", name=_("Link"), outbound=_ALL),
    Kind(word="ask_location", name=_("Asked for a location"), outbound=_on(_W)),
    Kind(word="ask_contact", name=_("Asked for a phone number"), outbound=_on(_W, _M)),
    Kind(word="buttons", name=_("Text with buttons"), outbound=_PAGES),
    Kind(word="cards", name=_("Cards"), outbound=_PAGES),
)  # fmt: skip

# What carries a file; the other kinds may, too.
MEDIA = ("image", "video", "audio", "document", "sticker")

SILENT = frozenset(each.word for each in CATALOGUE.values() if not each.speaks)
_ABOUT = frozenset(each.word for each in CATALOGUE.values() if each.about)


def speaks(kind: str) -> bool:
    """Whether the customer waits for an answer to it."""
    return kind not in SILENT


def is_about(kind: str) -> bool:
    """Whether it takes effect on another message."""
    return kind in _ABOUT


def name(kind: str) -> str:
    """In English; a word of an older or newer version names itself."""
    known = CATALOGUE.get(kind)
    return known.name if known else kind


def inbound_on(channel: Channel) -> Iterable[Kind]:
    return (each for each in CATALOGUE.values() if channel in each.inbound)


# What Meta says it does not pass on, by its own word; the reason as it is told to people.
_WITHHELD = {
    "poll": _("A poll: Meta does not pass polls on to businesses."),
    "edit": _("A changed message that Meta does not pass on."),
    "view_once": _("To be seen once: Meta does not hand it out."),
    "event": _("An event invitation: Meta does not pass those on to businesses."),
    "unavailable": _("Meta could not hand over what this message says."),
    "": _("Meta does not pass this kind of message on to businesses."),
}
# Content unavailable: seen on the first message from an advertisement.
CONTENT_UNAVAILABLE = 131060


def withheld(type: str, code: int | None) -> str:
    """Why Meta hands nothing over, in English."""
    if code == CONTENT_UNAVAILABLE:
        return _WITHHELD["unavailable"]
    return _WITHHELD.get(type.casefold(), _WITHHELD[""])
