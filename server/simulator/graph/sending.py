"""Accepting a send: checks in Meta's order, then the line on the customer's phone."""

import time
from typing import Any

from server.simulator.config import SimulatedInbox
from server.simulator.graph import refusals
from server.simulator.graph.calls import Upload
from server.simulator.graph.uploads import Fetched
from server.simulator.identifiers import message_id
from server.simulator.receipts import Errors, Receipts
from server.simulator.threads import Line, Thread
from server.simulator.world import World

TYPING_SECONDS = 25
REACTION_SECONDS = 30 * 24 * 3600

Answer = dict[str, Any]


class Call:
    """One send: where it goes, what it says, the files that came with it, and the error it is to fail with later."""

    def __init__(
        self, inbox: SimulatedInbox, body: dict[str, Any], fetched: dict[str, Fetched] | None = None,
        errors: Errors | None = None, *, marketing: bool = False,
    ) -> None:  # fmt: skip
        self.inbox = inbox
        self.body = body
        self.fetched = fetched or {}
        self.errors = errors
        # By the endpoint that takes marketing templates only.
        self.marketing = marketing

    @property
    def upload(self) -> Upload | None:
        found = self.body.get("filedata")
        return found if isinstance(found, Upload) else None


class Desk:
    """What accepting has in common on all channels."""

    def __init__(self, world: World, receipts: Receipts) -> None:
        self.world = world
        self.receipts = receipts

    def line(self, thread: Thread, shown: dict[str, Any], *, local_id: str | None, quoted: str | None) -> Line:
        fields = {"reply_to": quoted, **shown}
        return Line(
            id=message_id(thread.inbox.channel),
            author="business",
            at=time.time(),
            status="accepted",
            local_id=local_id,
            **fields,
        )

    def show(self, thread: Thread, line: Line) -> None:
        if line.kind != "reaction":
            self.world.add_line(thread, line)
        else:
            self.react(thread, line.reply_to or "", line.text)

    def react(self, thread: Thread, target: str, emoji: str) -> None:
        about = thread.line(target)
        if about is None:
            return
        if time.time() - about.at > REACTION_SECONDS:
            raise refusals.wrong_value("Param reaction['message_id']: the message is older than 30 days.")
        about.reactions = {key: value for key, value in about.reactions.items() if key != "business"}
        if emoji:
            about.reactions["business"] = emoji
        self.world.show(thread, about)

    def act(self, thread: Thread, action: str, until: str | None = None) -> None:
        """A typing sign or a read mark."""
        if action in ("typing_on", "typing_off"):
            seconds = TYPING_SECONDS if action == "typing_on" else 0
            thread.typing_until = time.time() + seconds
            self.world.announce(thread, {"typing": seconds})
            return
        if action != "mark_seen":
            raise refusals.invalid_message(f"Invalid sender_action {action}")
        self.world.log.write("read_marked", customer=thread.customer.id, inbox=thread.inbox.id, until=until)
        for line in thread.lines:
            if line.author == "customer" and line.status in ("sent", "delivered"):
                self.world.set_status(thread, line, "read")
            if line.id == until:
                break

    def app_id(self, inbox: SimulatedInbox) -> str:
        return self.world.config.app(inbox.app).meta_id

    def log(self, thread: Thread, line: Line, written: str) -> None:
        self.world.tally.accepted(thread.inbox.id, line.local_id)
        self.world.log.write(
            "send_accepted",
            key=line.id,
            local_id=line.local_id,
            inbox=thread.inbox.id,
            customer=thread.customer.id,
            recipient=written,
            kind=line.kind,
            text=line.text,
            options=[option.title for option in line.options],
            media=[media.mime_type for media in line.media],
            reply_to=line.reply_to,
        )
