"""Accepting a send: checks in Meta's order, then the line on the customer's phone."""

import time
from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import messaging, recipients, refusals, whatsapp
from server.simulator.identifiers import message_id
from server.simulator.receipts import Receipts
from server.simulator.threads import Line, Thread
from server.simulator.world import World

HUMAN_AGENT_SECONDS = 7 * 24 * 3600
TYPING_SECONDS = 25
REMOVED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")

Answer = dict[str, Any]


class Sending:
    def __init__(self, world: World, receipts: Receipts) -> None:
        self._world = world
        self._receipts = receipts

    def accept(self, inbox: SimulatedInbox, body: dict[str, Any]) -> Answer:
        """Meta's answer to a well-formed call. Raises `Refusal`."""
        if inbox.channel != "whatsapp":
            return self._accept_messaging(inbox, body)
        if body.get("messaging_product") != "whatsapp":
            raise refusals.invalid("The parameter messaging_product is required.")
        if body.get("status") is not None:
            return self._mark(inbox, body)
        return self._accept_whatsapp(inbox, body)

    def _accept_whatsapp(self, inbox: SimulatedInbox, body: dict[str, Any]) -> Answer:
        shown = whatsapp.shown(body)
        thread, written = recipients.of_whatsapp(self._world, inbox, body)
        outside = not self._world.window_open(thread) and shown["kind"] != "template"
        if outside and self._world.switches.closed_window == "response":
            raise refusals.window_closed("whatsapp")
        context = body.get("context")
        quoted = context.get("message_id") if isinstance(context, dict) else None
        line = self._line(thread, shown, local_id=body.get("biz_opaque_callback_data"), quoted=quoted)
        self._log(thread, line, written)
        if outside:
            details = refusals.WINDOW_DETAILS
            self._receipts.fail(thread, line, refusals.status_error(131047, "Re-engagement message", details))
        elif thread.blocked:
            details = "Message failed to send: the recipient cannot be reached."
            self._receipts.fail(thread, line, refusals.status_error(131026, "Message undeliverable", details))
        else:
            self._show(thread, line)
            self._receipts.follow(thread, line, app_id=self._app_id(inbox), metadata=None)
        contact = {"input": written, "user_id": thread.customer.identifier(inbox)}
        if not self._world.hides_phone(thread.customer):
            contact["wa_id"] = thread.customer.phone
        accepted = {"id": line.id, "message_status": "accepted"}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [accepted]}

    def _accept_messaging(self, inbox: SimulatedInbox, body: dict[str, Any]) -> Answer:
        message, action = body.get("message"), body.get("sender_action")
        if action is not None:
            thread, user_id = recipients.of_messaging(self._world, inbox, body)
            self._act(thread, str(action))
            return {"recipient_id": user_id}
        if not isinstance(message, dict):
            raise refusals.invalid_message("The parameter message is required")
        shown = messaging.shown(inbox.channel, message)
        thread, user_id = recipients.of_messaging(self._world, inbox, body)
        if thread.blocked:
            raise refusals.unreachable(inbox.channel)
        self._check_window(thread, body)
        reply_to = body.get("reply_to")
        quoted = reply_to.get("mid") if isinstance(reply_to, dict) else None
        line = self._line(thread, shown, local_id=message.get("metadata"), quoted=quoted)
        self._log(thread, line, user_id)
        self._show(thread, line)
        self._receipts.follow(thread, line, app_id=self._app_id(inbox), metadata=message.get("metadata"))
        return {"recipient_id": user_id, "message_id": line.id}

    def _check_window(self, thread: Thread, body: dict[str, Any]) -> None:
        kind, tag = body.get("messaging_type", "RESPONSE"), body.get("tag")
        if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"):
            raise refusals.invalid_message(f"Invalid messaging_type {kind}")
        if kind == "MESSAGE_TAG" and (tag in REMOVED_TAGS or tag is None):
            raise refusals.invalid_message(f"The tag {tag} is no longer supported")
        last = thread.last_inbound_at
        in_agent_window = last is None or time.time() - last < HUMAN_AGENT_SECONDS
        if kind == "MESSAGE_TAG" and tag == "HUMAN_AGENT" and in_agent_window:
            return
        if not self._world.window_open(thread):
            raise refusals.window_closed(thread.inbox.channel)

    def _mark(self, inbox: SimulatedInbox, body: dict[str, Any]) -> Answer:
        """WhatsApp's read mark, with or without a typing sign."""
        thread = self._world.thread_of(str(body.get("message_id", "")))
        if body.get("status") != "read" or thread is None or thread.inbox.id != inbox.id:
            raise refusals.wrong_value("Param message_id is not the id of a received message.")
        self._act(thread, "mark_seen", until=str(body["message_id"]))
        if body.get("typing_indicator") is not None:
            self._act(thread, "typing_on")
        return {"success": True}

    def _act(self, thread: Thread, action: str, until: str | None = None) -> None:
        if action in ("typing_on", "typing_off"):
            seconds = TYPING_SECONDS if action == "typing_on" else 0
            thread.typing_until = time.time() + seconds
            self._world.announce(thread, {"typing": seconds})
        elif action == "mark_seen":
            self._world.log.write("read_marked", customer=thread.customer.id, inbox=thread.inbox.id, until=until)
            for line in thread.lines:
                if line.author == "customer" and line.status in ("sent", "delivered"):
                    self._world.set_status(thread, line, "read")
                if line.id == until:
                    break
        elif action not in ("react", "unreact"):
            raise refusals.invalid_message(f"Invalid sender_action {action}")

    def _line(self, thread: Thread, shown: dict[str, Any], *, local_id: str | None, quoted: str | None) -> Line:
        fields = {"reply_to": quoted, **shown}
        return Line(
            id=message_id(thread.inbox.channel),
            author="business",
            at=time.time(),
            status="accepted",
            local_id=local_id,
            **fields,
        )

    def _show(self, thread: Thread, line: Line) -> None:
        if line.kind != "reaction":
            self._world.add_line(thread, line)
        elif (target := thread.line(line.reply_to or "")) is not None:
            target.detail["reaction"] = line.text
            self._world.show(thread, target)

    def _app_id(self, inbox: SimulatedInbox) -> str:
        return self._world.config.app(inbox.app).meta_id

    def _log(self, thread: Thread, line: Line, written: str) -> None:
        self._world.log.write(
            "send_accepted",
            key=line.id,
            local_id=line.local_id,
            inbox=thread.inbox.id,
            customer=thread.customer.id,
            recipient=written,
            kind=line.kind,
            text=line.text,
            options=[option.title for option in line.options],
        )
