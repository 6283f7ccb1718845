"""Rows to begin a test with. Each factory takes a pool or connection and writes the least that makes sense."""

import itertools
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from server.domain.access import Viewer
from server.domain.conversation import Conversation
from server.domain.model import Author, Channel, ConversationState, MessageStatus, Presence, Priority, Role
from server.store import conversations
from server.store.pool import Connection, Pool

_KINDS = {
    Channel.WHATSAPP: ("phone", ""),
    Channel.MESSENGER: ("page_user", "page"),
    Channel.INSTAGRAM: ("instagram_user", "account"),
}
_numbers = itertools.count(1)


class Customer(msgspec.Struct, frozen=True):
    contact_id: int
    identity_id: int
    value: str


async def make_viewer(
    db: Pool | Connection,
    name: str = "Salma Fathy",
    *,
    role: Role = Role.ADVISOR,
    sectors: tuple[str, ...] = ("financial",),
    skills: tuple[str, ...] = (),
    capacity: int = 4,
    presence: Presence = Presence.OFFLINE,
    live: bool | None = None,
    email: str | None = None,
    reads_messages: bool | None = None,
    language: str = "en",
) -> Viewer:
    """A person and their rights; an advisor row too, with a live socket unless offline (or as `live` says)."""
    number = next(_numbers)
    email = email or f"{name.split()[0].lower()}.{number}@majlis.example"
    reads = role is not Role.OWNER if reads_messages is None else reads_messages
    user_id: int = await db.fetchval(
        'insert into "user" (email, name, role, reads_messages, language) values ($1, $2, $3, $4, $5) returning id',
        email, name, role.value, reads, language,
    )  # fmt: skip
    await db.execute("insert into user_sector select $1, unnest($2::text[])", user_id, list(sectors))
    await db.execute("insert into user_skill select $1, unnest($2::text[])", user_id, list(skills))
    if role in (Role.ADVISOR, Role.SUPERVISOR):
        await db.execute(
            "insert into advisor (user_id, capacity, presence) values ($1, $2, $3)", user_id, capacity, presence.value
        )
    if live if live is not None else presence is not Presence.OFFLINE:
        await db.execute(
            "insert into presence_lease (socket_id, user_id, process, expires_at)"
            " values ($1, $2, 'test', now() + interval '5 minutes')",
            f"socket-{number}", user_id,
        )  # fmt: skip
    return Viewer(
        user_id=user_id, name=name, email=email, role=role, sectors=frozenset(sectors), reads_messages=reads,
        language=language,
    )  # fmt: skip


async def make_customer(
    db: Pool | Connection, name: str = "Omar Haddad", *, channel: Channel = Channel.WHATSAPP, value: str | None = None
) -> Customer:
    kind, scope = _KINDS[channel]
    value = value or f"2010{next(_numbers):08d}"
    contact_id: int = await db.fetchval("insert into contact (name) values ($1) returning id", name)
    identity_id: int = await db.fetchval(
        "insert into identity (contact_id, kind, scope, value, name) values ($1, $2, $3, $4, $5) returning id",
        contact_id, kind, scope, value, name,
    )  # fmt: skip
    return Customer(contact_id, identity_id, value)


async def make_conversation(
    db: Pool | Connection,
    *,
    sector: str = "financial",
    channel: Channel = Channel.WHATSAPP,
    state: ConversationState = ConversationState.QUEUED,
    priority: Priority = Priority.NORMAL,
    owner: Viewer | None = None,
    customer: Customer | None = None,
    queue_id: str | None = None,
    language: str = "en",
    at: datetime | None = None,
    text: str | None = "I want to invest 50,000 pounds",
    waiting: bool | None = None,
    unread: int = 1,
) -> Conversation:
    """A conversation whose customer wrote `text` at `at`; `text=None` leaves it without a message.

    Queued ones get their `waiting` row, assigned ones their `assignment`.
    """
    if owner is not None and state is ConversationState.QUEUED:
        state = ConversationState.ASSIGNED
    at = at or datetime.now(UTC)
    customer = customer or await make_customer(db, channel=channel)
    queue_id = queue_id or await db.fetchval("select id from queue where sector_id = $1 and active order by id", sector)
    conversation_id: int = await db.fetchval(
        "insert into conversation (sector_id, bots, inbox_id, contact_id, identity_id, state, priority, queue_id,"
        " owner_id, language, opened_at, waiting_since, last_inbound_at, last_message_at, unread, resolved_at)"
        " select $1, bots, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $10, $13, $14 from sector where id = $1"
        " returning id",
        sector, f"{sector}-{channel.value}", customer.contact_id, customer.identity_id, state.value, priority.value,
        queue_id, owner.user_id if owner else None, language, at,
        None if state is ConversationState.RESOLVED or text is None else at, at if text is not None else None,
        unread if text is not None else 0, at if state is ConversationState.RESOLVED else None,
    )  # fmt: skip
    if waiting if waiting is not None else state is ConversationState.QUEUED:
        await db.execute(
            "insert into waiting (conversation_id, sector_id, queue_id, priority, rank, entered_at)"
            " values ($1, $2, $3, $4, $5, $5)",
            conversation_id, sector, queue_id, priority.value, at,
        )  # fmt: skip
    if owner is not None and state is ConversationState.ASSIGNED:
        await db.execute(
            "insert into assignment (conversation_id, sector_id, advisor_id, assigned_at) values ($1, $2, $3, $4)",
            conversation_id, sector, owner.user_id, at,
        )  # fmt: skip
    if text is not None:
        await make_message(db, conversation_id, text=text, at=at)
    return await load_conversation(db, conversation_id)


async def make_message(
    db: Pool | Connection,
    conversation_id: int,
    *,
    text: str = "Good morning",
    author: Author = Author.CUSTOMER,
    author_id: int | None = None,
    at: datetime | None = None,
    provider_id: str | None = None,
    status: MessageStatus = MessageStatus.ACCEPTED,
    kind: str = "text",
    body: dict[str, Any] | None = None,
) -> int:
    """A message row, now the conversation's newest; outbound ones carry `status` and no outbox row."""
    inbound = author is Author.CUSTOMER
    at = at or datetime.now(UTC)
    message_id: int = await db.fetchval(
        "insert into message (conversation_id, sector_id, inbox_id, direction, author, author_id, kind, text, body,"
        " provider_id, provider_at, status, status_at)"
        " select id, sector_id, inbox_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from conversation where id = $1"
        " returning id",
        conversation_id, "inbound" if inbound else "outbound", author.value, author_id, kind, text, body or {},
        provider_id or f"mid.{next(_numbers)}", at, None if inbound else status.value, None if inbound else at,
    )  # fmt: skip
    await db.execute(
        "update conversation set last_message_id = $2, last_message_at = $3 where id = $1",
        conversation_id, message_id, at,
    )  # fmt: skip
    return message_id


async def load_conversation(db: Pool | Connection, conversation_id: int) -> Conversation:
    """The conversation as it is stored now."""
    if isinstance(db, asyncpg.Pool):
        async with db.acquire() as connection:
            return await load_conversation(connection, conversation_id)
    async with db.transaction():
        return (await conversations.lock(db, [conversation_id]))[conversation_id]
