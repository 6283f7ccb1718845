"""A customer does something of any kind: on their own screen, in the log, and towards the business."""

import time
from typing import Any

from litestar.exceptions import HTTPException

from server.simulator.asked import Send
from server.simulator.codes import error_of
from server.simulator.identifiers import derived_digits, message_id
from server.simulator.kinds.catalogue import KINDS, names
from server.simulator.kinds.making import Made, Making, reshaped
from server.simulator.kinds.system import system
from server.simulator.threads import Comment, Line, Thread
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item
from server.simulator.world import World


class Telling:
    def __init__(self, world: World) -> None:
        self._world = world

    def send(self, thread: Thread, wish: Send) -> Line:
        line_id, at = message_id(thread.inbox.channel), time.time() - wish.age_seconds
        making = Making(thread, wish, self._world.files, line_id, at)
        made = self._made(making)
        line = Line(
            id=line_id, author="customer", kind=made.kind, at=at, text=made.text, media=made.media,
            detail=made.detail, reply_to=wish.reply_to,
        )  # fmt: skip
        content = self._content(making, made, line)
        self._effect(thread, made, line, content)
        key = _key(thread, made, line, content)
        reshaped(_about(thread, content), wish.without, wish.replace)
        self._put(thread, wish, made, line, key, content)
        return line

    def _made(self, making: Making) -> Made:
        channel, kind = making.inbox.channel, making.wish.kind
        if kind == "system" and channel == "whatsapp":
            return system(self._world, making)
        build = KINDS[channel].get(kind)
        if build is None:
            raise HTTPException(
                status_code=400, detail=f"kind: {channel} has no '{kind}', only {', '.join(names()[channel])}."
            )
        return build(making)

    def _content(self, making: Making, made: Made, line: Line) -> dict[str, Any]:
        thread, wish = making.thread, making.wish
        customer, inbox = thread.customer, thread.inbox
        if made.whole:
            return made.content
        if inbox.channel != "whatsapp":
            return messaging.any_item(customer, inbox, line.at, made.content)
        hides_phone = self._world.hides_phone(customer)
        if made.value:
            if "user_preferences" not in made.content:
                return made.content
            if not hides_phone:
                made.content["user_preferences"][0]["wa_id"] = customer.phone
            return {"contacts": [whatsapp.contact(customer, inbox, hides_phone=hides_phone)]} | made.content
        if wish.errors:
            made.content["errors"] = [error_of(code) for code in wish.errors]
        return whatsapp.message(
            customer, inbox, line, made.content,
            hides_phone=hides_phone, referral=self._referral(thread, wish), context=_context(wish),
        )  # fmt: skip

    def _referral(self, thread: Thread, wish: Send) -> dict[str, Any] | None:
        pending, thread.referral = thread.referral, None
        if wish.referral is None:
            found = pending
        elif isinstance(wish.referral, dict):
            found = wish.referral
        else:
            number = wish.ad_id or "120200000000001"
            click = f"AR{derived_digits(thread.customer.id, number, length=24)}"
            found = whatsapp.ad_referral(number, wish.title or "Dinner on the terrace", "Book by message", click)
            found["source_type"] = wish.referral
        thread.came_by_ad = thread.came_by_ad or (found or {}).get("source_type") == "ad"
        return found

    def _effect(self, thread: Thread, made: Made, line: Line, content: dict[str, Any]) -> None:
        """What becomes of another line on the customer's own screen."""
        about = thread.line(_target(thread, content) or "")
        if made.kind == "preference":
            thread.stopped = made.text == "stop"
        if about is None:
            return
        if made.kind == "reaction":
            about.reactions = {key: value for key, value in about.reactions.items() if key != "customer"}
            if made.text:
                about.reactions["customer"] = made.text
        elif made.kind == "edit":
            about.text, about.edits = made.text, about.edits + 1
        elif made.kind == "revoke":
            about.revoked = True
        else:
            return
        self._world.show(thread, about)

    def _put(self, thread: Thread, wish: Send, made: Made, line: Line, key: str, content: dict[str, Any]) -> None:
        if made.speaks:
            thread.last_inbound_at = max(line.at, thread.last_inbound_at or 0.0)
        elif made.kind in ("comment", "welcome"):
            thread.never_wrote = True
        if made.kind == "comment":
            thread.comments.setdefault(str(made.detail["comment"]), Comment(line.at))
        if not made.silent:
            self._world.add_line(thread, line)
        self._world.log_wrote(thread, line, wish.kind)
        # A bystander hears of it elsewhere, and less.
        aside = (wish.standby or thread.holder != "us") and made.field == "messages"

        def acknowledged() -> None:
            if line.status == "sent":
                self._world.set_status(thread, line, "delivered")

        self._world.sender.put(
            Item(
                key=key,
                kind=wish.kind,
                inbox=thread.inbox,
                customer=thread.customer.id,
                at=line.at,
                content=content,
                field="standby" if aside else made.field,
                whole=made.whole,
                acknowledged=None if made.silent else acknowledged,
            )
        )


def _context(wish: Send) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if wish.forwarded is not None:
        context["forwarded" if wish.forwarded == "once" else "frequently_forwarded"] = True
    if wish.product:
        context["referred_product"] = {"catalog_id": "194836987003835", "product_retailer_id": wish.product}
    return context


def _about(thread: Thread, content: dict[str, Any]) -> Any:
    """What `without` and `replace` start from: the message on WhatsApp, else the whole item."""
    if thread.inbox.channel == "whatsapp" and "messages" in content:
        return content["messages"][0]
    return content


def _target(thread: Thread, content: dict[str, Any]) -> str | None:
    item = _about(thread, content)
    message = item.get("message") or {}
    told = item.get("reaction") or item.get("message_edit") or item.get("edit") or item.get("revoke") or {}
    found = told.get("message_id") or told.get("mid") or told.get("original_message_id")
    return found or (message.get("mid") if message.get("is_deleted") else None)


def _key(thread: Thread, made: Made, line: Line, content: dict[str, Any]) -> str:
    """What a receiver must treat as once: the message's id, else what happened to which message."""
    if thread.inbox.channel == "whatsapp" or made.kind not in ("reaction", "edit", "revoke", "read", "comment"):
        return line.id
    about = made.detail.get("comment") or _target(thread, content) or thread.customer.id
    return f"{about}:{made.kind}:{line.id}"
