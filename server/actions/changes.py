"""What takes effect on an earlier message of the same person: reactions, edits, and taking back.

One that comes before its message is a line of its own until then. The line goes once it took effect; and what somebody
takes back takes with it what they had changed it into, in whatever order that came.
The earlier message may be stored already or stand in the same batch, whose rows are written when the unit ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import msgspec

from server.actions.arrivals import Arrival
from server.actions.people import Person
from server.actions.targets import Targets
from server.actions.unit import Unit
from server.domain.events import Fact, MessageEdited, MessageReacted, MessageRevoked, MessageSettled
from server.domain.inbound import EchoItem, MessageItem
from server.store import attachments, changes, reactions
from server.store.changes import Earlier, Early, Edit, Revocation, Settled, WaitingChange
from server.store.messages import NewMessage
from server.store.reactions import Reaction

_By = Literal["customer", "business"]
EDITED, REVOKED = "edit", "revoke"
# Of a line whose change took effect: nobody is shown it.
_APPLIED = {"applied": True}


class _Change(Protocol):
    """A change just told, or one that waited."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def body(self) -> dict[str, Any]: ...
    @property
    def at(self) -> datetime: ...


class _Known(msgspec.Struct):
    """A message as this batch leaves it."""

    id: int
    conversation_id: int
    contact_id: int
    direction: str
    text: str
    edited_at: datetime | None
    revoked: bool
    # Of one that this batch brings.
    row: NewMessage | None = None


