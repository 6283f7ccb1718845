"""Accepting a Messenger or Instagram send."""

import time
from typing import Any

from server.simulator.graph import messaging, recipients, refusals, wording
from server.simulator.graph.sending import Answer, Call, Desk
from server.simulator.graph.templates.filling import filled
from server.simulator.graph.templates.writing import PAGE_CATEGORIES
from server.simulator.graph.uploads import messaging_media
from server.simulator.threads import Line, Thread

HUMAN_AGENT_SECONDS = 7 * 24 * 3600
PRIVATE_REPLY_SECONDS = 7 * 24 * 3600
REMOVED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
EMOJI = {"smile": "😀", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍", "dislike": "👎"}
WIRE = {"image": "image", "video": "video", "audio": "audio", "file": "file"}


class Messaging:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._world = desk.world

    def accept(self, call: Call) -> Answer:
        """Raises `Refusal`."""
        body, inbox = call.body, call.inbox
        if body.get("sender_action") is not None:
            return self._act(call)
        message = body.get("message")
        if not isinstance(message, dict):
            raise refusals.invalid_message("The parameter message is required")
        shown = messaging.shown(inbox.channel, message, uploaded=call.upload is not None)
        thread, user_id, comment = self._recipient(call)
        if thread.blocked:
            raise refusals.unreachable(inbox.channel)
        if thread.holder != "us":
            subcode = None if inbox.channel == "messenger" else 2534037
            raise refusals.of_code(2018300 if subcode is None else 100, channel=inbox.channel, subcode=subcode)
        self._check_window(thread, body, shown, in_private=comment is not None)
        if shown["kind"] == "template":
            shown = self._template(call, shown)
        files = shown.get("detail", {}).pop("files", [])
        shown["media"] = messaging_media(self._world, inbox, files, call.upload, call.fetched)
        reply_to = body.get("reply_to")
        quoted = reply_to.get("mid") if isinstance(reply_to, dict) else None
        line = self._desk.line(thread, shown, local_id=message.get("metadata"), quoted=quoted)
        if comment is not None:
            thread.comments[comment].answered = True
        return self._finish(call, thread, line, user_id, message.get("metadata"))

    def _finish(self, call: Call, thread: Thread, line: Line, user_id: str, metadata: str | None) -> Answer:
        self._desk.log(thread, line, user_id)
        self._desk.show(thread, line)
        self._desk.receipts.follow(
            thread, line, app_id=self._desk.app_id(call.inbox), metadata=metadata, attachments=self._attachments(line)
        )
        answer = {"recipient_id": user_id, "message_id": line.id}
        return answer | ({"attachment_id": line.media[0].id} if len(line.media) == 1 and line.media[0].id else {})

    def _recipient(self, call: Call) -> tuple[Thread, str, str | None]:
        """The thread, the person's id, and the comment that is answered in private: once, within seven days."""
        recipient = call.body.get("recipient")
        comment = recipient.get("comment_id") if isinstance(recipient, dict) else None
        if comment is None:
            return *recipients.of_messaging(self._world, call.inbox, call.body), None
        threads = (each for each in self._world.threads() if each.inbox.id == call.inbox.id)
        thread = next((each for each in threads if str(comment) in each.comments), None)
        known = thread.comments[str(comment)] if thread is not None else None
        if thread is None or known is None or known.answered or time.time() - known.at >= PRIVATE_REPLY_SECONDS:
            raise refusals.of_code(100, channel=call.inbox.channel, subcode=2534025)
        return thread, thread.customer.identifier(call.inbox), str(comment)

    def _check_window(self, thread: Thread, body: dict[str, Any], shown: dict[str, Any], *, in_private: bool) -> None:
        kind, tag = body.get("messaging_type", "RESPONSE"), body.get("tag")
        if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"):
            raise refusals.invalid_message(f"Invalid messaging_type {kind}")
        if (kind == "UTILITY") != (shown["kind"] == "template"):
            raise refusals.invalid_message("A utility message has messaging_type UTILITY and a template")
        if kind == "UTILITY" or in_private:
            return
        if kind == "MESSAGE_TAG" and (tag in REMOVED_TAGS or tag is None):
            raise refusals.invalid_message(f"The tag {tag} is no longer supported")
        last = thread.last_inbound_at
        in_agent_window = not thread.never_wrote if last is None else time.time() - last < HUMAN_AGENT_SECONDS
        if kind == "MESSAGE_TAG" and tag == "HUMAN_AGENT" and in_agent_window:
            return
        if not self._world.window_open(thread):
            raise refusals.window_closed(thread.inbox.channel)

    def _template(self, call: Call, shown: dict[str, Any]) -> dict[str, Any]:
        """Raises `Refusal` with the one code that Messenger has for whatever is wrong in a message."""
        asked = shown["detail"]
        name, language = asked["name"], asked["language"]
        template = self._world.templates.find(call.inbox.entry_id, name, language)
        if template is None:
            raise refusals.invalid_message(f"The template {name} does not exist in {language}")
        if template.status != "APPROVED":
            raise refusals.invalid_message(f"The template {name} is not approved")
        if template.category not in PAGE_CATEGORIES:
            raise refusals.invalid_message(f"The template {name} is no utility template")
        try:
            line = filled(template, asked["components"])
        except refusals.Refusal as refusal:
            raise refusals.invalid_message(refusal.details or str(refusal)) from None
        detail = line.get("detail", {})
        header = detail.pop("header", None)
        told = {"name": name, "language": language, "category": template.category}
        return shown | line | {"detail": detail | told | ({"files": [_file(header)]} if header else {})}

    def _act(self, call: Call) -> Answer:
        action = str(call.body["sender_action"])
        thread, user_id = recipients.of_messaging(self._world, call.inbox, call.body)
        if action in ("react", "unreact"):
            payload = call.body.get("payload")
            target = payload.get("message_id") if isinstance(payload, dict) else None
            if not isinstance(payload, dict) or not isinstance(target, str):
                raise refusals.invalid_message("The parameter payload[message_id] is required")
            reaction = str(payload.get("reaction") or "love")
            emoji = EMOJI.get(reaction, reaction) if action == "react" else ""
            if emoji and not wording.is_emoji(emoji):
                raise refusals.invalid_message("Param payload[reaction] is not a valid reaction")
            self._desk.react(thread, target, emoji)
        else:
            self._desk.act(thread, action)
        return {"recipient_id": user_id}

    def _attachments(self, line: Line) -> list[dict[str, Any]]:
        """What the echo tells of files and templates."""
        told: list[dict[str, Any]] = []
        for media in line.media:
            file = self._world.files.shown(media.id)
            url = self._world.files.public_address(file, 3600) if file is not None else ""
            told.append({"type": WIRE.get(media.kind, "file"), "payload": {"url": url}})
        if line.cards or (line.kind == "choices" and line.style == "buttons"):
            told.append({"type": "template", "payload": {"template_type": "generic" if line.cards else "button"}})
        return told


def _file(header: dict[str, Any]) -> dict[str, str]:
    """The file in a template's header, as other messages name theirs."""
    kind = {"document": "file"}.get(header["kind"], header["kind"])
    return {"kind": kind, "url": str(header.get("link") or ""), "attachment_id": str(header.get("id") or "")}
