"""Somebody of the business answers outside the console: on the business phone, or in Meta's own inbox."""

import time
from typing import Any

from litestar.exceptions import HTTPException

from server.simulator.asked import Business, Send
from server.simulator.identifiers import message_id
from server.simulator.kinds.catalogue import KINDS
from server.simulator.kinds.making import Made, Making
from server.simulator.threads import Line, Thread
from server.simulator.webhooks import messaging, whatsapp
from server.simulator.webhooks.items import Item
from server.simulator.world import World


class BusinessPerson:
    """The business hears of it as an echo: `smb_message_echoes` on WhatsApp, `is_echo` of another app elsewhere."""

    def __init__(self, world: World) -> None:
        self._world = world

    def write(self, thread: Thread, act: Business) -> Line:
        channel = thread.inbox.channel
        line = Line(id=message_id(channel), author="business", kind=act.kind, at=time.time(), status="sent")
        if act.kind in ("edit", "revoke"):
            return self._change(thread, line, act)
        if act.kind == "text" and not act.text.strip():
            raise HTTPException(status_code=400, detail="text: what does the person of the business write?")
        made = self._made(thread, line, act)
        line.text, line.media, line.kind = made.text, made.media, made.kind
        self._world.add_line(thread, line)
        if channel == "whatsapp":
            content: dict[str, Any] = whatsapp.business_phone_echo(thread.customer, thread.inbox, line, made.content)
        else:
            content = self._echo(thread, line, made.content["message"].get("attachments"))
        self._put(thread, line, content)
        return line

    def _made(self, thread: Thread, line: Line, act: Business) -> Made:
        """As a customer would send it: the shapes are the same."""
        wish = Send(inbox=act.inbox, kind=act.kind, text=act.text, file=act.file)
        return KINDS[thread.inbox.channel][act.kind](Making(thread, wish, self._world.files, line.id, line.at))

    def _change(self, thread: Thread, line: Line, act: Business) -> Line:
        about = thread.line(act.line) if act.line else next(iter(reversed(thread.from_business())), None)
        if about is None:
            raise HTTPException(status_code=400, detail="line: the business has written nothing to change.")
        part: dict[str, Any] = {"original_message_id": about.id}
        if act.kind == "edit":
            part["message"] = {"type": "text", "text": {"body": act.text}}
            about.text, about.edits = act.text, about.edits + 1
        else:
            about.revoked = True
        self._world.show(thread, about)
        if thread.inbox.channel == "whatsapp":
            told = {"type": act.kind, act.kind: part}
            content: dict[str, Any] = whatsapp.business_phone_echo(thread.customer, thread.inbox, line, told)
        elif act.kind == "edit":
            edit = {"mid": about.id, "text": about.text, "num_edit": about.edits}
            content = messaging.from_business(thread.customer, thread.inbox, line.at, {"message_edit": edit})
        else:
            gone = {"mid": about.id, "is_echo": True, "is_deleted": True}
            content = messaging.from_business(thread.customer, thread.inbox, line.at, {"message": gone})
        self._put(thread, line, content)
        return about

    def _echo(self, thread: Thread, line: Line, attachments: list[dict[str, Any]] | None) -> dict[str, Any]:
        app_id = messaging.PAGE_INBOX_APP if thread.inbox.channel == "messenger" else None
        return messaging.echo(
            thread.customer, thread.inbox, line, app_id=app_id, metadata=None, attachments=attachments
        )  # fmt: skip

    def _put(self, thread: Thread, line: Line, content: dict[str, Any]) -> None:
        field = "smb_message_echoes" if thread.inbox.channel == "whatsapp" else "messages"
        self._world.sender.put(
            Item(
                key=line.id,
                kind="echo",
                inbox=thread.inbox,
                customer=thread.customer.id,
                at=line.at,
                content=content,
                field=field,
            )
        )
