"""What we say → the wire form Messenger and Instagram share. Facts §6."""

from typing import Any

from server.channels import template_render
from server.channels.template_render import uploaded
from server.domain import limits
from server.domain import outgoing as said
from server.domain.inbound import Address
from server.domain.model import Channel
from server.domain.outgoing import (
    AskContact,
    Button,
    Buttons,
    Card,
    Cards,
    Choices,
    Link,
    Location,
    Media,
    Outgoing,
    Reaction,
    Template,
    Text,
    kind_of,
)

Wire = dict[str, Any]

# Instagram takes a reaction of ours by its name.
_BY_NAME = {"❤️": "love"}
_ATTACHMENT_TYPES = {"document": "file"}


def render(
    channel: Channel, outgoing: Outgoing, recipient: Address, tag: str | None = None, comment_id: str | None = None
) -> Wire:
    """The body of the send call. Raises `Invalid` where a limit of the channel's would be broken.

    With a `tag` it may be sent after the day is over; with a comment's id it goes to whoever wrote that, in private.
    """
    limits.check(channel, outgoing)
    if isinstance(outgoing, Location):
        outgoing = Text(words(outgoing), outgoing.reply_to)
        limits.check(channel, outgoing)
    body: Wire = {"recipient": {"id": recipient.value} if comment_id is None else {"comment_id": comment_id}}
    if isinstance(outgoing, Reaction):
        return body | _reaction(channel, outgoing)
    if tag is not None:
        body |= {"messaging_type": "MESSAGE_TAG", "tag": tag}
    if outgoing.reply_to:
        body["reply_to"] = {"mid": outgoing.reply_to}
    return body | {"message": _message(outgoing)}


def words(outgoing: Outgoing) -> str:
    """The text as it is sent, and as its echo says it; '' where an echo brings no text."""
    match outgoing:
        case Location():
            return said.place_as_text(outgoing)
        case Cards() | Reaction() | Template():
            return ""
        case _:
            return said.words(outgoing)


def echoes(outgoing: Outgoing, kind: str, text: str) -> bool:
    """Whether an echo of this kind and text can be of it. Meta may leave out the words of what has buttons."""
    if isinstance(outgoing, Media):
        return kind == kind_of(outgoing) and not text
    buttons = isinstance(outgoing, Link | Buttons | Cards)
    return text == words(outgoing) or (buttons and kind == "template" and not text)


def _reaction(channel: Channel, reaction: Reaction) -> Wire:
    payload = {"message_id": reaction.about}
    if not reaction.emoji:
        return {"sender_action": "unreact", "payload": payload}
    name = _BY_NAME.get(reaction.emoji, reaction.emoji) if channel is Channel.INSTAGRAM else reaction.emoji
    return {"sender_action": "react", "payload": payload | {"reaction": name}}


def _message(outgoing: Outgoing) -> Wire:
    match outgoing:
        case Text():
            return {"text": outgoing.text}
        case Choices():
            replies = [{"content_type": "text", "title": each.title, "payload": each.id} for each in outgoing.options]
            return {"text": outgoing.text, "quick_replies": replies}
        case AskContact():
            return {"text": outgoing.text, "quick_replies": [{"content_type": "user_phone_number"}]}
        case Media():
            kind = kind_of(outgoing)
            by_address = {"url": outgoing.address} if outgoing.address and outgoing.media_id is None else None
            payload = by_address or {"attachment_id": uploaded(outgoing.media_id)}
            return {"attachment": {"type": _ATTACHMENT_TYPES.get(kind, kind), "payload": payload}}
        case Link():
            return _template("button", text=outgoing.text, buttons=[_button(Button(outgoing.title, url=outgoing.url))])
        case Buttons():
            return _template("button", text=outgoing.text, buttons=[_button(each) for each in outgoing.buttons])
        case Cards():
            return _template("generic", elements=[_card(each) for each in outgoing.cards])
        case Template():
            return {"template": template_render.template(outgoing)}
        case _:
            raise TypeError(f"There is no {kind_of(outgoing)} here")


def _template(kind: str, **content: Any) -> Wire:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, **content}}}


def _button(button: Button) -> Wire:
    if button.url:
        return {"type": "web_url", "title": button.title, "url": button.url}
    return {"type": "postback", "title": button.title, "payload": button.payload}


def _card(card: Card) -> Wire:
    wire: Wire = {"title": card.title}
    if card.subtitle:
        wire["subtitle"] = card.subtitle
    if card.image_url:
        wire["image_url"] = card.image_url
    if card.url:
        wire["default_action"] = {"type": "web_url", "url": card.url}
    return wire | ({"buttons": [_button(each) for each in card.buttons]} if card.buttons else {})
