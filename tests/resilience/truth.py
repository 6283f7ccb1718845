"""What the product's database holds, read from outside with plain statements of our own."""

import asyncio
import time
from datetime import datetime
from typing import Any

import asyncpg
import msgspec


class Stored(msgspec.Struct, frozen=True):
    id: int
    conversation_id: int
    inbox_id: str
    direction: str
    author: str
    kind: str
    text: str
    provider_id: str | None
    provider_at: datetime
    created_at: datetime
    status: str | None

    @property
    def place(self) -> tuple[datetime, int]:
        """In the thread, as the console shows it."""
        return self.provider_at, self.id


class Out(msgspec.Struct, frozen=True):
    local_id: str
    conversation_id: int
    message_id: int
    seq: int
    purpose: str
    opening: int
    state: str
    inbox_id: str
    provider_id: str | None


class Truth(msgspec.Struct):
    messages: list[Stored]
    outbox: list[Out]
    quarantine: list[str]
    openings: dict[int, int]
    # Conversations that are in no place or in several, and how.
    misplaced: list[str]
    events_doubled: int
    events_missing: int


_PLACES = """
select c.id, c.state, c.owner_id,
    (select count(*) from waiting w where w.conversation_id = c.id) as waiting,
    (select count(*) from offer o where o.conversation_id = c.id and o.state = 'pending') as offers,
    (select count(*) from assignment a where a.conversation_id = c.id and a.ended_at is null) as assignments,
    (select count(*) from assignment a
        where a.conversation_id = c.id and a.ended_at is null and a.advisor_id = c.owner_id) as own
from conversation c
"""
_WANTED = {
    "bot": (0, 0, 0), "queued": (1, 0, 0), "offered": (0, 1, 0), "assigned": (0, 0, 1), "resolved": (0, 0, 0),
}  # fmt: skip
_EVENTS = """
select count(*) filter (where found > 1) as doubled, count(*) filter (where found = 0) as missing
from (
    select m.id, count(e.id) as found
    from message m
    left join event e on e.conversation_id = m.conversation_id and e.kind = 'MessageReceived'
        and (e.data ->> 'message_id')::bigint = m.id
    where m.direction = 'inbound'
    group by m.id
) as counted
"""
# Not yet at an end: to be applied, to be sent, or out with nobody knowing.
_OPEN = """
select (select count(*) from journal where applied_at is null) as journal,
    (select count(*) from outbox where state in ('queued', 'sending')) as outbox,
    (select count(*) from outbox where state = 'uncertain' and holds_until > now()) as held
"""
# What was out when its sender was killed comes to its end now rather than in a minute and a half.
_HURRY = """
update outbox set lease_expires_at = least(lease_expires_at, now()), holds_until = least(holds_until, now())
where (state = 'sending' and sending_at < $1) or state = 'uncertain'
"""
# The product looks at what it parked every five seconds.
PARKED_SECONDS = 6.0


async def read(dsn: str) -> Truth:
    connection = await asyncpg.connect(dsn)
    try:
        # One moment for everything.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            messages = await connection.fetch(f"select {', '.join(Stored.__struct_fields__)} from message order by id")
            columns = ", ".join(Out.__struct_fields__).replace("local_id", "local_id::text")
            outbox = await connection.fetch(f"select {columns} from outbox order by id")
            quarantine = await connection.fetch("select inbox_id, path, reason, detail from quarantine")
            openings = await connection.fetch("select id, opening from conversation")
            places = await connection.fetch(_PLACES)
            [events] = await connection.fetch(_EVENTS)
    finally:
        await connection.close()
    return Truth(
        [Stored(*row) for row in messages],
        [Out(*row) for row in outbox],
        [f"{row['inbox_id']} {row['path']} {row['reason']} {row['detail']}" for row in quarantine],
        {row["id"]: row["opening"] for row in openings},
        [str(dict(row)) for row in places if not _in_its_place(row)],
        events["doubled"],
        events["missing"],
    )


async def settled(dsn: str, seconds: float, *, hurry_before: datetime | None = None) -> dict[str, int]:
    """Waits until everything came to an end; what is still open after the time. `hurry_before`: skip the long waits
    of what was sent before."""
    until = time.monotonic() + seconds
    connection = await asyncpg.connect(dsn)
    try:
        while True:
            if hurry_before is not None:
                await connection.execute(_HURRY, hurry_before)
            [row] = await connection.fetch(_OPEN)
            found = {name: int(count) for name, count in row.items()}
            if not any(found.values()) or time.monotonic() > until:
                return found
            await asyncio.sleep(0.3)
    finally:
        await connection.close()


def _in_its_place(row: Any) -> bool:
    found = (row["waiting"], row["offers"], row["assignments"])
    return found == _WANTED.get(row["state"]) and row["own"] == row["assignments"]
