"""A `message` of Messenger and Instagram: what a customer wrote, or the echo of what the business did. Facts §3, §4."""

from server.channels import messaging_attachments as attached
from server.channels.content import Content, errors, missing, unsupported
from server.channels.fields import Json, identifier, key, mapping, objects, present, required, text
from server.channels.messaging_event import Event, referral_of
from server.domain.inbound import Inbound, Rejected

# Beside words these are only what the words point to.
_BY_THE_WAY = ("fallback", "unknown")


def read_message(event: Event, message: Json) -> Inbound | Rejected:
    provider_id = required(message, "mid")
    if message.get("is_deleted") is True:
        # The id is the deleted message's own, which keeps it.
        return event.said(Content("revoke", about=provider_id), once=key("deleted", provider_id))
    content = _content(message)
    return event.said(
        content, once=key("message", provider_id), provider_id=provider_id, message=message,
        reply_to=identifier(mapping(message, "reply_to"), "mid") or None,
        referral=referral_of(mapping(message, "referral")),
    )  # fmt: skip


def _content(message: Json) -> Content:
    parts = attached.read(message)
    story = mapping(mapping(message, "reply_to"), "story")
    said = text(message, "text")
    quick_reply = mapping(message, "quick_reply")
    body = attached.body_of(parts)
    files = [part.file for part in parts if part.file is not None]
    if story:
        body["story"] = present(url=text(story, "url"), id=identifier(story, "id"))
        if url := text(story, "url"):
            body["story"]["file"] = len(files)
            files.append(attached.passing(url))
    if product := identifier(mapping(mapping(message, "referral"), "product"), "id"):
        body.setdefault("product", {"id": product})
    if commands := [name for each in objects(message, "commands") if (name := text(each, "name"))]:
        body["commands"] = commands
    if "errors" in message and (told := errors(message)):
        body["errors"] = told
    if message.get("is_unsupported") is True:
        kind, body = "unsupported", body | unsupported("")
    elif quick_reply:
        kind = "quick_reply"
    elif story:
        kind = "story_reply"
    elif parts and not (said and parts[0].kind in _BY_THE_WAY):
        kind = parts[0].kind
        if parts[0].member is not None and not parts[0].told:
            body |= missing("payload")
    elif said:
        kind = "text"
    elif mapping(message, "referral"):
        kind = "referral"
    else:
        # Stickers and some shares come with nothing but an id; what hung on it may be null.
        kind, body = "unknown", body | missing("attachments" if "attachments" in message else "message")
    return Content(kind, said, text(quick_reply, "payload") or None, body, tuple(files))
