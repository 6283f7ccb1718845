"""Accepting a WhatsApp send. Much that is wrong Meta accepts first and tells by a failed status later."""

from typing import Any

from server.simulator.codes import error_of
from server.simulator.graph import recipients, refusals, whatsapp
from server.simulator.graph.sending import Answer, Call, Desk
from server.simulator.graph.templates.filling import filled
from server.simulator.graph.uploads import whatsapp_media
from server.simulator.receipts import Errors
from server.simulator.threads import Line, Thread
from server.simulator.webhooks.items import phone_digits


class WhatsApp:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._world = desk.world

    def accept(self, call: Call) -> Answer:
        """Raises `Refusal`."""
        body = call.body
        if body.get("messaging_product") != "whatsapp":
            raise refusals.invalid("The parameter messaging_product is required.")
        if body.get("status") is not None:
            return self._mark(call)
        shown = whatsapp.shown(body)
        if call.marketing and shown["kind"] != "template":
            raise refusals.of_code(131055)
        if phone_digits(str(body.get("to") or "")) == phone_digits(call.inbox.display) != "":
            raise refusals.of_code(131021)
        thread, written = recipients.of_whatsapp(self._world, call.inbox, body)
        if shown["kind"] == "template":
            shown = self._template(call, shown)
        wrong = self._attach(call, shown)
        late = call.errors or self._late(thread, shown, written, wrong)
        context = body.get("context")
        quoted = context.get("message_id") if isinstance(context, dict) else None
        line = self._desk.line(thread, shown, local_id=body.get("biz_opaque_callback_data"), quoted=quoted)
        return self._finish(call, thread, line, written, late)

    def _finish(self, call: Call, thread: Thread, line: Line, written: str, late: Errors | None) -> Answer:
        if late is None:
            self._desk.show(thread, line)
        self._desk.log(thread, line, written)
        # Writing takes the thread back.
        thread.holder = "us"
        if late is not None:
            self._desk.receipts.fail(thread, line, late)
        else:
            self._desk.receipts.follow(thread, line, app_id=self._desk.app_id(call.inbox), metadata=None)
        contact = {"input": written, "user_id": thread.customer.identifier(call.inbox)}
        if not self._world.hides_phone(thread.customer):
            contact["wa_id"] = thread.customer.phone
        accepted = {"id": line.id, "message_status": "accepted"}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [accepted]}

    def _late(self, thread: Thread, shown: dict[str, Any], written: str, wrong: str) -> Errors | None:
        """Why it will never arrive; some of it may be told at once, as a switch says."""
        switches = self._world.switches
        if self._world.customers.given_up(thread.inbox, phone_digits(written) or written) or thread.blocked:
            return [error_of(131026)]
        category = shown.get("detail", {}).get("category")
        if category == "MARKETING" and thread.stopped:
            if switches.opt_outs == "response":
                raise refusals.of_code(131050)
            return [error_of(131050)]
        if category == "MARKETING" and thread.customer.phone.startswith("1") and not switches.us_marketing:
            return [error_of(131049)]
        if shown["kind"] != "template" and not self._world.window_open(thread):
            if switches.closed_window == "response":
                raise refusals.window_closed("whatsapp")
            return [error_of(131047)]
        return [error_of(131053, wrong)] if wrong else None

    def _template(self, call: Call, shown: dict[str, Any]) -> dict[str, Any]:
        detail = shown["detail"]
        name, language, account = detail["name"], detail["language"], call.inbox.entry_id
        template = self._world.templates.find(account, name, language)
        if template is None or template.status in ("PENDING", "REJECTED"):
            raise refusals.of_code(132001, f"template name ({name}) does not exist in {language}")
        if template.status in ("PAUSED", "DISABLED"):
            raise refusals.of_code(132015 if template.status == "PAUSED" else 132016)
        if template.category == "AUTHENTICATION" and not call.body.get("to"):
            raise refusals.of_code(131062)
        if call.marketing and template.category != "MARKETING":
            raise refusals.of_code(131055)
        line = filled(template, detail["components"])
        told = {"name": name, "language": language, "category": template.category}
        return shown | line | {"detail": line.get("detail", {}) | told}

    def _attach(self, call: Call, shown: dict[str, Any]) -> str:
        """Puts the file of the message or of its header on the line; what is wrong with it."""
        kind, detail = shown["kind"], shown.get("detail", {})
        content = detail if kind in whatsapp.MEDIA else detail.get("header")
        if content is None:
            return ""
        kind = kind if kind in whatsapp.MEDIA else str(content["kind"])
        shown["media"], wrong = whatsapp_media(self._world, call.inbox, kind, content, call.fetched)
        return wrong

    def _mark(self, call: Call) -> Answer:
        """The read mark, with or without a typing sign."""
        number = str(call.body.get("message_id", ""))
        thread = self._world.thread_of(number)
        if call.body.get("status") != "read" or thread is None or thread.inbox.id != call.inbox.id:
            raise refusals.wrong_value("Param message_id is not the id of a received message.")
        self._desk.act(thread, "mark_seen", until=number)
        if call.body.get("typing_indicator") is not None:
            self._desk.act(thread, "typing_on")
        return {"success": True}