class Changes:
    """Collects the effects of one batch. The conversations of the targets are locked."""

    def __init__(self, work: Unit, targets: Targets) -> None:
        self._work = work
        self._active = targets.active
        self._waiting = targets.early
        self._known = {
            key: _Known(each.id, each.conversation_id, each.contact_id, each.direction, each.text, each.edited_at,
                        each.revoked)
            for key, each in targets.stored.items()
        }  # fmt: skip
        self._edits: dict[int, Edit] = {}
        self._earlier: list[Earlier] = []
        # What is stored already; and that with what this batch brings.
        self._revoked: dict[int, Revocation] = {}
        self.gone: set[int] = set()
        self._reactions: list[Reaction] = []
        self._early: list[Early] = []
        # Lines of changes, stored and of this batch, that need none any more; and what waits in vain.
        self._settled: dict[int, Settled] = {}
        self._moot: dict[int, Settled] = {}
        self._in_vain: list[int] = []

    def expect(self, row: NewMessage, contact_id: int) -> None:
        """A message of this batch: something after it may be about it, or may have come before it."""
        if not self._active or not row.provider_id:
            return
        key = (row.inbox_id, row.provider_id)
        self._known[key] = known = _Known(
            row.id, row.conversation_id, contact_id, row.direction, row.text, None, False, row
        )
        for waiting in self._waiting.get(key, ()):
            if waiting.contact_id == contact_id and self._take(known, waiting, waiting.by):
                self._settle(waiting)
            else:
                self._in_vain.append(waiting.message_id)

    def apply(self, arrival: Arrival, item: MessageItem | EchoItem, person: Person) -> bool:
        """False when it changes nothing that we know: then it is a line of its own."""
        key = (arrival.inbox.id, item.about or "")
        known = self._known.get(key)
        if known is None:
            return item.kind == EDITED and self._is_revoked(key, person.contact_id, _by(item))
        if known.contact_id != person.contact_id:
            return False
        return self._take(known, item, _by(item))

    def wait(self, row: NewMessage, item: MessageItem | EchoItem, contact_id: int) -> None:
        """What it is about may still come: Meta promises no order."""
        if item.about and (row.inbox_id, item.about) not in self._known:
            if item.kind == REVOKED:
                self._silence((row.inbox_id, item.about), contact_id, _by(item))
            self._early.append(
                Early(message_id=row.id, inbox_id=row.inbox_id, about=item.about, contact_id=contact_id,
                      by=_by(item), kind=item.kind, text=item.text, body=item.body, at=item.at)
            )  # fmt: skip

    def final(self, rows: Sequence[NewMessage]) -> list[NewMessage]:
        """The batch's own rows as they are by now."""
        if not self._active:
            return list(rows)
        changed = {each.id: each.row for each in self._known.values() if each.row is not None}
        for row in rows:
            if (moot := self._moot.get(row.id)) is not None:
                changed[row.id] = msgspec.structs.replace(row, text="", body=_APPLIED, revoked_at=moot.at)
        return [changed.get(row.id, row) for row in rows]

    async def write(self) -> None:
        """After the batch's messages were handed on to be written."""
        work = self._work
        work.insert_later(reactions.put, self._reactions)
        work.insert_later(changes.edit, [each for id, each in self._edits.items() if id not in self.gone])
        work.insert_later(changes.keep_earlier, [each for each in self._earlier if each.message_id not in self.gone])
        work.insert_later(changes.revoke, list(self._revoked.values()))
        work.insert_later(changes.keep_early, [each for each in self._early if each.message_id not in self._moot])
        work.insert_later(changes.settle, list(self._settled.values()))
        work.insert_later(changes.end_waiting, self._in_vain)
        if gone := [*self._revoked, *self._settled]:
            await attachments.take_back(work.connection, gone)

    def _take(self, known: _Known, change: _Change, by: _By) -> bool:
        if change.kind == "reaction":
            self._react(known, change, by)
            return True
        # Nobody changes or takes back what the other side said.
        if known.direction != ("inbound" if by == "customer" else "outbound"):
            return False
        if change.kind == EDITED:
            return self._edit(known, change, by)
        self._revoke(known, change, by)
        return True

    def _react(self, known: _Known, change: _Change, by: _By) -> None:
        if known.revoked:
            return
        self._reactions.append(Reaction(message_id=known.id, by=by, emoji=change.text, at=change.at))
        self._tell(known, MessageReacted(message_id=known.id, by=by, emoji=change.text), by)

    def _edit(self, known: _Known, change: _Change, by: str) -> bool:
        if "missing" in change.body:
            return False
        if known.revoked or (known.edited_at is not None and change.at < known.edited_at):
            return True
        # WhatsApp tells whole seconds: two edits of one second stay two.
        at = max(change.at, known.edited_at + timedelta.resolution) if known.edited_at else change.at
        self._earlier.append(Earlier(message_id=known.id, edited_at=at, text=known.text))
        known.text, known.edited_at = change.text, at
        if known.row is None:
            self._edits[known.id] = Edit(id=known.id, text=change.text, body=change.body, edited_at=at)
        else:
            body = {name: each for name, each in known.row.body.items() if name != "missing"} | change.body
            known.row = msgspec.structs.replace(known.row, text=change.text, body=body, edited_at=at)
        self._tell(known, MessageEdited(message_id=known.id), by)
        return True

    def _revoke(self, known: _Known, change: _Change, by: str) -> None:
        if known.revoked:
            return
        known.revoked = True
        self.gone.add(known.id)
        if known.row is None:
            self._revoked[known.id] = Revocation(id=known.id, at=change.at)
        else:
            known.row = msgspec.structs.replace(known.row, kind=REVOKED, text="", body={}, revoked_at=change.at)
        self._tell(known, MessageRevoked(message_id=known.id), by)

    def _is_revoked(self, key: tuple[str, str], contact_id: int, by: str) -> bool:
        """Whether the message that has not come was taken back already: its changes are not even kept."""
        waiting = [*self._waiting.get(key, ()), *self._early]
        return any(each.kind == REVOKED and _is_of(each, key, contact_id, by) for each in waiting)

    def _silence(self, key: tuple[str, str], contact_id: int, by: str) -> None:
        """What the message, which has not come, was changed into."""
        for waiting in self._waiting.get(key, ()):
            if waiting.kind == EDITED and _is_of(waiting, key, contact_id, by):
                self._settle(waiting)
        for each in self._early:
            if each.kind == EDITED and _is_of(each, key, contact_id, by):
                self._moot[each.message_id] = Settled(id=each.message_id, at=each.at)
                self.gone.add(each.message_id)

    def _settle(self, waiting: WaitingChange) -> None:
        if waiting.message_id not in self._settled:
            self._settled[waiting.message_id] = Settled(id=waiting.message_id, at=waiting.at)
            conversation = self._work.held(waiting.conversation_id)
            fact = MessageSettled(message_id=waiting.message_id)
            self._work.record(conversation, fact, actor=waiting.by, user_id=conversation.owner_id)

    def _tell(self, known: _Known, fact: Fact, by: str) -> None:
        conversation = self._work.held(known.conversation_id)
        self._work.record(conversation, fact, actor=by, user_id=conversation.owner_id)


def _is_of(change: Early, key: tuple[str, str], contact_id: int, by: str) -> bool:
    return (change.inbox_id, change.about, change.contact_id, change.by) == (*key, contact_id, by)


def _by(item: MessageItem | EchoItem) -> _By:
    return "customer" if isinstance(item, MessageItem) else "business"
