"""What customers do: write, press, arrive from an ad or a link, look at the screen."""

import time
from typing import Any

from server.simulator.customers import Customer
from server.simulator.identifiers import derived_digits, message_id
from server.simulator.receipts import Receipts
from server.simulator.threads import Line, Option, Thread
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item
from server.simulator.world import World

GET_STARTED = "GET_STARTED"


class Speaking:
    def __init__(self, world: World, receipts: Receipts) -> None:
        self._world = world
        self._receipts = receipts

    def say(self, thread: Thread, text: str, *, reply_to: str | None = None) -> Line:
        line = self._line(thread, "text", text, reply_to=reply_to)
        content = self._content(thread, line, whatsapp.text(line))
        return self._tell(thread, line, "message", content)

    def press(self, thread: Thread, asked: Line, option: Option) -> Line:
        """Presses a button, list row or quick reply of a message on the screen."""
        asked.pressed = option.id
        self._world.show(thread, asked)
        is_whatsapp = thread.inbox.channel == "whatsapp"
        line = self._line(thread, "press", option.title, reply_to=asked.id if is_whatsapp else None)
        if not is_whatsapp and (asked.style == "buttons" or asked.cards):
            content = messaging.postback(thread.customer, thread.inbox, line, option.id)
            return self._tell(thread, line, "postback", content)
        answer = whatsapp.pressed(asked, option.id, option.title, option.description)
        return self._tell(thread, line, "message", self._content(thread, line, answer, payload=option.id))

    def arrive_by_ad(self, thread: Thread, *, ad_id: str, headline: str, body: str, click_id: bool = True) -> None:
        """WhatsApp and Instagram tell the ad with the next message; Messenger at once."""
        self._mark(thread, "ad", headline, {"ad_id": ad_id, "headline": headline, "body": body})
        if thread.inbox.channel == "whatsapp":
            click = f"AR{derived_digits(thread.customer.id, ad_id, length=24)}"
            thread.referral = whatsapp.ad_referral(ad_id, headline, body, click)
            if not click_id:
                del thread.referral["ctwa_clid"]
        elif thread.inbox.channel == "instagram":
            thread.referral = messaging.ad_source(ad_id, headline, with_context=True)
        else:
            self._enter(thread, messaging.ad_source(ad_id, headline, with_context=False))

    def arrive_by_link(self, thread: Thread, ref: str) -> None:
        """m.me and ig.me tell it at once; WhatsApp has no such thing and the customer just writes."""
        self._mark(thread, "link", ref, {"ref": ref})
        if thread.inbox.channel != "whatsapp":
            self._enter(thread, messaging.link_source(ref))

    def look(self, thread: Thread) -> None:
        """Has the thread on the screen from now on; everything that arrived is read."""
        thread.viewers += 1
        self._receipts.read(thread)

    def look_away(self, thread: Thread) -> None:
        thread.viewers -= 1

    def _enter(self, thread: Thread, source: dict[str, Any]) -> None:
        """An existing thread gets a referral event; a new one begins with the start button's postback."""
        line = self._line(thread, "press", "Get started")
        if thread.last_inbound_at is None and thread.inbox.channel == "messenger":
            content = messaging.postback(thread.customer, thread.inbox, line, GET_STARTED, source)
            self._tell(thread, line, "postback", content)
            return
        content = messaging.referral(thread.customer, thread.inbox, line.at, source)
        key = f"referral:{line.id}"
        item = self._item(thread, line, "referral", content, key=key)
        self._world.sender.put(item)

    def _mark(self, thread: Thread, kind: str, text: str, detail: dict[str, Any]) -> None:
        """A thin note on the phone itself; the business hears of it by the referral."""
        line = self._line(thread, kind, text)
        line.detail = detail
        line.status = ""
        self._world.add_line(thread, line)

    def _line(self, thread: Thread, kind: str, text: str, *, reply_to: str | None = None) -> Line:
        return Line(
            id=message_id(thread.inbox.channel),
            author="customer",
            kind=kind,
            text=text,
            at=time.time(),
            reply_to=reply_to,
        )

    def _content(
        self, thread: Thread, line: Line, whatsapp_part: dict[str, Any], *, payload: str | None = None
    ) -> dict[str, Any]:
        customer, inbox = thread.customer, thread.inbox
        referral, thread.referral = thread.referral, None
        if inbox.channel == "whatsapp":
            if referral is not None and referral["source_type"] == "ad":
                thread.came_by_ad = True
            hides_phone = self._world.hides_phone(customer)
            return whatsapp.message(customer, inbox, line, whatsapp_part, hides_phone=hides_phone, referral=referral)
        return messaging.message(customer, inbox, line, payload=payload, referral=referral)

    def _tell(self, thread: Thread, line: Line, kind: str, content: dict[str, Any]) -> Line:
        thread.last_inbound_at = line.at
        self._world.add_line(thread, line)
        self._world.log_wrote(thread, line, kind)
        self._world.sender.put(self._item(thread, line, kind, content))
        return line

    def _item(
        self,
        thread: Thread,
        line: Line,
        kind: str,
        content: dict[str, Any],
        *,
        key: str | None = None,
        field: str = "messages",
    ) -> Item:
        def acknowledged() -> None:
            if line.author == "customer" and line.status == "sent":
                self._world.set_status(thread, line, "delivered")

        return Item(
            key=key or line.id,
            kind=kind,
            inbox=thread.inbox,
            customer=thread.customer.id,
            at=line.at,
            content=content,
            field=field if thread.holder == "us" else "standby",
            acknowledged=acknowledged,
        )


def newcomer(world: World, customer: Customer) -> Customer:
    """Adds somebody whose id is not taken; a taken one gets a number."""
    wanted, number = customer.id, 2
    while world.customers.get(customer.id) is not None:
        customer.id, number = f"{wanted}-{number}", number + 1
    return world.customers.add(customer)
