"""Compares what Meta's side saw with what the database holds: lost, doubled, out of order, out of place."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec
from resilience.load import Command
from resilience.record import Heard, Record, Told
from resilience.truth import Out, Stored, Truth

from server.paths import DEMO_ORGANISATION

_SPOKEN = ("message", "postback")
_RANK = {"accepted": 0, "sent": 1, "delivered": 2, "delivery": 2, "read": 3, "played": 4}
_SHOWN = 20


class Verdict(msgspec.Struct):
    """Every list is empty when the promises hold; each line names what was found."""

    lost: list[str] = []
    doubled: list[str] = []
    out_of_order: list[str] = []
    out_of_place: list[str] = []
    quarantined: list[str] = []
    figures: dict[str, Any] = {}

    @property
    def clean(self) -> bool:
        return not any((self.lost, self.doubled, self.out_of_order, self.out_of_place, self.quarantined))

    def summary(self) -> dict[str, Any]:
        names = ("lost", "doubled", "out_of_order", "out_of_place", "quarantined")
        counts = {name: len(getattr(self, name)) for name in names}
        examples = {name: getattr(self, name)[:_SHOWN] for name in names if getattr(self, name)}
        return {"clean": self.clean, **counts, **self.figures, **({"examples": examples} if examples else {})}


def judge(record: Record, truth: Truth, commands: Sequence[Command]) -> Verdict:
    verdict = Verdict()
    _Judge(record, truth, verdict).all(commands)
    return verdict


class _Judge:
    def __init__(self, record: Record, truth: Truth, verdict: Verdict) -> None:
        self._record = record
        self._truth = truth
        self._verdict = verdict
        self._inbound: dict[tuple[str, str], list[Stored]] = defaultdict(list)
        for each in truth.messages:
            if each.direction == "inbound" and each.provider_id:
                self._inbound[each.inbox_id, each.provider_id].append(each)
        self._by_local_id = {each.local_id: each for each in truth.outbox}
        self._by_provider_id = {(each.inbox_id, each.provider_id): each for each in truth.outbox if each.provider_id}
        self._sent = [(each, row) for each in record.heard if (row := self._row(each)) is not None]

    def all(self, commands: Sequence[Command]) -> None:
        self._arrivals()
        self._receipts()
        self._order_in()
        self._order_out()
        self._sends()
        self._bots()
        self._acknowledgements()
        self._replies(commands)
        self._verdict.out_of_place += self._truth.misplaced
        self._verdict.quarantined += self._truth.quarantine
        self._verdict.figures |= {
            "items_told": len(self._record.told), "items_acknowledged": len(self._record.acknowledged),
            "posts": self._record.posts, "posts_not_answered_200": self._record.refusals,
            "messages_in": sum(each.direction == "inbound" for each in self._truth.messages),
            "sends_accepted": len(self._record.heard), "conversations": len(self._truth.openings),
            "sends_uncertain": sum(each.state == "uncertain" for each in self._truth.outbox),
        }  # fmt: skip

    def _arrivals(self) -> None:
        threads: dict[tuple[str, str], set[int]] = defaultdict(set)
        for told in self._record.acknowledged:
            if told.kind not in _SPOKEN:
                continue
            rows = self._inbound.get((told.inbox, told.key), [])
            if not rows:
                self._verdict.lost.append(f"{told.kind} {told.key} of {told.customer} on {told.inbox}")
            if len(rows) > 1:
                self._verdict.doubled.append(f"{told.kind} {told.key}: {len(rows)} rows")
            threads[told.customer, told.inbox].update(row.conversation_id for row in rows)
        for thread, conversations in threads.items():
            if len(conversations) > 1:
                self._verdict.doubled.append(f"conversations of {thread}: {sorted(conversations)}")
        referrals = Counter(told.inbox for told in self._record.acknowledged if told.kind == "referral")
        found = Counter(row.inbox_id for row in self._truth.messages if row.kind == "referral")
        for inbox, count in referrals.items():
            if found[inbox] != count:
                kind = self._verdict.lost if found[inbox] < count else self._verdict.doubled
                kind.append(f"referrals on {inbox}: {count} told, {found[inbox]} kept")
        echoes = [row.id for row in self._truth.messages if row.author == "business"]
        self._verdict.doubled += [f"an echo of ours became message {id}" for id in echoes]
        if self._truth.events_doubled:
            self._verdict.doubled.append(f"{self._truth.events_doubled} messages with several events")
        if self._truth.events_missing:
            self._verdict.lost.append(f"{self._truth.events_missing} messages without an event")

    def _receipts(self) -> None:
        """Each acknowledged receipt has moved its message at least so far."""
        status = {row.provider_id: row.status for row in self._truth.messages if row.direction == "outbound"}
        delivered: dict[tuple[str, str], set[str]] = defaultdict(set)
        for told in sorted(self._record.told.values(), key=lambda each: each.queued):
            line, _, name = told.key.rpartition(":")
            if told.kind == "delivery":
                delivered[told.customer, told.inbox].add(line)
            if told.acknowledged is None or told.kind not in ("status", "delivery", "read"):
                continue
            watermark = told.key.startswith("read:")
            for moved in delivered[told.customer, told.inbox] if watermark else {line}:
                wanted = "read" if watermark else name
                if _RANK.get(status.get(moved) or "", -1) < _RANK[wanted]:
                    self._verdict.lost.append(f"{wanted} of {moved} on {told.inbox}: it is {status.get(moved)}")

    def _order_in(self) -> None:
        threads: dict[tuple[str, str], list[tuple[Told, Stored]]] = defaultdict(list)
        for told in self._record.acknowledged:
            rows = self._inbound.get((told.inbox, told.key), [])
            if rows and told.sent_at is not None:
                threads[told.customer, told.inbox].append((told, rows[0]))
                if not _stands_at(told, rows[0].provider_at):
                    self._verdict.out_of_order.append(f"{told.key} stands at {rows[0].provider_at}, not {told.sent_at}")
        for (_, inbox), pairs in threads.items():
            if not inbox.endswith("whatsapp"):
                continue
            # Within one second of WhatsApp's clock arrival decides; only what was surely earlier can be wrong.
            for one, first in pairs:
                for other, second in pairs:
                    earlier = (one.acknowledged or 0) < (other.first_posted or 0)
                    if earlier and one.second == other.second and first.place > second.place:
                        self._verdict.out_of_order.append(f"{one.key} stands after {other.key}")

    def _order_out(self) -> None:
        last: dict[int, Out] = {}
        for _, row in self._sent:
            before = last.get(row.conversation_id)
            if before is not None and before.seq > row.seq:
                self._verdict.out_of_order.append(f"conversation {row.conversation_id}: {row.seq} after {before.seq}")
            last[row.conversation_id] = row

    def _sends(self) -> None:
        for id, count in Counter(row.message_id for _, row in self._sent).items():
            if count > 1:
                self._verdict.doubled.append(f"message {id} was sent {count} times")
        for _, row in self._sent:
            if row.state not in ("accepted", "sending", "uncertain"):
                self._verdict.lost.append(f"Meta accepted {row.local_id}, which is {row.state} here")
        found = {row.local_id for _, row in self._sent}
        for row in self._truth.outbox:
            if row.state == "accepted" and row.local_id not in found:
                self._verdict.lost.append(f"{row.local_id} is accepted here, but Meta never heard it")
            if row.state == "failed":
                self._verdict.lost.append(f"{row.local_id} failed")
        self._strangers()

    def _strangers(self) -> None:
        """What Meta accepted must be said by as many messages here, also where no id tells which (Instagram)."""
        thread = {
            row.conversation_id: (told.customer, told.inbox)
            for told in self._record.told.values() for row in self._inbound.get((told.inbox, told.key), [])
        }  # fmt: skip
        unmatched = Counter(
            (each.customer, each.inbox, each.text) for each in self._record.heard if self._row(each) is None
        )
        matched = {row.message_id for _, row in self._sent}
        doubtful = {row.message_id for row in self._truth.outbox if row.state in ("sending", "uncertain")} - matched
        for message in self._truth.messages:
            if message.id in doubtful and (known := thread.get(message.conversation_id)):
                unmatched[*known, message.text] -= 1
        self._verdict.doubled += [
            f"{key} was sent {count} times too often" for key, count in unmatched.items() if count > 0
        ]

    def _row(self, heard: Heard) -> Out | None:
        """Instagram carries no id of ours: there Meta's own must have come back."""
        return self._by_local_id.get(heard.local_id or "") or self._by_provider_id.get((heard.inbox, heard.key))

    def _bots(self) -> None:
        """A bot speaks only in a transaction that also brought something new from the customer."""
        news = {(row.conversation_id, row.created_at) for row in self._truth.messages if row.direction == "inbound"}
        said: Counter[tuple[int, datetime, str]] = Counter()
        for row in self._truth.messages:
            if row.author not in ("bot", "system"):
                continue
            said[row.conversation_id, row.created_at, row.text] += 1
            if (row.conversation_id, row.created_at) not in news:
                self._verdict.doubled.append(f"message {row.id} of the {row.author} answers nothing")
        self._verdict.doubled += [f"said twice at once in {key[0]}" for key, count in said.items() if count > 1]

    def _acknowledgements(self) -> None:
        rows = [row for row in self._truth.outbox if row.purpose == "acknowledgement"]
        openings = {row.conversation_id for row in rows}
        heard: Counter[int] = Counter()
        for each, row in self._sent:
            if each.text.strip() in self._acknowledgement_texts:
                heard[row.conversation_id] += 1
        for conversation_id, count in heard.items():
            if count > self._truth.openings.get(conversation_id, 0):
                self._verdict.doubled.append(f"{count} acknowledgements in conversation {conversation_id}")
        financial = {
            row.conversation_id for row in self._truth.messages
            if row.direction == "inbound" and row.inbox_id.startswith("financial") and row.kind == "text"
        }  # fmt: skip
        self._verdict.lost += [f"no acknowledgement in conversation {id}" for id in sorted(financial - openings)]
        self._verdict.figures["acknowledgements"] = sum(heard.values())

    def _replies(self, commands: Sequence[Command]) -> None:
        kept: dict[str, list[int]] = defaultdict(list)
        for row in self._truth.messages:
            kept[row.text].append(row.id)
        for command in commands:
            ids = kept[command.text]
            if command.message_ids and set(command.message_ids) != set(ids):
                self._verdict.lost.append(f"a reply was answered as {command.message_ids} and is kept as {ids}")
            if len(ids) > 1:
                self._verdict.doubled.append(f"a reply is kept as {ids}")
        self._verdict.figures["replies_taken"] = sum(bool(command.message_ids) for command in commands)

    @cached_property
    def _acknowledgement_texts(self) -> set[str]:
        organisation = tomllib.loads((DEMO_ORGANISATION / "org.toml").read_text(encoding="utf-8"))
        return {text.strip() for text in organisation["sectors"]["financial"]["acknowledgement"].values()}


def _stands_at(told: Told, at: datetime) -> bool:
    """WhatsApp tells the second only: within it the product places a message as it came."""
    assert told.sent_at is not None
    if told.inbox.endswith("whatsapp"):
        return int(at.timestamp()) == told.second
    return at == datetime.fromtimestamp(round(told.sent_at * 1000) / 1000, UTC)
