"""Conversations with something to send, by the product's own actions; and what became of it, from outside."""

import asyncio
import random
import signal
import tempfile
from collections import Counter, defaultdict
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from resilience.people import nobody_listens
from resilience.record import Heard
from round_the_clock import demo_organisation

from server.actions.organisation import apply
from server.actions.send import Sending, send_many
from server.actions.unit import Services, unit
from server.domain.model import Author, Channel, Purpose
from server.domain.outgoing import Text
from server.paths import MIGRATIONS
from server.store.migrate import migrate
from server.store.pool import Pool

_KINDS = {Channel.WHATSAPP: "phone", Channel.MESSENGER: "page_user", Channel.INSTAGRAM: "instagram_user"}

_PROMISES = ("doubled", "lost", "out_of_order", "unresolved", "over_limits")

_TALKS = """
with person as (
    select n.value, row_number() over () as place from unnest($4::text[]) as n (value)
), contacts as (
    insert into contact (id, name) overriding system value select $1 + place, 'Customer ' || value from person
), identities as (
    insert into identity (id, contact_id, kind, scope, value) overriding system value
    select $1 + place, $1 + place, $5, $6, value from person
)
insert into conversation (id, sector_id, bots, inbox_id, contact_id, identity_id, state, owner_id, opened_at,
    last_inbound_at, last_message_at)
overriding system value
select $1 + place, s.id, s.bots, $3, $1 + place, $1 + place, 'assigned', $7, now(), now(), now()
from person, sector s where s.id = $2
"""


async def prepared(pool: Pool, dsn: str) -> Services:
    """A migrated database with the demo organisation."""
    await migrate(dsn, MIGRATIONS)
    with tempfile.TemporaryDirectory(prefix="majlis-organisation-") as folder:
        await apply(pool, demo_organisation(Path(folder) / "demo"))
    return await nobody_listens(pool)


async def talks(services: Services, inbox_id: str, count: int, first: int) -> list[int]:
    """So many conversations with people who wrote just now, each with an advisor; their ids begin after `first`."""
    inbox = services.organisation().inboxes[inbox_id]
    values = [str(15_550_000_000 + first + place) for place in range(count)]
    if inbox.channel is not Channel.WHATSAPP:
        values = [f"7{value}" for value in values]
    scope = "" if inbox.channel is Channel.WHATSAPP else inbox.external_id
    async with services.pool.acquire() as connection, connection.transaction():
        owner = await connection.fetchval(
            """select id from "user" where role = 'advisor' and active order by id limit 1"""
        )
        await connection.execute(
            _TALKS, first, inbox.sector, inbox_id, values, _KINDS[inbox.channel], scope, owner
        )  # fmt: skip
    return [first + place + 1 for place in range(count)]


async def say(services: Services, words: Sequence[tuple[int, str]]) -> None:
    """Queues (conversation, text) pairs as their advisor's answers."""
    async with unit(services) as work:
        held = await work.lock_many(sorted({id for id, _ in words}))
        await send_many(work, [
            Sending(conversation=held[id], outgoing=Text(text), author=Author.ADVISOR, author_id=held[id].owner_id,
                    purpose=Purpose.REPLY)
            for id, text in words
        ])  # fmt: skip


class Sent(msgspec.Struct, frozen=True):
    id: int
    conversation_id: int
    seq: int
    state: str
    attempts: int
    local_id: str
    text: str
    status: str
    code: int | None


async def sent(pool: Pool) -> list[Sent]:
    rows = await pool.fetch(
        "select o.id, o.conversation_id, o.seq, o.state, o.attempts, o.local_id::text, m.text, m.status,"
        " (m.failure ->> 'code')::int as code from outbox o join message m on m.id = o.message_id order by o.id"
    )
    return [Sent(*row) for row in rows]


class Findings(msgspec.Struct):
    """Every list is empty when the promises hold."""

    doubled: list[str] = []
    lost: list[str] = []
    out_of_order: list[str] = []
    unresolved: list[str] = []
    over_limits: list[str] = []
    figures: dict[str, Any] = {}

    @property
    def clean(self) -> bool:
        return not any(getattr(self, name) for name in _PROMISES)

    def summary(self) -> dict[str, Any]:
        examples = {name: getattr(self, name)[:20] for name in _PROMISES if getattr(self, name)}
        counts = {name: len(getattr(self, name)) for name in _PROMISES}
        return {"clean": self.clean, **counts, **self.figures, **({"examples": examples} if examples else {})}


def judge(rows: Sequence[Sent], heard: Sequence[Heard]) -> Findings:
    """Each text is said once in its life, so that it tells the message whatever id came back."""
    found = Findings()
    by_text = {row.text: row for row in rows}
    times = Counter(each.text for each in heard)
    found.doubled = [f"{text!r} was taken {count} times" for text, count in times.items() if count > 1]
    found.lost = [f"{text!r} is not ours" for text in times if text not in by_text]
    for row in rows:
        if row.state == "accepted" and not times[row.text]:
            found.lost.append(f"{row.text!r} is accepted here, but Meta never heard it")
        if row.state == "failed" and times[row.text]:
            found.lost.append(f"{row.text!r} failed here, but Meta took it")
        shown = row.state == "uncertain" and row.status == "uncertain"
        if row.state not in ("accepted", "failed") and not shown:
            found.unresolved.append(f"{row.text!r} is {row.state}, its message {row.status}")
    last: dict[int, int] = defaultdict(int)
    for each in heard:
        if (known := by_text.get(each.text)) is not None:
            if known.seq < last[known.conversation_id]:
                found.out_of_order.append(f"{each.text!r} came after a later one")
            last[known.conversation_id] = max(last[known.conversation_id], known.seq)
    states = Counter(row.state for row in rows)
    found.figures = {
        "messages": len(rows), "taken_by_meta": len(heard), "states": dict(states),
        "uncertain_that_meta_took": sum(row.state == "uncertain" and times[row.text] > 0 for row in rows),
        "uncertain_that_meta_never_heard": sum(row.state == "uncertain" and not times[row.text] for row in rows),
    }  # fmt: skip
    return found


async def stoppable(running: Coroutine[Any, Any, Findings]) -> Findings:
    """A closed terminal must leave no process behind."""
    task = asyncio.ensure_future(running)

    def end() -> None:
        # Once: what it then puts away is not to be interrupted.
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, int)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end)
    return await task


def texts(count: int, dice: random.Random) -> list[str]:
    return [f"Answer {dice.getrandbits(64):016x}" for _ in range(count)]


async def left(connection: "asyncpg.Connection[Any] | Pool") -> int:
    """Rows that are not at their end."""
    found: int = await connection.fetchval("select count(*) from outbox where state in ('queued', 'sending')")
    return found
