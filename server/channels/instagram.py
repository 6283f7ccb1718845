"""Instagram: entries of `instagram` → items, and what we say → its wire form. Facts §4, §6."""

from typing import Any

from server.channels import messaging_render
from server.channels.content import Content
from server.channels.fields import Json, identifier, key, mapping, present, required, text
from server.channels.messaging import read_entry as read_shared
from server.channels.messaging_items import Dialect, Event, account_news, watermark
from server.domain.inbound import Address, Inbound, Rejected, Sender, StatusItem
from server.domain.model import Channel, IdentityKind, MessageStatus
from server.domain.outgoing import Outgoing


def read_entry(entry: Json, path: str) -> list[Inbound | Rejected]:
    return read_shared(entry, path, _DIALECT)


def render(
    outgoing: Outgoing, recipient: Address, local_id: str, tag: str | None = None, comment_id: str | None = None
) -> dict[str, Any]:
    """The body of the send call. Raises `Invalid` where a limit of Instagram's would be broken.

    Instagram carries nothing of ours back: an echo is told by its message id, else by person and words.
    """
    return messaging_render.render(Channel.INSTAGRAM, outgoing, recipient, tag, comment_id)


def _read_receipt(event: Event) -> Inbound | Rejected:
    receipt = mapping(event.item, "read")
    if "watermark" in receipt and "mid" not in receipt:
        return watermark(event, MessageStatus.READ, receipt)
    provider_id, place, reader = required(receipt, "mid"), event.place, event.person()
    return StatusItem(
        channel=place.channel, account_id=place.account_id, path=place.path, raw=place.raw,
        key=key("status", provider_id, MessageStatus.READ.value, reader.addresses[0].value), at=event.at(),
        provider_id=provider_id, status=MessageStatus.READ,
    )  # fmt: skip


def _comment(event: Event) -> Inbound | Rejected:
    """A public comment under a post, reel or advertisement."""
    comment = event.item
    about = identifier(comment, "comment_id") or required(comment, "id")
    author = mapping(comment, "from")
    author_id = required(author, "id")
    if author_id == event.place.account_id:
        # Our own answer under our own post: nobody to talk to.
        return account_news(event, "comments", {"comment_id": about})
    sender = Sender(
        addresses=(Address(IdentityKind.INSTAGRAM_USER, author_id),), username=text(author, "username") or None
    )
    media = mapping(comment, "media")
    where = present(
        id=identifier(media, "id"), kind=text(media, "media_product_type").lower(), ad_id=identifier(media, "ad_id"),
        ad_title=text(media, "ad_title"),
    )  # fmt: skip
    return event.said(
        Content("comment", text(comment, "text"), body={"comment": present(media=where)}), once=key("comment", about),
        provider_id=about, reply_to=identifier(comment, "parent_id") or None, sender=sender,
    )  # fmt: skip


def _mention(event: Event) -> Inbound | Rejected:
    """Somebody named the account in public: Meta says where, not who or what."""
    return account_news(event, "mentions", event.item)


_DIALECT = Dialect(
    channel=Channel.INSTAGRAM,
    object="instagram",
    identity=IdentityKind.INSTAGRAM_USER,
    read_receipt=_read_receipt,
    fields=frozenset({
        "messages", "message_echoes", "message_edit", "message_edits", "message_reactions", "messaging_seen",
        "messaging_postbacks", "messaging_referral", "messaging_referrals", "messaging_optins",
        "messaging_handover", "messaging_handovers", "standby",
    }),
    changes={"comments": _comment, "live_comments": _comment, "mentions": _mention},
)  # fmt: skip
